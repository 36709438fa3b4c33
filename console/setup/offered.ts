import { GUIDES, type Guide, type Method } from '../guides';
import type { Progress } from './setup-context';

/** The ways to authenticate that this page can set up: it makes tokens and clients, and enters no trust yet. */
export const offeredMethods = (guide: Guide): readonly Method[] =>
  guide.methods.filter(({ credential }) => credential !== 'trust');

/** What was chosen, as far as the guides still have it. */
export function chosen({ provider, method }: Progress): {
  readonly guide: Guide | undefined;
  readonly method: Method | undefined;
} {
  const guide = GUIDES.find(({ id }) => id === provider);
  const methods = guide === undefined ? [] : offeredMethods(guide);
  return { guide, method: methods.find(({ id }) => id === method) ?? onlyOne(methods) };
}

const onlyOne = (methods: readonly Method[]) => (methods.length === 1 ? methods[0] : undefined);
