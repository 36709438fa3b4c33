import { Component, type ComponentChildren } from 'preact';
import { Button } from './button';

/** A column of a {@link DataTable}. */
export interface Column<Row> {
  /** Empty for a column of buttons. */
  readonly title: string;
  readonly cell: (row: Row) => ComponentChildren;
  /** Its part of the width. Where all columns have one, the table may be long: see {@link DataTable}. */
  readonly share?: number;
}

interface RowsProps<Row> {
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly keyOf: (row: Row) => string;
}

interface DataTableProps<Row> extends RowsProps<Row> {
  readonly caption: string;
  /** What is said in place of a table without rows. */
  readonly empty: ComponentChildren;
  /** Asks for the next page; absent when there is none. Pages go by cursor, so that nobody knows how many there are. */
  readonly onMore?: () => void;
  readonly busy?: boolean;
}

/** Rows that are rendered at once. */
const PART_ROWS = 50;

/**
 * A table that becomes a list of blocks on a narrow screen, each cell with its column's title.
 *
 * A list that may grow long has the same array of columns from one rendering to the next, each with a share of the
 * width. Rows that are there are then neither rendered nor laid out again when further ones come: the browser need not
 * look through all of them for the widths of the columns.
 */
export function DataTable<Row>(props: DataTableProps<Row>) {
  const { caption, columns, rows, keyOf, empty, onMore, busy } = props;
  const shares = sharesOf(columns);
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
      <table class={shares === undefined ? 'table' : 'table shared'} style={shares}>
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
        {partsOf(rows).map((part, n) => (
          <Rows key={n} rows={part} columns={columns} keyOf={keyOf} />
        ))}
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

/** A part of the rows, rendered again only when one of them, or a column, is another one. */
class Rows<Row> extends Component<RowsProps<Row>> {
  override shouldComponentUpdate({ rows, columns }: RowsProps<Row>): boolean {
    const { rows: before, columns: columnsBefore } = this.props;
    return (
      columns !== columnsBefore || rows.length !== before.length || rows.some((row, n) => row !== before[n])
    );
  }

  override render({ rows, columns, keyOf }: RowsProps<Row>) {
    return (
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
    );
  }
}

/** For the style sheet, where the columns have shares. */
function sharesOf<Row>(columns: readonly Column<Row>[]): { readonly '--shares': string } | undefined {
  const shares = columns.flatMap(({ share }) => share ?? []);
  if (shares.length < columns.length) return undefined;
  return { '--shares': shares.map((share) => `minmax(6rem, ${share}fr)`).join(' ') };
}

function partsOf<Row>(rows: readonly Row[]): readonly (readonly Row[])[] {
  const parts = Math.ceil(rows.length / PART_ROWS);
  return Array.from({ length: parts }, (_, n) => rows.slice(n * PART_ROWS, (n + 1) * PART_ROWS));
}
