import { render } from 'preact';
import { App } from './app';
import { onFurtherLink, takeSecret } from './link';

const root = document.getElementById('page');
if (root !== null) {
  let opened = 0;
  const open = () => {
    const secret = takeSecret();
    opened += 1;
    render(<App key={opened} secret={secret} />, root);
  };
  onFurtherLink(() => {
    // Taking the secret out of the address is no change of it for the browser, so that this is another link.
    if (location.hash.length > 1) open();
  });
  open();
}
