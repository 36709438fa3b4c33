import type { StoredGroup, StoredUser } from '../../directory/resources/items';
import type { ResourceKind } from '../../directory/table/keys';

/** What an export holds, in its order: an import needs users before groups, and groups before members. */
export const EXPORTED = ['users', 'groups', 'members'] as const;
export type Exported = (typeof EXPORTED)[number];

/** Members of one group. */
export interface Memberships {
  readonly groupId: string;
  readonly members: readonly { readonly id: string; readonly kind: ResourceKind }[];
}

/** How a format writes what is exported: a line each. */
export interface ExportForm {
  readonly heading?: readonly string[];
  user(user: StoredUser): string;
  group(group: StoredGroup): string;
  /** Of up to `MEMBERS_IN_A_LINE` members. */
  members(memberships: Memberships): string[];
}
