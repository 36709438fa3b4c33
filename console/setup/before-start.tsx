import { DataTable } from '../components/data-table';
import { StatusBadge } from '../components/status-badge';
import type { Feature, Guide } from '../guides';
import { GuideStatement, GuideText, Statements } from './guide-text';
import { Heading } from './heading';

const WORKS = {
  yes: { kind: 'good', word: 'yes' },
  no: { kind: 'warning', word: 'no' },
  unconfirmed: { kind: 'info', word: 'not confirmed' },
} as const;

/** What has to be there before the first step, and what will work. */
export function BeforeStart({ guide }: { readonly guide: Guide }) {
  return (
    <div class="stack">
      <Heading>Before you start</Heading>
      <dl class="facts">
        <dt>Your role there</dt>
        <dd>
          <GuideStatement statement={guide.before.role} />
        </dd>
        <dt>Edition</dt>
        <dd>
          <GuideStatement statement={guide.before.edition} />
        </dd>
      </dl>
      <Statements statements={guide.before.further} />
      <DataTable<Feature>
        caption="What works"
        rows={guide.features}
        keyOf={({ name }) => name}
        empty="Not known."
        columns={[
          { title: 'Feature', cell: ({ name }) => name },
          {
            title: 'Works',
            cell: ({ works }) => <StatusBadge kind={WORKS[works].kind}>{WORKS[works].word}</StatusBadge>,
          },
          { title: 'Note', cell: ({ note }) => (note === undefined ? '' : <GuideText text={note} />) },
        ]}
      />
      <h2>Who is provisioned</h2>
      <Statements statements={guide.scope} />
    </div>
  );
}
