import { render } from 'preact';
import { PageFrame } from '../components/page-frame';

const root = document.getElementById('page');
if (root !== null) {
  render(
    <PageFrame brand={<strong>Console</strong>}>
      <h1>Console</h1>
    </PageFrame>,
    root,
  );
}
