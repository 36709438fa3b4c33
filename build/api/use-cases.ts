import { ALL_USE_CASES } from '../../src/admin-api/use-cases';

const OPEN = '<!-- use-cases -->';
const CLOSE = '<!-- /use-cases -->';

/** The page of the admin API with its list of use cases as the table has them now. @throws Error without the marks */
export function withUseCases(page: string): string {
  const [start, end] = [page.indexOf(OPEN), page.indexOf(CLOSE)];
  if (start < 0 || end < start) throw new Error(`The page has nothing between ${OPEN} and ${CLOSE}.`);
  return `${page.slice(0, start + OPEN.length)}\n\n${table()}\n\n${page.slice(end)}`;
}

const table = (): string =>
  [
    '| request | does | client | command |',
    '|---|---|---|---|',
    ...ALL_USE_CASES.map(
      ({ name, row }) =>
        `| \`${row.method} ${row.path}\` | ${row.summary} | \`${name}()\` | \`${row.command}\` |`,
    ),
  ].join('\n');
