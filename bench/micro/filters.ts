import { filter as peerFilter, parse as peerParse } from 'scim2-parse-filter';
import SCIMMY from 'scimmy';
import { Effort } from '../../src/scim/effort';
import { compileFilter } from '../../src/scim/filter/match';
import { parseFilter } from '../../src/scim/filter/parse';
import type { JsonObject } from '../../src/scim/json';
import { readResource } from '../../src/scim/resource/read';
import { renderResource } from '../../src/scim/resource/render';
import { USER } from '../../testing/registry';
import { entraUser, externalIdOf } from '../resources';
import type { Task } from './contest';

const USERS = 100;

/** Users in full form, as a list endpoint sees them. */
const users: readonly JsonObject[] = Array.from({ length: USERS }, (_, n) =>
  renderResource(USER, readResource(USER, entraUser(n)), {
    id: `00000000-0000-4000-a000-${String(n).padStart(12, '0')}`,
    version: 1,
    created: '2026-01-01T00:00:00.000Z',
    lastModified: `2026-02-${String(1 + (n % 28)).padStart(2, '0')}T12:00:00.000Z`,
    location: `https://scim.example/scim/v2/Users/${n}`,
  }),
);

/** Filters, each with the numbers of the users it matches. */
const FILTERS: readonly { readonly text: string; readonly matches: (n: number) => boolean }[] = [
  { text: 'userName eq "user7@contoso.example"', matches: (n) => n === 7 },
  { text: 'userName eq "USER7@Contoso.example"', matches: (n) => n === 7 },
  { text: `externalId eq "${externalIdOf(42)}"`, matches: (n) => n === 42 },
  { text: 'emails[type eq "work" and value co "user9@"]', matches: (n) => n === 9 },
  { text: 'emails.value sw "user99@"', matches: (n) => n === 99 },
  {
    text: 'title co "Manager" and (name.familyName eq "Vance 3" or name.familyName eq "Vance 8") and not (active eq false)',
    matches: (n) => n === 3 || n === 8,
  },
  {
    text: 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:employeeNumber eq "100005"',
    matches: (n) => n === 5,
  },
  { text: 'meta.lastModified gt "2026-02-28T14:00:00+03:00"', matches: (n) => n % 28 === 27 },
  {
    text: Array.from({ length: 20 }, (_, n) => `userName eq "user${n}@contoso.example"`).join(' or '),
    matches: (n) => n < 20,
  },
];

const short = (text: string) => (text.length > 70 ? `${text.slice(0, 67)}…` : text);

/** Parsing each filter, and matching it with 100 users; both judged by which users match. */
export function filterTasks(): Task[] {
  return FILTERS.flatMap(({ text, matches }) => {
    const right = users.flatMap((_, n) => (matches(n) ? [n] : []));
    const numbers = (test: (user: JsonObject) => boolean) =>
      users.flatMap((user, n) => (test(user) ? [n] : []));
    const scimmyNumbers = (filter: InstanceType<typeof SCIMMY.Types.Filter>) => {
      const matched = new Set<unknown>(filter.match([...users]));
      return users.flatMap((user, n) => (matched.has(user) ? [n] : []));
    };
    const parse: Task = {
      group: 'Filter: parse',
      name: short(text),
      right,
      contenders: [
        {
          name: 'this project',
          run: () => parseFilter(text),
          answer: () => numbers(compileFilter(parseFilter(text), USER)),
        },
        {
          name: 'scim2-parse-filter',
          run: () => peerParse(text),
          answer: () => numbers(peerFilter(peerParse(text))),
        },
        {
          name: 'scimmy',
          run: () => new SCIMMY.Types.Filter(text),
          answer: () => scimmyNumbers(new SCIMMY.Types.Filter(text)),
        },
      ],
    };
    const match: Task = {
      group: 'Filter: match one user',
      name: short(text),
      right,
      units: USERS,
      contenders: [
        contender(
          'this project',
          () => compileFilter(parseFilter(text), USER),
          // As in a request: one effort for all resources.
          (matches) => {
            const effort = new Effort();
            return numbers((user) => matches(user, effort));
          },
        ),
        contender('scim2-parse-filter', () => peerFilter(peerParse(text)), numbers),
        contender('scimmy', () => new SCIMMY.Types.Filter(text), scimmyNumbers),
      ],
    };
    return [parse, match];
  });
}

/** What is prepared once a request is prepared before the clock runs; a library that refuses to does so in the run. */
function contender<Prepared>(name: string, prepare: () => Prepared, run: (prepared: Prepared) => number[]) {
  let prepared: { readonly value: Prepared } | undefined;
  return {
    name,
    run: () => {
      prepared ??= { value: prepare() };
      return run(prepared.value);
    },
  };
}
