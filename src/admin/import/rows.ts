import type { NamedMember } from '../../directory/groups/memberships';
import type { ResourceId } from '../../directory/table/keys';
import type { RoleMapping } from '../../directory/tenants/role-mappings';
import type { TenantSettings } from '../../directory/tenants/settings';
import type { JsonObject } from '../../scim/json';

/** How a file is written. */
export type FileFormat = 'csv' | 'jsonl';

/** Where something stands in a file: lines and columns are counted from 1, columns in characters. */
export interface Place {
  readonly line: number;
  readonly column?: number;
  /** The column of a CSV file. */
  readonly name?: string;
}

/** A user in a file. */
export interface UserRow extends Place {
  readonly kind: 'User';
  readonly id?: ResourceId;
  readonly appId?: string;
  /** As `readResource` gives them. */
  readonly attributes: JsonObject;
}

/** A group in a file. */
export interface GroupRow extends Place {
  readonly kind: 'Group';
  readonly id?: ResourceId;
  readonly attributes: JsonObject;
  readonly members: readonly NamedMember[];
}

/** Members of a group that stands before them in the file, or is there. */
export interface MembersRow extends Place {
  readonly kind: 'Membership';
  readonly groupId: ResourceId;
  readonly members: readonly NamedMember[];
}

/** What a group gives in the vendor's app. */
export interface MappingRow extends Place, RoleMapping {
  readonly kind: 'RoleMapping';
}

/** What a tenant has chosen. */
export interface SettingsRow extends Place {
  readonly kind: 'TenantSettings';
  readonly settings: Partial<TenantSettings>;
}

/** What cannot be imported as it stands in the file. */
export interface RowFault extends Place {
  readonly kind: 'Fault';
  /** What is wrong, and what is accepted. */
  readonly detail: string;
}

/** What a file holds. */
export type Row = UserRow | GroupRow | MembersRow | MappingRow | SettingsRow;
