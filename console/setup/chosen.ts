import { GUIDES, type Guide, type Method } from '../guides';
import type { Progress } from './setup-context';

/** What was chosen, as far as the guides still have it. */
export function chosen({ provider, method }: Progress): {
  readonly guide: Guide | undefined;
  readonly method: Method | undefined;
} {
  const guide = GUIDES.find(({ id }) => id === provider);
  const methods = guide?.methods ?? [];
  return { guide, method: methods.find(({ id }) => id === method) ?? onlyOne(methods) };
}

const onlyOne = (methods: readonly Method[]) => (methods.length === 1 ? methods[0] : undefined);
