import { render } from 'preact';
import { App } from './app';
import { findToken } from './token';

const root = document.getElementById('page');
if (root !== null) findToken().then(() => render(<App />, root));
