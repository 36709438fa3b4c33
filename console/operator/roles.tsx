import { useState } from 'preact/hooks';
import { Button } from '../components/button';
import { DataTable } from '../components/data-table';
import { Field } from '../components/field';
import { hrefOf } from './address';
import { call } from './call';
import { useLoaded, usePages } from './loading';
import type { PartProps } from './part';
import { Action, Choice, CommandShown, Showing } from './parts';
import type { Result } from './routes';

type By = 'displayName' | 'externalId';

/** Which roles the groups give; before one is mapped, who would gain and who would lose. */
export function RolesPart({ tenantId }: PartProps) {
  const mappings = usePages((cursor, signal) => call('roles.list', { tenantId, cursor }, signal), [tenantId]);
  return (
    <div class="stack">
      <Showing of={mappings}>
        {(rows) => (
          <DataTable
            caption="What the groups give"
            rows={rows}
            keyOf={({ by, group }) => `${by} ${group}`}
            empty="No group gives a role yet."
            onMore={mappings.more}
            busy={mappings.isLoading}
            columns={[
              {
                title: 'Group',
                cell: ({ group }) => <a href={hrefOf(['tenants', tenantId, 'groups', group])}>{group}</a>,
              },
              { title: 'Named by', cell: ({ by }) => by },
              { title: 'Roles', cell: ({ roles }) => roles.join(', ') },
              {
                title: '',
                cell: ({ by, group }) => (
                  <Action
                    title="Unmap"
                    of={group}
                    about="The group gives no roles any more."
                    words={['role unmap', tenantId, group, '--by', by]}
                    isDangerous
                    onDo={async () => {
                      await call('roles.unmap', { tenantId, group, by });
                      mappings.reload();
                      return 'It gives no roles any more.';
                    }}
                  />
                ),
              },
            ]}
          />
        )}
      </Showing>
      <CommandShown words={['role list', tenantId]} />
      <MapGroup tenantId={tenantId} onChange={mappings.reload} />
    </div>
  );
}

function MapGroup({ tenantId, onChange }: { readonly tenantId: string; readonly onChange: () => void }) {
  const [group, setGroup] = useState('');
  const [by, setBy] = useState<By>('displayName');
  const [roles, setRoles] = useState('');
  const [previewed, setPreviewed] = useState<{ group: string; by: By; roles: string }>();
  const list = roles
    .split(',')
    .map((role) => role.trim())
    .filter((role) => role !== '');
  const asked = { group, by, roles: list.join(',') };
  return (
    <section class="card" aria-label="Map a group">
      <h2>Map a group</h2>
      <div class="filters">
        <Field label="The group's name" value={group} onChange={setGroup} />
        <Choice
          label="Named by"
          value={by}
          options={[
            ['displayName', 'displayName'],
            ['externalId', 'externalId'],
          ]}
          onChange={setBy}
        />
        <Field label="Roles, with commas between" value={roles} onChange={setRoles} />
      </div>
      <div>
        <Button kind="primary" onPress={() => setPreviewed(asked)}>
          Show who gains and loses
        </Button>
      </div>
      {previewed !== undefined && previewed.group !== '' && <Preview tenantId={tenantId} asked={previewed} />}
      <Action
        title="Map"
        about="In place of what the group gave before; from the next check of a session on."
        words={['role map', tenantId, group || 'Engineering', '--by', by, '--roles', asked.roles || 'admin']}
        onDo={async () => {
          await call('roles.map', { tenantId, group, by, roles: list });
          setPreviewed(undefined);
          onChange();
          return `${group} gives ${list.join(', ')}.`;
        }}
      />
    </section>
  );
}

function Preview({
  tenantId,
  asked,
}: {
  readonly tenantId: string;
  readonly asked: { readonly group: string; readonly by: By; readonly roles: string };
}) {
  const preview = useLoaded(
    (signal) => call('roles.preview', { tenantId, ...asked, roles: asked.roles || undefined }, signal),
    [tenantId, asked],
  );
  return <Showing of={preview}>{(shown) => <Changes tenantId={tenantId} preview={shown} />}</Showing>;
}

function Changes({
  tenantId,
  preview: { changes, users, inactive, groups },
}: {
  readonly tenantId: string;
  readonly preview: Result<'roles.preview'>;
}) {
  return (
    <DataTable
      caption={
        groups.length === 0
          ? 'No group has this name at present: the mapping waits for one'
          : `${users} active users are in it, and ${inactive} who are inactive`
      }
      rows={changes}
      keyOf={({ role, change }) => `${role} ${change}`}
      empty="Nobody gains or loses a role."
      columns={[
        { title: 'Role', cell: ({ role }) => role },
        { title: 'Is', cell: ({ change }) => change },
        { title: 'By', cell: ({ users }) => `${users} ${users === 1 ? 'user' : 'users'}` },
        {
          title: 'The first of them',
          cell: ({ first }) =>
            first.map((id) => (
              <div key={id}>
                <a href={hrefOf(['tenants', tenantId, 'users', id])}>{id}</a>
              </div>
            )),
        },
      ]}
    />
  );
}
