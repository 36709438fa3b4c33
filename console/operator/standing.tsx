import type { Standing } from '../components/notice';
import { StatusBadge } from '../components/status-badge';

/** How the states of connections, credentials and people stand. */
const STANDINGS: Readonly<Record<string, Standing>> = {
  active: 'good',
  live: 'good',
  present: 'good',
  passed: 'good',
  done: 'good',
  planned: 'info',
  neverSeen: 'info',
  running: 'info',
  expiring: 'warning',
  silent: 'warning',
  inactive: 'warning',
  skipped: 'warning',
  left: 'warning',
  refusing: 'bad',
  ended: 'bad',
  suspended: 'bad',
  expired: 'bad',
  revoked: 'bad',
  deleted: 'bad',
  failed: 'bad',
  impossible: 'bad',
};

/** A state by its name; `name` where people call it otherwise. */
export function State({ state, name }: { readonly state: string; readonly name?: string }) {
  return <StatusBadge kind={STANDINGS[state] ?? 'info'}>{name ?? state}</StatusBadge>;
}
