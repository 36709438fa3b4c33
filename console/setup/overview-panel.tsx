import { CopyableValue } from '../components/copyable-value';
import type { Standing } from '../components/notice';
import { Notice } from '../components/notice';
import { StatusBadge } from '../components/status-badge';
import { Entries } from './entries';
import { GuideText } from './guide-text';
import { KnownErrors } from './known-errors';
import { LiveLine } from './live-line';
import { type Connection, useSetup } from './setup-context';
import { LeavingTable } from './summary';

const STATES: Readonly<Record<Connection['state'], readonly [Standing, string]>> = {
  suspended: ['bad', 'suspended'],
  neverSeen: ['info', 'not connected yet'],
  ended: ['bad', 'credentials have ended'],
  refusing: ['bad', 'refusing'],
  expiring: ['warning', 'credentials end soon'],
  rotating: ['warning', 'successor not in use yet'],
  silent: ['warning', 'silent'],
  active: ['good', 'active'],
};

/** How it stands: state, last request, counts, what was refused. */
export function OverviewPanel() {
  const { connection, page, guide } = useSetup();
  const { value } = connection;
  if (value === undefined) return <p class="muted">Loading …</p>;
  const [kind, word] = STATES[value.state];
  return (
    <div class="stack">
      <p>
        <StatusBadge kind={kind}>{word}</StatusBadge> {value.meaning}
      </p>
      {value.advice !== undefined && (
        <Notice kind={kind}>
          <p>{value.advice}</p>
        </Notice>
      )}
      <LiveLine />
      <dl class="facts">
        <dt>People</dt>
        <dd>{value.counts.users.toLocaleString('en')}</dd>
        <dt>Groups</dt>
        <dd>{value.counts.groups.toLocaleString('en')}</dd>
      </dl>
      <Entries
        caption="Refused in the last 30 days"
        entries={value.refusals}
        empty="Nothing was refused in the last 30 days."
      />
      <CopyableValue label="SCIM base URL" value={page.urls.baseUrl} />
      {guide !== undefined && (
        <>
          <KnownErrors guide={guide} />
          <details>
            <summary>What happens when somebody leaves</summary>
            <LeavingTable guide={guide} />
          </details>
          <details>
            <summary>How to disconnect</summary>
            <ul class="list">
              {guide.disconnecting.map(({ text }) => (
                <li key={text}>
                  <GuideText text={text} />
                </li>
              ))}
            </ul>
          </details>
        </>
      )}
    </div>
  );
}
