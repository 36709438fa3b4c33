import { randomUUID } from 'node:crypto';
import { DirectoryError } from '../../directory/errors';
import type { Directory } from '../../directory/resources/directory';
import type { ResourceId } from '../../directory/table/keys';
import type { Turns } from '../../directory/table/turns';
import { setAppId } from '../../directory/users/app-id';
import { type Created, createUsers } from '../../directory/users/create-users';
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

/** A user to be imported, and what is known of them from one attempt to the next. */
export interface Candidate {
  readonly row: UserRow;
  /** For whoever the file has no id of. */
  readonly freshId: ResourceId;
  /** Whether nobody was there in an earlier attempt. */
  wasNew: boolean;
}

/** @param digit with which fresh ids begin (create-users.ts) */
export const candidatesOf = (rows: readonly UserRow[], digit: string): Candidate[] =>
  rows.map((row) => ({ row, freshId: `${digit}${randomUUID().slice(1)}` as ResourceId, wasNew: false }));

/**
 * Creates those users of a lot that are not there, and gives those an appId that have none. What the identity provider
 * owns of a user who is there is never written.
 *
 * @param turns of whoever creates users (create-users.ts)
 */
export async function writeUsers(
  directory: Directory,
  candidates: readonly Candidate[],
  turns: Turns,
): Promise<UserOutcome[]> {
  const matches = await matchUsers(
    directory,
    candidates.map(({ row }) => row),
  );
  const wanted = candidates.filter((_, position) => matches[position]?.outcome === 'new');
  for (const candidate of wanted) candidate.wasNew = true;
  const created = await createUsers(directory, wanted.map(newUser), turns);
  const creations = new Map(wanted.map((candidate, index) => [candidate, created[index]]));
  const outcomes: UserOutcome[] = [];
  for (const [position, candidate] of candidates.entries()) {
    const creation = creations.get(candidate);
    outcomes.push(
      creation === undefined
        ? await carriedOut(directory, candidate, matches[position])
        : await outcomeOf(directory, candidate, creation),
    );
  }
  return outcomes;
}

/** An id that a file has kept may come up twice: another run of the import, or the import of another file. */
const newUser = ({ row: { attributes, id, appId }, freshId }: Candidate) => ({
  attributes,
  allottedId: id,
  appId,
  freshId,
});

/** Somebody else may have been faster, the identity provider or another import: then the row is looked at anew. */
async function outcomeOf(
  directory: Directory,
  candidate: Candidate,
  creation: Created,
): Promise<UserOutcome> {
  if ('user' in creation) return { outcome: 'created', id: creation.user.id };
  const [match] = await matchUsers(directory, [candidate.row]);
  if (match !== undefined && match.outcome !== 'new') return carriedOut(directory, candidate, match);
  return { outcome: 'conflict', detail: creation.refused.message };
}

async function carriedOut(
  directory: Directory,
  { row, freshId, wasNew }: Candidate,
  match: Match | undefined,
): Promise<UserOutcome> {
  if (match === undefined || match.outcome === 'new')
    return { outcome: 'conflict', detail: 'The user came and went while it was imported; import it again.' };
  // An earlier attempt was carried out, and only its answer was lost.
  if (match.outcome === 'existing' && wasNew && match.id === (row.id ?? freshId))
    return { ...match, outcome: 'created' };
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
