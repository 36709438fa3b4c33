import { DirectoryError } from '../../directory/errors';
import type { Directory } from '../../directory/resources/directory';
import type { Turns } from '../../directory/table/turns';
import { setAppId } from '../../directory/users/app-id';
import { type Created, createUsers } from '../../directory/users/create-users';
import type { NewUser } from '../../directory/users/creation';
import { type Match, matchUsers } from './match-users';
import type { UserRow } from './rows';

/** What became of a user in a file. */
export type UserOutcome =
  | { readonly outcome: 'created' | 'existing' | 'linked'; readonly id?: string }
  | { readonly outcome: 'conflict'; readonly detail: string };

/** What a dry run says of a user. */
export const foreseen = (match: Match): UserOutcome => {
  if (match.outcome === 'new') return { outcome: 'created' };
  return match.outcome === 'unlinked' ? { outcome: 'linked', id: match.id } : match;
};

/**
 * Creates those users of a lot that are not there, and gives those an appId that have none. What the identity provider
 * owns of a user who is there is never written.
 *
 * @param digit, turns of those who are new (create-users.ts)
 */
export async function writeUsers(
  directory: Directory,
  rows: readonly UserRow[],
  digit: string,
  turns: Turns,
): Promise<UserOutcome[]> {
  const matches = await matchUsers(directory, rows);
  const positions = rows.flatMap((_, position) => (matches[position]?.outcome === 'new' ? [position] : []));
  const created = await createUsers(
    directory,
    positions.flatMap((position) => newUser(rows[position])),
    digit,
    turns,
  );
  const byPosition = new Map(positions.map((position, index) => [position, created[index]]));
  const outcomes: UserOutcome[] = [];
  for (const [position, row] of rows.entries()) {
    const creation = byPosition.get(position);
    outcomes.push(
      creation === undefined
        ? await carriedOut(directory, matches[position])
        : await outcomeOf(directory, row, creation),
    );
  }
  return outcomes;
}

/** An id that a file has kept may come up twice: another run of the import, or the import of another file. */
const newUser = (row: UserRow | undefined): NewUser[] =>
  row === undefined ? [] : [{ attributes: row.attributes, allottedId: row.id, appId: row.appId }];

/** Somebody else may have been faster, the identity provider or another import: then the row is looked at anew. */
async function outcomeOf(directory: Directory, row: UserRow, creation: Created): Promise<UserOutcome> {
  if ('user' in creation) return { outcome: 'created', id: creation.user.id };
  const [match] = await matchUsers(directory, [row]);
  if (match !== undefined && match.outcome !== 'new') return carriedOut(directory, match);
  return { outcome: 'conflict', detail: creation.refused.message };
}

async function carriedOut(directory: Directory, match: Match | undefined): Promise<UserOutcome> {
  if (match === undefined || match.outcome === 'new')
    return { outcome: 'conflict', detail: 'The user came and went while it was imported; import it again.' };
  if (match.outcome !== 'unlinked') return match;
  try {
    await setAppId(directory, match.id, match.appId);
    return { outcome: 'linked', id: match.id };
  } catch (error) {
    const isRefusal = error instanceof DirectoryError && !['throttled', 'unavailable'].includes(error.code);
    if (!isRefusal) throw error;
    return { outcome: 'conflict', detail: error.message };
  }
}
