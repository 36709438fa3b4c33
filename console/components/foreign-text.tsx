import { visibleText } from '../../src/scim/visible-text';

/** A name, or another text that came from outside: shown as text, apart from its surroundings' direction. */
export const ForeignText = ({ children }: { readonly children: string }) => (
  <bdi>{visibleText(children)}</bdi>
);
