import type { ComponentChildren } from 'preact';
import { useKeptFocus } from './focus';
import { LiveRegion } from './live-region';

interface PageFrameProps {
  /** What stands at the top: a name, a logo. */
  readonly brand: ComponentChildren;
  /** Beside it, at the other end. */
  readonly aside?: ComponentChildren;
  readonly children: ComponentChildren;
}

/** The bar at the top, and the page below it. */
export function PageFrame({ brand, aside, children }: PageFrameProps) {
  useKeptFocus();
  return (
    <>
      <header class="bar">
        <div class="bar-content">
          <div class="row">{brand}</div>
          {aside}
        </div>
      </header>
      <main class="content">{children}</main>
      <LiveRegion />
    </>
  );
}
