import { useEffect, useRef } from 'preact/hooks';

/**
 * The heading of what is shown now. Focus goes to it when it appears, so that a screen reader says where one is; not
 * when it changes, as it does by itself once something has arrived.
 */
export function Heading({ children }: { readonly children: string }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    heading.current?.focus({ preventScroll: true });
    scrollTo({ top: 0 });
  }, []);
  return (
    <h1 ref={heading} tabIndex={-1}>
      {children}
    </h1>
  );
}
