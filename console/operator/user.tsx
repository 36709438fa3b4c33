import { DataTable } from '../components/data-table';
import { ForeignText } from '../components/foreign-text';
import { Notice } from '../components/notice';
import { RelativeTime } from '../components/relative-time';
import { go, hrefOf } from './address';
import { call } from './call';
import { History } from './entries';
import { useLoaded } from './loading';
import { Action, CommandShown, Facts, Heading, Showing } from './parts';
import type { Result } from './routes';
import { State } from './standing';

type User = Result<'users.show'>;

/** Everything that support asks about one user. */
export function UserPage({ tenantId, userId }: { readonly tenantId: string; readonly userId: string }) {
  const user = useLoaded((signal) => call('users.show', { tenantId, userId }, signal), [tenantId, userId]);
  const shown = user.value;
  return (
    <div class="stack">
      <Heading
        above={
          <>
            <a href={hrefOf(['tenants', tenantId])}>{tenantId}</a> /{' '}
            <a href={hrefOf(['tenants', tenantId, 'users'])}>Users</a>
          </>
        }
      >
        {shown?.userName ?? userId}
      </Heading>
      <Showing of={user}>
        {(found) => (
          <>
            <Identity user={found} />
            <Access user={found} />
            <Sessions user={found} />
            <History tenantId={tenantId} of={found} />
            <Actions user={found} onChange={user.reload} />
          </>
        )}
      </Showing>
    </div>
  );
}

function Identity({ user }: { readonly user: User }) {
  const at = (moment: string | undefined) => moment && <RelativeTime at={moment} />;
  return (
    <section class="card" aria-label="Identity">
      <div class="row">
        <h2>{user.displayName ?? user.userName ?? 'Without a name'}</h2>
        <State state={user.state} />
        {user.protectedSince !== undefined && <span class="badge">protected</span>}
      </div>
      {user.tenantStatus === 'suspended' && (
        <Notice kind="bad">The tenant is suspended: nobody of it has access.</Notice>
      )}
      {user.state === 'deleted' && (
        <Notice kind="warning">
          {user.restorableUntil === undefined ? (
            'Nothing of them is kept: they cannot be restored.'
          ) : (
            <p>
              They can be restored until <RelativeTime at={user.restorableUntil} />.
            </p>
          )}
        </Notice>
      )}
      {user.pending.map(({ work, since }) => (
        <Notice key={work} kind="warning">
          <p>
            Still to be done: {work}, since <RelativeTime at={since} />.
          </p>
        </Notice>
      ))}
      <Facts
        facts={[
          ['Id', <code key="id">{user.id}</code>],
          ['User name', user.userName],
          ['E-mail', user.emails.join(', ')],
          ['External id', user.externalId],
          ["Your app's id", user.appId],
          ['Created', at(user.created)],
          ['Changed', at(user.lastModified)],
          ['Deleted', at(user.deletedAt)],
          ['Protected', at(user.protectedSince)],
          ['Version', user.version],
        ]}
      />
      <CommandShown words={['user show', user.tenantId, user.id]} />
    </section>
  );
}

function Access({ user }: { readonly user: User }) {
  const { tenantId } = user;
  return (
    <section class="card" aria-label="Groups and roles">
      <DataTable
        caption={user.hasMoreGroups ? 'Groups (there are more than could be followed)' : 'Groups'}
        rows={user.groups}
        keyOf={({ id }) => id}
        empty="They are in no group."
        columns={[
          {
            title: 'Group',
            cell: ({ id, displayName }) => (
              <a href={hrefOf(['tenants', tenantId, 'groups', id])}>
                <ForeignText>{displayName}</ForeignText>
              </a>
            ),
          },
          { title: 'How', cell: ({ type }) => (type === 'direct' ? 'directly' : 'through another group') },
        ]}
      />
      <DataTable
        caption="Roles"
        rows={user.roles}
        keyOf={({ role }) => role}
        empty="Their groups give no role."
        columns={[
          { title: 'Role', cell: ({ role }) => role },
          {
            title: 'Why',
            cell: ({ from }) =>
              from.map(({ id, displayName, by }) => (
                <div key={id}>
                  <a href={hrefOf(['tenants', tenantId, 'groups', id])}>
                    <ForeignText>{displayName}</ForeignText>
                  </a>{' '}
                  <span class="muted">by {by}</span>
                </div>
              )),
          },
        ]}
      />
      <CommandShown words={['role show', tenantId, user.id]} />
    </section>
  );
}

function Sessions({ user }: { readonly user: User }) {
  return (
    <section class="card" aria-label="Sessions">
      <DataTable
        caption="Live sessions"
        rows={user.sessions}
        keyOf={({ sessionId }) => sessionId}
        empty="They have no live session."
        columns={[
          { title: 'Session', cell: ({ sessionId, label }) => label ?? sessionId },
          { title: 'Issued', cell: ({ createdAt }) => <RelativeTime at={createdAt} /> },
          { title: 'Last seen', cell: ({ lastSeenAt }) => <RelativeTime at={lastSeenAt} /> },
        ]}
      />
      <CommandShown words={['session list', user.tenantId, user.id]} />
    </section>
  );
}

function Actions({ user, onChange }: { readonly user: User; readonly onChange: () => void }) {
  const { tenantId, id: userId, state } = user;
  const done = (sentence: string) => {
    onChange();
    return sentence;
  };
  return (
    <section class="card" aria-label="What can be done">
      <h2>What can be done</h2>
      {state !== 'deleted' && (
        <Action
          title="End all sessions"
          about="At once. Whoever has access may log in again."
          words={['session revoke', tenantId, userId]}
          onDo={async () => {
            await call('sessions.revoke', { tenantId, userId });
            return done('All sessions are ended.');
          }}
        />
      )}
      {state !== 'deleted' && user.protectedSince === undefined && (
        <Action
          title="Protect"
          about="SCIM may not deactivate, delete or rename them any more; for your own way in."
          words={['user protect', tenantId, userId]}
          onDo={async () => {
            await call('users.protect', { tenantId, userId });
            return done('They are protected.');
          }}
        />
      )}
      {user.protectedSince !== undefined && (
        <Action
          title="Unprotect"
          about="SCIM may deactivate, delete and rename them again."
          words={['user unprotect', tenantId, userId]}
          onDo={async () => {
            await call('users.unprotect', { tenantId, userId });
            return done('They are not protected any more.');
          }}
        />
      )}
      {state === 'deleted' && (
        <Action
          title="Restore"
          about="Under the same id, with their groups. Old sessions stay dead."
          words={['user restore', tenantId, userId]}
          onDo={async () => {
            const { groups, groupsLeftOut } = await call('users.restore', { tenantId, userId });
            const left = groupsLeftOut.length === 0 ? '' : `; ${groupsLeftOut.length} groups are left out`;
            return done(`They are back, in ${groups.length} groups${left}.`);
          }}
        />
      )}
      {state === 'deleted' && (
        <Action
          title="Erase"
          about="What is kept of them goes at once and for ever. It cannot be undone."
          words={['user erase', tenantId, userId, '--confirm', userId]}
          isDangerous
          typed={userId}
          onDo={async () => {
            await call('users.erase', { tenantId, userId, confirm: userId });
            go(['tenants', tenantId, 'users']);
            return 'They are erased.';
          }}
        />
      )}
    </section>
  );
}
