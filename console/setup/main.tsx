import { render } from 'preact';
import { PageFrame } from '../components/page-frame';

const root = document.getElementById('page');
if (root !== null) {
  render(
    <PageFrame brand={<strong>Connect your identity provider</strong>}>
      <h1>Connect your identity provider</h1>
    </PageFrame>,
    root,
  );
}
