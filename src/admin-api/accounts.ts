import { count, flag, integer, listOf, object, oneOf, text } from './schema';
import { TENANT_ID } from './tenants';
import { CURSOR, pageOf, useCase } from './use-case';

const CREATED = count('Created, or to be created.');
const EXISTING = count('There already.');

export const ACCOUNTS = {
  /** Creates the accounts of a file, or of a part of one, so that the identity provider finds them. */
  import: useCase({
    method: 'POST',
    path: '/v1/tenants/{tenantId}/import',
    summary: 'Create the accounts of a file, so that the identity provider finds them',
    command: 'import',
    does: 'change',
    body: object(
      {
        format: oneOf('How the file is written.', ['csv', 'jsonl']),
        content: text('The file, or some of its lines; of CSV each part has the heading.', {
          minLength: 1,
          maxLength: 200_000,
        }),
      },
      { apply: flag('Write. Otherwise it is only told what would be written.') },
    ),
    result: object({
      tenantId: TENANT_ID,
      applied: flag('Whether it was written: what has faults is not.'),
      rows: count('Rows of the file.'),
      faults: count('Rows that are wrong.'),
      users: object({ created: CREATED, existing: EXISTING, linked: count('There, and given their appId.') }),
      groups: object({ created: CREATED, existing: EXISTING }),
      members: object({ named: count('In the file.'), added: count('Added.'), existing: EXISTING }),
      roles: object({ created: CREATED, existing: EXISTING }),
      settings: object({ changed: count('Set, or to be set.'), existing: count('So already.') }),
      conflicts: count('Rows that contradict what is there.'),
      leftOut: count('Members that are neither users nor groups.'),
      problems: listOf(
        'The rows that are not imported.',
        object(
          {
            line: integer('Line of the content; the first is 1.', 1, 1_000_000),
            kind: oneOf('What kind of problem it is.', ['fault', 'conflict', 'leftOut']),
            detail: text('What is wrong, and what is accepted.'),
          },
          {
            column: integer('Character of the line; the first is 1.', 1, 1_000_000),
            name: text('The column of CSV.'),
          },
        ),
      ),
    }),
  }),
  /** All users, groups and memberships of a tenant, as lines that an import takes. */
  export: useCase({
    method: 'GET',
    path: '/v1/tenants/{tenantId}/export',
    summary: 'Give users, groups and memberships as JSON lines, for another stage',
    command: 'export',
    does: 'read',
    query: object({}, { limit: integer('Lines per page; 100 when absent.', 1, 1_000), cursor: CURSOR }),
    result: pageOf('Lines of the export.', text('A JSON object.')),
  }),
};
