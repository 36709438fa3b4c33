import { useState } from 'preact/hooks';
import type { UndoOutcome } from '../../src/console-api/shown';
import { Button } from '../components/button';
import { DataTable } from '../components/data-table';
import { Field } from '../components/field';
import { Notice } from '../components/notice';
import { hrefOf } from './address';
import { JobProgress, useJob } from './job';
import type { PartProps } from './part';
import { Action, CommandShown, Failure } from './parts';
import { State } from './standing';

const HOUR_MS = 3_600_000;

/** What somebody did within a time, put back: shown first, then done. */
export function UndoPart({ tenantId, query }: PartProps) {
  const [since, setSince] = useState(query.since ?? localText(new Date(Date.now() - HOUR_MS)));
  const [until, setUntil] = useState(query.until ?? '');
  const [actor, setActor] = useState(query.actor ?? '');
  const [about, setAbout] = useState(query.about ?? '');
  const [failure, setFailure] = useState<Error>();
  const preview = useJob();
  const applied = useJob();
  const asked = {
    work: 'undo',
    tenantId,
    since: isoOf(since),
    until: until === '' ? undefined : isoOf(until),
    actor,
    about: about === '' ? undefined : about,
  } as const;
  const show = async () => {
    setFailure(undefined);
    applied.forget();
    await preview.start(asked).catch(setFailure);
  };
  const shown = applied.job?.outcome ?? preview.job?.outcome;
  const command = [
    'undo',
    tenantId,
    '--since',
    asked.since,
    ...(asked.until === undefined ? [] : ['--until', asked.until]),
    '--actor',
    actor || 'token:kX2ab',
    ...(about === '' ? [] : ['--user', about]),
  ] as const;
  return (
    <div class="stack">
      <p>
        Reactivates whom they deactivated, restores what they deleted, puts members back or out. What somebody
        else has changed since stays as it is. Sessions stay dead: people log in anew.
      </p>
      <section class="card" aria-label="What is to be undone">
        <div class="filters">
          <Field
            label="Whose acts"
            value={actor}
            onChange={setActor}
            hint="As the log names them: token:<id>, client:<id>, admin:<name>, app."
          />
          <Field label="From (your time)" type="datetime-local" value={since} onChange={setSince} />
          <Field label="Up to (now when empty)" type="datetime-local" value={until} onChange={setUntil} />
          <Field label="Only this user or group" value={about} onChange={setAbout} />
        </div>
        <div>
          <Button kind="primary" busy={preview.job?.state === 'running'} onPress={() => void show()}>
            Show what would be undone
          </Button>
        </div>
        <Failure failure={failure} />
        <CommandShown words={['undo', ...command.slice(1)]} />
      </section>
      <JobProgress job={preview.job} />
      <JobProgress job={applied.job} />
      {shown?.of === 'undo' && <Undone tenantId={tenantId} undo={shown.undo} />}
      {shown?.of === 'undo' && !shown.undo.applied && (shown.undo.counts.planned ?? 0) > 0 && (
        <Action
          title={`Put back ${shown.undo.counts.planned?.toLocaleString('en')}`}
          about="What is shown above. It can be stopped, and repeated."
          words={['undo', ...command.slice(1), '--apply']}
          onDo={async () => {
            await applied.start({ ...asked, write: 'yes' });
            return 'It is under way.';
          }}
        />
      )}
    </div>
  );
}

function Undone({ tenantId, undo }: { readonly tenantId: string; readonly undo: UndoOutcome }) {
  const { counts, changes, applied, hasMore } = undo;
  const told = Object.entries(counts).filter(([, count]) => count > 0);
  return (
    <section class="card" aria-label="What it comes to">
      <div class="row">
        <h2>{applied ? 'What was done' : 'What would be done'}</h2>
        {told.map(([outcome, count]) => (
          <State key={outcome} state={outcome} name={`${count.toLocaleString('en')} ${outcome}`} />
        ))}
      </div>
      {applied && (counts.left ?? 0) + (counts.failed ?? 0) > 0 && (
        <Notice kind="warning">Some are left: show it once more and repeat it.</Notice>
      )}
      {hasMore && <p class="muted">The first {changes.length} are shown; --json of the command has all.</p>}
      <DataTable
        caption="Changes"
        rows={changes}
        keyOf={({ what, userId, groupId, memberId }) => [what, userId, groupId, memberId].join(' ')}
        empty="They did nothing in this time that could be undone. The log is a few seconds behind."
        columns={[
          { title: 'Undo', cell: ({ what }) => what },
          {
            title: 'User or member',
            cell: ({ userId, memberId = userId }) =>
              memberId && <a href={hrefOf(['tenants', tenantId, 'users', memberId])}>{memberId}</a>,
          },
          {
            title: 'Group',
            cell: ({ groupId }) =>
              groupId && <a href={hrefOf(['tenants', tenantId, 'groups', groupId])}>{groupId}</a>,
          },
          { title: 'Outcome', cell: ({ outcome }) => <State state={outcome} /> },
          { title: 'Why', cell: ({ reason }) => reason ?? '' },
        ]}
      />
    </section>
  );
}

/** A moment as a field of local time has it. */
function localText(moment: Date): string {
  const shifted = new Date(moment.getTime() - moment.getTimezoneOffset() * 60_000);
  return shifted.toISOString().slice(0, 19);
}

/** Of local time; an empty or broken field is handed on as it is, and refused with a sentence. */
function isoOf(local: string): string {
  const moment = new Date(local);
  return Number.isNaN(moment.getTime()) ? local : moment.toISOString();
}
