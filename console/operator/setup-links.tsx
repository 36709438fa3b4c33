import { useState } from 'preact/hooks';
import { DataTable } from '../components/data-table';
import { Field } from '../components/field';
import { RelativeTime } from '../components/relative-time';
import { SecretOnce } from '../components/secret-once';
import { call } from './call';
import { usePages } from './loading';
import type { PartProps } from './part';
import { Action, Choice, CommandShown, Showing } from './parts';
import { State } from './standing';

const DAY_SECONDS = 86_400;

/** What a link permits besides looking, from little to much. */
const MAY = [
  ['none', 'nothing but looking'],
  ['credentials,log', 'credentials and the log'],
  ['credentials,roles,log', 'credentials, the log, and groups to roles'],
] as const;
type Permission = 'credentials' | 'roles' | 'log';

/** Links to the page on which the customer's administrator connects their identity provider. */
export function SetupLinksPart({ tenantId }: PartProps) {
  const [made, setMade] = useState<string>();
  const links = usePages(
    (cursor, signal) => call('setupLinks.list', { tenantId, cursor }, signal),
    [tenantId],
  );
  return (
    <div class="stack">
      {made !== undefined && <SecretOnce label="Link" value={made} onTaken={() => setMade(undefined)} />}
      <section class="card" aria-label="Set-up links">
        <Showing of={links}>
          {(rows) => (
            <DataTable
              caption="Links to the set-up page"
              rows={rows}
              keyOf={({ linkId }) => linkId}
              empty="There is none. With one, the customer's administrator connects their identity provider alone."
              onMore={links.more}
              busy={links.isLoading}
              columns={[
                { title: 'For', cell: (link) => link.for },
                { title: 'State', cell: ({ state }) => <State state={state} /> },
                { title: 'May', cell: ({ may, roles }) => [...may, ...roles].join(', ') || 'look' },
                {
                  title: 'Last used',
                  cell: ({ lastUsedAt }) =>
                    lastUsedAt === undefined ? (
                      <span class="muted">never</span>
                    ) : (
                      <RelativeTime at={lastUsedAt} />
                    ),
                },
                { title: 'Ends', cell: ({ expiresAt }) => <RelativeTime at={expiresAt} /> },
                {
                  title: '',
                  cell: ({ linkId, state, for: whom }) =>
                    state === 'live' && (
                      <Action
                        title="Revoke"
                        of={`the link for ${whom}`}
                        about="The link is refused from now on; what was made with it stays."
                        words={['setup-link revoke', tenantId, linkId]}
                        isDangerous
                        onDo={async () => {
                          await call('setupLinks.revoke', { tenantId, linkId });
                          links.reload();
                          return 'The link is revoked.';
                        }}
                      />
                    ),
                },
              ]}
            />
          )}
        </Showing>
        <CommandShown words={['setup-link list', tenantId]} />
        <MakeLink
          tenantId={tenantId}
          onMade={(link) => {
            setMade(link);
            links.reload();
          }}
        />
      </section>
    </div>
  );
}

function MakeLink({
  tenantId,
  onMade,
}: {
  readonly tenantId: string;
  readonly onMade: (link: string) => void;
}) {
  const [whom, setWhom] = useState('');
  const [days, setDays] = useState('7');
  const [may, setMay] = useState<(typeof MAY)[number][0]>('credentials,log');
  const [roles, setRoles] = useState('');
  const permits = may.split(',').filter((each): each is Permission => each !== 'none');
  const listed = roles.split(/[\s,]+/).filter((role) => role !== '');
  const given = permits.includes('roles') ? listed : [];
  return (
    <Action
      title="Make a link"
      about="To be sent to the customer; whoever has it may do what it permits, for this tenant alone."
      words={[
        'setup-link create',
        tenantId,
        '--for',
        whom || 'IT of Acme',
        '--expires',
        `${days}d`,
        '--may',
        may,
        ...(given.length === 0 ? [] : ['--roles', given.join(',')]),
      ]}
      onDo={async () => {
        const lifeSeconds = Number(days) * DAY_SECONDS;
        const link = await call('setupLinks.create', {
          tenantId,
          for: whom,
          lifeSeconds,
          may: permits,
          ...(given.length === 0 ? {} : { roles: given }),
        });
        onMade(link.url ?? link.secret);
        return 'The link is made; it is above, once.';
      }}
    >
      <Field label="Whom it is for" value={whom} onChange={setWhom} hint="As in IT of Acme." />
      <Field label="Days until it ends" type="number" value={days} onChange={setDays} />
      <Choice label="It may" value={may} options={MAY} onChange={setMay} />
      {permits.includes('roles') && (
        <Field
          label="Roles that groups may be given, with commas between"
          value={roles}
          onChange={setRoles}
        />
      )}
    </Action>
  );
}
