import { DataTable } from '../components/data-table';
import { type Mapping, NEEDS } from '../guides';
import { GuideText, Statements } from './guide-text';

/** Which of the provider's attributes becomes which of the service's. */
export function MappingTable({ mapping }: { readonly mapping: Mapping }) {
  return (
    <div class="stack">
      <DataTable
        caption={mapping.resourceType === 'User' ? 'Attributes of people' : 'Attributes of groups'}
        rows={mapping.rows}
        keyOf={({ source, targets }) => source + targets.join()}
        empty="Nothing to map."
        columns={[
          { title: 'There', cell: ({ source }) => <GuideText text={source} /> },
          {
            title: 'Here',
            cell: ({ targets }) => (
              <div class="stack-tight">
                {targets.map((target) => (
                  <code key={target}>{target}</code>
                ))}
              </div>
            ),
          },
          { title: 'Need', cell: ({ need }) => NEEDS[need] },
          {
            title: 'What to do',
            cell: ({ change, note, need }) => (
              <>
                {change === undefined ? (
                  need === 'unused' ? (
                    'Leave it out.'
                  ) : (
                    'Keep it.'
                  )
                ) : (
                  <GuideText text={change} />
                )}
                {note !== undefined && (
                  <span class="muted">
                    {' '}
                    <GuideText text={note} />
                  </span>
                )}
              </>
            ),
          },
        ]}
      />
      {mapping.notes.length > 0 && <Statements statements={mapping.notes} />}
    </div>
  );
}
