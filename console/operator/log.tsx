import { useState } from 'preact/hooks';
import { Button } from '../components/button';
import { SearchField } from '../components/search-field';
import { go, hrefOf } from './address';
import { call } from './call';
import { LogTable } from './entries';
import { useEvery, usePages } from './loading';
import type { PartProps } from './part';
import { Choice, CommandShown, Failure } from './parts';

const LOOK_EVERY_MS = 2_000;

/** From when on, as the address and the command say it. */
const SINCE = [
  ['', 'The last day'],
  ['1h', 'The last hour'],
  ['7d', 'The last week'],
  ['90d', 'The last 90 days'],
] as const;
const UNITS: Readonly<Record<string, number>> = { h: 3_600_000, d: 86_400_000 };

/** The log, live as long as one looks at its beginning; what is asked for is in the address. */
export function LogPart({ tenantId, query }: PartProps) {
  const { about = '', actor = '', failed = '', since = '' } = query;
  const [isLive, setIsLive] = useState(true);
  const log = usePages(
    (cursor, signal) =>
      call(
        'log.list',
        {
          tenantId,
          about: about || undefined,
          actor: actor || undefined,
          failed: failed === '' ? undefined : true,
          since: momentOf(since),
          limit: 50,
          cursor,
        },
        signal,
      ),
    [tenantId, about, actor, failed, since],
  );
  useEvery(LOOK_EVERY_MS, isLive, log.reload);
  const narrow = (change: Readonly<Record<string, string>>) =>
    go(['tenants', tenantId, 'log'], { about, actor, failed, since, ...change }, true);
  const more = log.more;
  return (
    <div class="stack">
      <div class="filters">
        <SearchField
          label="About a user or group"
          value={about}
          onSearch={(text) => narrow({ about: text })}
        />
        <SearchField label="Done by" value={actor} onSearch={(text) => narrow({ actor: text })} />
        <Choice
          label="What"
          value={failed}
          options={[
            ['', 'Everything'],
            ['1', 'Only what was refused'],
          ]}
          onChange={(value) => narrow({ failed: value })}
        />
        <Choice
          label="From"
          value={SINCE.find(([value]) => value === since)?.[0] ?? ''}
          options={SINCE}
          onChange={(value) => narrow({ since: value })}
        />
      </div>
      <div class="row">
        <Button small onPress={() => setIsLive(!isLive)}>
          {isLive ? 'Pause' : 'Go on'}
        </Button>
        <span class="live">
          <span class={`live-dot ${isLive ? 'good' : ''}`} aria-hidden="true" />
          {isLive ? 'Looks every 2 seconds' : 'Paused'}
        </span>
        {actor !== '' && (
          <a href={hrefOf(['tenants', tenantId, 'undo'], { actor })}>Undo what {actor} did …</a>
        )}
      </div>
      <Failure failure={log.failure} />
      <LogTable
        tenantId={tenantId}
        entries={log.value ?? []}
        empty={log.isLoading ? 'Loading …' : 'Nothing in this time. The log is a few seconds behind.'}
        busy={log.isLoading && !isLive}
        onMore={
          more === undefined
            ? undefined
            : () => {
                setIsLive(false);
                more();
              }
        }
      />
      <CommandShown
        words={[
          'log',
          tenantId,
          ...option('--user', about),
          ...option('--actor', actor),
          failed === '' ? undefined : '--failed',
          ...option('--since', since),
          '--follow',
        ]}
      />
    </div>
  );
}

const option = (name: string, value: string): string[] => (value === '' ? [] : [name, value]);

function momentOf(since: string): string | undefined {
  const [, number = '', unit = ''] = /^(\d{1,3})([hd])$/.exec(since) ?? [];
  const length = UNITS[unit];
  return length === undefined ? undefined : new Date(Date.now() - Number(number) * length).toISOString();
}
