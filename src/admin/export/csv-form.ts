import type { ResourceTypeDefinition } from '../../scim/schema/definition';
import type { Registry } from '../../scim/schema/registry';
import { csvLine } from '../csv';
import { COLUMNS, type Column, columnNamed, textOfColumn } from '../import/columns';
import type { Exported, ExportForm } from './form';

/**
 * One table of CSV. That of the users is what an import reads: of attributes with several values the primary one, and
 * the simple attributes of extensions. JSON lines hold all that there is.
 */
export function csvFormOf({ user: userType }: Registry, table: Exported): ExportForm {
  const columns = [...COLUMNS, ...extensionColumns(userType)];
  const headings: Readonly<Record<Exported, readonly string[]>> = {
    users: columns.map(({ name }) => name),
    groups: ['id', 'displayName', 'externalId'],
    members: ['groupId', 'memberId', 'type'],
  };
  return {
    heading: [csvLine(headings[table])],
    user: ({ id, appId = '', attributes }) =>
      csvLine(
        columns.map((column) =>
          column.path === undefined ? (column.name === 'id' ? id : appId) : textOfColumn(attributes, column),
        ),
      ),
    group: ({ id, attributes: { displayName = '', externalId = '' } }) =>
      csvLine([id, String(displayName), String(externalId)]),
    members: ({ groupId, members }) => members.map(({ id, kind }) => csvLine([groupId, id, kind])),
  };
}

/** Enterprise User has columns with names of their own. */
const extensionColumns = (userType: ResourceTypeDefinition): Column[] =>
  userType.extensions.flatMap(({ schema }) =>
    schema.attributes.flatMap(({ name }) => {
      const column = columnNamed(userType, `${schema.id}:${name}`);
      return column === undefined || COLUMNS.includes(column) ? [] : [column];
    }),
  );
