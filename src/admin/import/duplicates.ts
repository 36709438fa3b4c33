import { createHash } from 'node:crypto';
import { foldCase } from '../../scim/comparison';
import { LinesByDigest } from './lines-by-digest';
import type { Row, RowFault } from './rows';

/**
 * Finds what a file names twice. Each name is kept as a digest with its line, so what it takes of memory does not
 * depend on how long names are (docs/import-export.md says how much).
 */
export class Duplicates {
  private readonly lines = new LinesByDigest();

  /** The fault of a row that names what an earlier one has named. */
  faultOf(row: Row): RowFault | undefined {
    for (const [name, value] of namesOf(row)) {
      const digest = digestOf(name, value);
      const earlier = this.lines.get(digest);
      if (earlier !== undefined) {
        const detail = `Line ${earlier} has the same ${name}; one of them has to go.`;
        return { kind: 'Fault', line: row.line, name, detail };
      }
      this.lines.set(digest, row.line);
    }
    return undefined;
  }

  /** The line of the user or group that has an id in the file. */
  lineOfId(id: string): number | undefined {
    return this.lines.get(digestOf('id', id));
  }
}

const digestOf = (name: string, value: string): Buffer =>
  createHash('sha256').update(`${name}\0${value}`).digest();

/** What only one row of a file may name, with the value as it is compared. */
function namesOf(row: Row): [name: string, value: string][] {
  if (row.kind === 'Membership') return [];
  if (row.kind === 'TenantSettings') return [['settings', '']];
  if (row.kind === 'RoleMapping')
    return [['group', `${row.by} ${row.by === 'displayName' ? foldCase(row.group) : row.group}`]];
  const { userName, externalId, displayName } = row.attributes;
  const all: [string, unknown][] =
    row.kind === 'User'
      ? [
          ['id', row.id],
          ['userName', foldCase(String(userName))],
          ['externalId', externalId],
          ['appId', row.appId],
        ]
      : [
          ['id', row.id],
          ['displayName', foldCase(String(displayName))],
        ];
  return all.flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : []));
}
