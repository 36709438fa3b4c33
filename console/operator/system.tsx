import type { CheckOutcome, Job, VerifiedRow } from '../../src/console-api/shown';
import { DataTable } from '../components/data-table';
import { Notice } from '../components/notice';
import { RelativeTime } from '../components/relative-time';
import { hrefOf } from './address';
import { call } from './call';
import { JobProgress, useJob } from './job';
import { useEvery, useLoaded } from './loading';
import { Action, CommandShown, Facts, Heading, Showing } from './parts';
import type { Result } from './routes';
import { State } from './standing';
import { Traffic } from './traffic';

const LOOK_EVERY_MS = 5_000;

/** What is on call's: what waits behind the requests, what was given up, and proofs. */
export function SystemPage() {
  const system = useLoaded((signal) => call('console.system', {}, signal), []);
  const jobs = useLoaded((signal) => call('jobs.list', {}, signal), []);
  useEvery(LOOK_EVERY_MS, true, () => {
    system.reload();
    jobs.reload();
  });
  return (
    <div class="stack">
      <Heading>System</Heading>
      <Traffic />
      <Showing of={system}>
        {(shown) => (
          <>
            <Waiting pending={shown.pending} />
            <DeadLetters letters={shown.deadLetters} onChange={system.reload} />
          </>
        )}
      </Showing>
      <Check />
      <Verify />
      <section class="card" aria-label="Works of this console">
        <Showing of={jobs}>
          {({ jobs: rows }) => (
            <DataTable
              caption="Works that were begun here"
              rows={rows}
              keyOf={({ jobId }) => jobId}
              empty="None since the console was started."
              columns={[
                { title: 'Work', cell: ({ command }) => <code>{command}</code> },
                { title: 'State', cell: ({ state }) => <State state={state} /> },
                { title: 'Begun', cell: ({ startedAt }) => <RelativeTime at={startedAt} /> },
                { title: 'Came to', cell: (job) => outcomeText(job) },
              ]}
            />
          )}
        </Showing>
      </section>
    </div>
  );
}

/** Where the page of what waits is, behind its tenant's. */
const PATHS = {
  User: (id: string) => ['users', id],
  Group: (id: string) => ['groups', id],
  Tenant: () => [],
};

function Waiting({ pending }: { readonly pending: Result<'console.system'>['pending'] }) {
  const oldest = pending.first[0];
  return (
    <section class="card" aria-label="What waits">
      <div class="row">
        <h2>What waits behind the requests</h2>
        <State
          state={oldest === undefined ? 'done' : 'running'}
          name={oldest === undefined ? 'nothing' : `${pending.hasMore ? 'over ' : ''}${pending.total}`}
        />
      </div>
      <Facts
        facts={[['The oldest has waited since', oldest && <RelativeTime key="oldest" at={oldest.since} />]]}
      />
      <DataTable
        caption="Pending marks, the oldest first"
        rows={pending.first}
        keyOf={({ tenantId, id, work }) => `${tenantId} ${id} ${work}`}
        empty="Every write is carried out to its end: no sessions wait for their removal, no memberships for theirs."
        columns={[
          {
            title: 'Tenant',
            cell: ({ tenantId }) => <a href={hrefOf(['tenants', tenantId])}>{tenantId}</a>,
          },
          { title: 'Work', cell: ({ work }) => work },
          {
            title: 'Of',
            cell: ({ tenantId, kind, id }) => (
              <a href={hrefOf(['tenants', tenantId, ...PATHS[kind](id)])}>{id}</a>
            ),
          },
          { title: 'Since', cell: ({ since }) => <RelativeTime at={since} /> },
        ]}
      />
    </section>
  );
}

function DeadLetters({
  letters,
  onChange,
}: {
  readonly letters: Result<'console.system'>['deadLetters'];
  readonly onChange: () => void;
}) {
  const redrive = useJob();
  const outcome = redrive.job?.outcome;
  if (letters === undefined) return null;
  return (
    <section class="card" aria-label="Dead letters">
      <DataTable
        caption="Dead letters: work that was given up"
        rows={letters}
        keyOf={({ function: name }) => name}
        empty="No function has a queue of them."
        columns={[
          { title: 'Function', cell: ({ function: name }) => name },
          {
            title: 'Messages',
            cell: ({ messages }) => (
              <State state={messages === 0 ? 'done' : 'failed'} name={String(messages)} />
            ),
          },
        ]}
      />
      <CommandShown words={['dead-letter list']} />
      <Action
        title="Redrive"
        about="Does the work that was given up, and empties the queues. When it fails again, they stay."
        words={['dead-letter redrive']}
        onDo={async () => {
          await redrive.start({ work: 'dead-letter redrive' });
          return 'It is under way.';
        }}
      />
      <JobProgress job={redrive.job} onDone={onChange} />
      {outcome?.of === 'redrive' && (
        <Notice kind="good" title="Redriven">
          <p>
            {Object.entries(outcome.counts)
              .map(([name, count]) => `${count} ${name}`)
              .join(', ')}
          </p>
        </Notice>
      )}
    </section>
  );
}

function Check() {
  const check = useJob();
  const outcome = check.job?.outcome;
  return (
    <section class="card" aria-label="Check">
      <h2>Invariants</h2>
      <Action
        title="Check the table"
        about="Looks for broken invariants in the whole table while traffic goes on; changes nothing."
        words={['check']}
        onDo={async () => {
          await check.start({ work: 'check' });
          return 'It is under way.';
        }}
      />
      <Action
        title="Check and repair"
        about="Mends what can be mended, by conditional writes; what it did is in the log."
        words={['check', '--repair']}
        onDo={async () => {
          await check.start({ work: 'check', write: 'yes' });
          return 'It is under way.';
        }}
      />
      <JobProgress job={check.job} />
      {outcome?.of === 'check' && <Findings check={outcome.check} />}
    </section>
  );
}

function Findings({ check: { scanned, tenants, findings } }: { readonly check: CheckOutcome }) {
  const looked = `${scanned.toLocaleString('en')} items of ${tenants} ${tenants === 1 ? 'tenant' : 'tenants'}`;
  if (findings.length === 0) return <Notice kind="good">{looked}: nothing is broken.</Notice>;
  return (
    <DataTable
      caption={`${looked}: ${findings.length} ${findings.length === 1 ? 'finding' : 'findings'}`}
      rows={findings}
      keyOf={({ code, item, detail }) => `${code} ${item} ${detail}`}
      empty=""
      columns={[
        { title: 'What', cell: ({ code, means }) => `${code}: ${means}` },
        { title: 'Item', cell: ({ item, detail }) => [item, detail].filter(Boolean).join(' ') },
        { title: 'Repair', cell: ({ repair }) => repair },
        { title: 'Outcome', cell: ({ outcome }) => outcome },
      ]}
    />
  );
}

function Verify() {
  const verify = useJob();
  const outcome = verify.job?.outcome;
  return (
    <section class="card" aria-label="Verify">
      <h2>Proof from outside</h2>
      <Action
        title="Verify"
        about="As an identity provider over HTTP, in temporary tenants that are removed again. Takes some minutes."
        words={['verify']}
        onDo={async () => {
          await verify.start({ work: 'verify' });
          return 'It is under way.';
        }}
      />
      <JobProgress job={verify.job} />
      {outcome?.of === 'verify' && <Verified results={outcome.results} />}
    </section>
  );
}

function Verified({ results }: { readonly results: readonly VerifiedRow[] }) {
  const count = (wanted: VerifiedRow['outcome']) =>
    results.filter(({ outcome }) => outcome === wanted).length;
  return (
    <DataTable
      caption={`${count('passed')} passed, ${count('failed')} failed, ${count('skipped')} skipped`}
      rows={results}
      keyOf={({ id }) => id}
      empty=""
      columns={[
        { title: 'Check', cell: ({ id, title }) => `${id}: ${title}` },
        { title: 'Outcome', cell: ({ outcome }) => <State state={outcome} /> },
        { title: 'Detail', cell: ({ detail }) => detail },
      ]}
    />
  );
}

function outcomeText({ outcome, failure }: Job): string {
  if (failure !== undefined) return failure;
  switch (outcome?.of) {
    case 'check':
      return `${outcome.check.findings.length} findings`;
    case 'undo':
      return `${outcome.undo.counts.done ?? 0} done, ${outcome.undo.counts.planned ?? 0} planned`;
    case 'redrive':
      return `${outcome.counts.letters ?? 0} letters`;
    case 'removal':
      return `${outcome.items} items removed`;
    case 'verify':
      return `${outcome.results.filter((row) => row.outcome === 'failed').length} failed`;
    default:
      return '';
  }
}
