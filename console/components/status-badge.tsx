import type { ComponentChildren } from 'preact';
import type { Standing } from './notice';

/** A word that says how something stands. */
export function StatusBadge({
  kind,
  children,
}: {
  readonly kind: Standing;
  readonly children: ComponentChildren;
}) {
  return <span class={`badge ${kind}`}>{children}</span>;
}
