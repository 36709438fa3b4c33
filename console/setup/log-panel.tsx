import { useEffect, useId, useState } from 'preact/hooks';
import { useAction } from './action';
import { Entries, type Entry } from './entries';
import { FaultNotice } from './fault-notice';
import { useSetup } from './setup-context';

const DAY_MS = 86_400_000;
const DAYS = [1, 7, 30] as const;

/** What happened, page by page, the last entry first. */
export function LogPanel() {
  const { api } = useSetup();
  const id = useId();
  const [days, setDays] = useState<number>(DAYS[0]);
  const [isFailedOnly, setFailedOnly] = useState(false);
  const [entries, setEntries] = useState<readonly Entry[]>();
  const [cursor, setCursor] = useState<string>();

  const read = async (from?: string) => {
    const since = new Date(Date.now() - days * DAY_MS).toISOString();
    const failed = isFailedOnly ? { failed: true } : {};
    const page = await api('GET /log', { since, ...failed, ...(from === undefined ? {} : { cursor: from }) });
    setEntries((before) => (from === undefined ? page.items : [...(before ?? []), ...page.items]));
    setCursor(page.nextCursor);
  };
  const first = useAction(() => read());
  const more = useAction(() => read(cursor));
  useEffect(() => {
    setEntries(undefined);
    first.run();
  }, [days, isFailedOnly]);

  return (
    <div class="stack">
      <div class="row">
        <div class="field">
          <label for={`${id}-days`}>Of the last</label>
          <select
            id={`${id}-days`}
            value={days}
            onChange={(event) => setDays(Number(event.currentTarget.value))}
          >
            {DAYS.map((each) => (
              <option key={each} value={each}>
                {each === 1 ? '24 hours' : `${each} days`}
              </option>
            ))}
          </select>
        </div>
        <label class="check">
          <input
            type="checkbox"
            checked={isFailedOnly}
            onChange={(event) => setFailedOnly(event.currentTarget.checked)}
          />{' '}
          Only what was refused
        </label>
      </div>
      <FaultNotice fault={first.fault ?? more.fault} />
      {entries === undefined ? (
        <p class="muted">Loading …</p>
      ) : (
        <Entries
          caption="Log"
          entries={entries}
          empty="Nothing has happened in this time."
          busy={more.isBusy}
          onMore={cursor === undefined ? undefined : more.run}
        />
      )}
    </div>
  );
}
