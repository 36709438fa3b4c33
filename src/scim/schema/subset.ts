import type { AttributeDefinition } from './definition';

/**
 * Makes a function that picks the definitions which pass a test and remembers the answer for each list of
 * definitions: schemas do not change while the process lives, and checks that concern few attributes need not look at
 * all of them with every request.
 *
 * @example const required = subset((definition) => definition.required);
 */
export function subset(
  test: (definition: AttributeDefinition) => boolean,
): (definitions: readonly AttributeDefinition[]) => readonly AttributeDefinition[] {
  const known = new WeakMap<readonly AttributeDefinition[], readonly AttributeDefinition[]>();
  return (definitions) => {
    let picked = known.get(definitions);
    if (picked === undefined) {
      picked = definitions.filter(test);
      known.set(definitions, picked);
    }
    return picked;
  };
}
