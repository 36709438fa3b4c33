import type { ComponentChildren } from 'preact';
import { ForeignText } from '../components/foreign-text';
import { Notice } from '../components/notice';
import { RelativeTime } from '../components/relative-time';
import { type Connection, useSetup } from './setup-context';

type User = NonNullable<Connection['latestUser']>;
type Group = NonNullable<Connection['latestGroup']>;

/** The person who came last, with what the identity provider has sent of them and what it has not. */
export function LatestUser() {
  const user = useSetup().connection.value?.latestUser;
  if (user === undefined) return <Expected>No person has arrived yet.</Expected>;
  const gaps = gapsOf(user);
  return (
    <div class="stack">
      <Arrived at={user.createdAt}>
        <ForeignText>{user.displayName ?? user.userName}</ForeignText> has arrived
      </Arrived>
      <dl class="facts">
        <Fact name="userName" value={user.userName} />
        <Fact name="externalId" value={user.externalId} />
        <Fact name="Name" value={[user.givenName, user.familyName].filter(Boolean).join(' ')} />
        <Fact name="E-mail" value={user.email} />
        <Fact name="Access" value={user.active ? 'yes' : 'no: inactive'} />
      </dl>
      {gaps.length > 0 && (
        <Notice kind="warning" title={`Not sent: ${gaps.join(', ')}`}>
          <p>
            Look at the mapping again, or at whether this person has a value there. Then provision them again.
          </p>
        </Notice>
      )}
    </div>
  );
}

/** The group that came last. */
export function LatestGroup() {
  const group: Group | undefined = useSetup().connection.value?.latestGroup;
  if (group === undefined) return <Expected>No group has arrived yet.</Expected>;
  return (
    <div class="stack">
      <Arrived at={group.createdAt}>
        <ForeignText>{group.displayName}</ForeignText> has arrived
      </Arrived>
      <dl class="facts">
        <Fact name="externalId" value={group.externalId} />
        <Fact name="Members" value={String(group.members)} />
      </dl>
      {group.members === 0 && (
        <Notice kind="warning" title="It has no members">
          <p>
            People have to be provisioned before the group is. Provision its members, then the group again.
          </p>
        </Notice>
      )}
    </div>
  );
}

/** What is worth a look when the first person arrives; a name may be absent, what tells people apart may not. */
function gapsOf({ externalId, email, givenName, familyName }: User): string[] {
  return [
    externalId === undefined ? 'externalId' : [],
    email === undefined ? 'e-mail' : [],
    givenName === undefined && familyName === undefined ? 'name' : [],
  ].flat();
}

const Expected = ({ children }: { readonly children: ComponentChildren }) => (
  <div class="live">
    <span class="live-dot waiting" aria-hidden="true" />
    <p>{children}</p>
  </div>
);

const Arrived = ({
  at,
  children,
}: {
  readonly at?: string | undefined;
  readonly children: ComponentChildren;
}) => (
  <div class="live">
    <span class="live-dot good" aria-hidden="true" />
    <p>
      <strong>{children}</strong>
      {at !== undefined && (
        <>
          , <RelativeTime at={at} />
        </>
      )}
    </p>
  </div>
);

const Fact = ({ name, value }: { readonly name: string; readonly value: string | undefined }) => (
  <>
    <dt>{name}</dt>
    <dd>
      {value === undefined || value === '' ? (
        <span class="muted">not sent</span>
      ) : (
        <ForeignText>{value}</ForeignText>
      )}
    </dd>
  </>
);
