import { SettingError } from './setting-checks';
import { DEFAULT_SETTINGS } from './settings';

/** Context of the app besides the settings (bin/scim.ts). */
const APP_CONTEXT = ['stackName', 'validate'] as const;

/** Letters that may differ between a name and what it is taken for. */
const MAX_DIFFERENCES = 2;

/**
 * Refuses context that nobody would read: a misspelt setting would silently be the default. Names of CDK and its CLI
 * have other characters than letters and digits (`@aws-cdk/core:…`, `aws:cdk:…`, `cli-telemetry`,
 * `availability-zones:account=…`) and pass, unless they spell a setting with other capitals or with hyphens.
 *
 * @param names the names of all context
 * @throws SettingError for the first name, with the setting that it may be meant for
 */
export function refuseUnknownContext(names: Iterable<string>): void {
  const known = [...Object.keys(DEFAULT_SETTINGS), ...APP_CONTEXT];
  for (const name of names) {
    if (known.includes(name)) continue;
    const meant = nearest(name, known);
    const looksLikeOne =
      /^[A-Za-z][A-Za-z0-9]*$/.test(name) || (meant !== undefined && plain(meant) === plain(name));
    if (!looksLikeOne) continue;
    throw new SettingError(
      `There is no setting ${JSON.stringify(name)}; ${meant === undefined ? 'docs/deploy.md lists them.' : `did you mean "${meant}"?`}`,
    );
  }
}

function nearest(name: string, known: readonly string[]): string | undefined {
  const distances = known.map((candidate) => ({
    candidate,
    distance: distance(plain(name), plain(candidate)),
  }));
  const [first] = distances.sort((a, b) => a.distance - b.distance);
  if (first !== undefined && first.distance <= MAX_DIFFERENCES) return first.candidate;
  // "logRetention", "throttle"
  return known.find((candidate) => name.length > 3 && plain(candidate).startsWith(plain(name)));
}

const plain = (name: string): string => name.replace(/[^A-Za-z0-9]/g, '').toLowerCase();

/** Letters to insert, leave out or replace (Levenshtein). */
function distance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (const [position, letter] of [...from].entries()) {
    const next = [position + 1];
    for (let column = 1; column <= to.length; column++) {
      const replaced = (row[column - 1] ?? 0) + (letter === to[column - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[column] ?? 0) + 1, (next[column - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[to.length] ?? 0;
}
