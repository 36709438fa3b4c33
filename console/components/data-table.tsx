import type { ComponentChildren } from 'preact';
import { Button } from './button';

/** A column of a {@link DataTable}. */
export interface Column<Row> {
  /** Empty for a column of buttons. */
  readonly title: string;
  readonly cell: (row: Row) => ComponentChildren;
}

interface DataTableProps<Row> {
  readonly caption: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly keyOf: (row: Row) => string;
  /** What is said in place of a table without rows. */
  readonly empty: ComponentChildren;
  /** Asks for the next page; absent when there is none. Pages go by cursor, so that nobody knows how many there are. */
  readonly onMore?: () => void;
  readonly busy?: boolean;
}

/** A table that becomes a list of blocks on a narrow screen, each cell with its column's title. */
export function DataTable<Row>(props: DataTableProps<Row>) {
  const { caption, columns, rows, keyOf, empty, onMore, busy } = props;
  if (rows.length === 0 && onMore === undefined) {
    return (
      <div class="stack-tight">
        <strong>{caption}</strong>
        <p class="muted">{empty}</p>
      </div>
    );
  }
  return (
    <div class="stack">
      <table class="table">
        <caption>{caption}</caption>
        <thead>
          <tr>
            {columns.map(({ title }) => (
              <th key={title} scope="col">
                {title === '' ? <span class="visually-hidden">Actions</span> : title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={keyOf(row)}>
              {columns.map(({ title, cell }) => (
                <td key={title} data-label={title}>
                  <div>{cell(row)}</div>
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {onMore !== undefined && (
        <div>
          <Button onPress={onMore} busy={busy === true}>
            {busy === true ? 'Loading …' : 'Show more'}
          </Button>
        </div>
      )}
    </div>
  );
}
