import { useEffect, useRef, useState } from 'preact/hooks';
import type { Job } from '../../src/console-api/shown';
import { Button } from '../components/button';
import { Notice } from '../components/notice';
import { call } from './call';
import { useEvery } from './loading';
import { Failure } from './parts';
import type { Input } from './routes';

const LOOK_EVERY_MS = 700;

/** A long work: begun, and looked at until it is over. */
export function useJob(): {
  readonly job: Job | undefined;
  start(input: Input<'jobs.start'>): Promise<void>;
  forget(): void;
} {
  const [job, setJob] = useState<Job>();
  useEvery(LOOK_EVERY_MS, job?.state === 'running', () => {
    const jobId = job?.jobId ?? '';
    call('jobs.show', { jobId }).then(setJob, () => {});
  });
  return {
    job,
    start: async (input) => setJob(await call('jobs.start', input)),
    forget: () => setJob(undefined),
  };
}

/** How far a long work has come and at what rate; its failure; a way to stop it. */
export function JobProgress({
  job,
  onDone,
}: {
  readonly job: Job | undefined;
  readonly onDone?: () => void;
}) {
  const told = useRef<string | undefined>(undefined);
  useEffect(() => {
    if (job?.state !== 'done' || told.current === job.jobId) return;
    told.current = job.jobId;
    onDone?.();
  }, [job, onDone]);
  if (job === undefined) return null;
  if (job.state === 'failed') return <Failure failure={new Error(job.failure ?? 'It failed.')} />;
  if (job.state === 'done') return null;
  const seconds = Math.max((Date.now() - Date.parse(job.startedAt)) / 1_000, 0.1);
  const isCounted = job.total !== undefined && job.total > 0;
  return (
    <Notice kind="info">
      <p role="status">
        Under way: {job.done.toLocaleString('en')}
        {isCounted && ` of about ${job.total?.toLocaleString('en')}`}
        {job.done > 0 && `, ${Math.round(job.done / seconds).toLocaleString('en')} per second`}
        {job.note !== undefined && `. ${job.note}`}
      </p>
      <progress
        aria-label="Progress"
        value={isCounted ? job.done : undefined}
        max={isCounted ? job.total : undefined}
      >
        {job.done}
      </progress>
      <div>
        <Button small onPress={() => void call('jobs.stop', { jobId: job.jobId })}>
          Stop
        </Button>
      </div>
    </Notice>
  );
}
