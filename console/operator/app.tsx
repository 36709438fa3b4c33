import { useEffect, useState } from 'preact/hooks';
import { Button } from '../components/button';
import { Field } from '../components/field';
import { Notice } from '../components/notice';
import { PageFrame } from '../components/page-frame';
import { AboutContext } from './about';
import { type Address, hrefOf, useAddress } from './address';
import { call } from './call';
import { ClientPage } from './client';
import { GroupPage } from './group';
import { useLoaded } from './loading';
import { Failure, Heading } from './parts';
import { PlaygroundPage } from './playground';
import { SystemPage } from './system';
import { TenantPage } from './tenant';
import { TenantsPage } from './tenants';
import { currentToken, onToken, takeToken } from './token';
import { UserPage } from './user';

/** The operator's console. */
export function App() {
  const [token, setToken] = useState(currentToken);
  useEffect(() => {
    const stop = onToken(setToken);
    return () => void stop();
  }, []);
  return token === undefined ? <Locked /> : <Opened />;
}

/** Without the token there is nothing to see: not even what the console works on. */
function Locked() {
  const [address, setAddress] = useState('');
  const [isWrong, setIsWrong] = useState(false);
  return (
    <PageFrame brand={<strong>SCIM console</strong>}>
      <div class="stack">
        <Heading>Open the console</Heading>
        <Notice kind="info">
          <p>
            The address that the terminal shows opens it, with what is behind the <code>#</code>. Each start
            makes a new one, and this page keeps it nowhere: after a reload it is asked for again.
          </p>
        </Notice>
        <form
          class="card"
          onSubmit={(event) => {
            event.preventDefault();
            setIsWrong(!takeToken(address));
          }}
        >
          <Field label="The address from the terminal" value={address} onChange={setAddress} />
          {isWrong && (
            <Notice kind="bad" urgent>
              This is not such an address; one like http://127.0.0.1:8789/console#… is accepted.
            </Notice>
          )}
          <div>
            <Button kind="primary" onPress={() => setIsWrong(!takeToken(address))}>
              Open
            </Button>
          </div>
        </form>
      </div>
    </PageFrame>
  );
}

function Opened() {
  const about = useLoaded(() => call('console.about', {}), []);
  const address = useAddress();
  const links = [
    ['Tenants', ['tenants']],
    ['System', ['system']],
    ...(about.value?.hasPlayground === true ? [['Playground', ['playground']] as const] : []),
  ] as const;
  const [current = 'tenants'] = address.path;
  return (
    <AboutContext.Provider value={about.value}>
      <PageFrame
        brand={
          <>
            <strong>SCIM console</strong>
            {about.value !== undefined && <span class="badge">{about.value.target}</span>}
          </>
        }
        aside={
          <nav class="row" aria-label="Console">
            {links.map(([title, path]) => (
              <a key={title} href={hrefOf(path)} aria-current={path[0] === current ? 'page' : undefined}>
                {title}
              </a>
            ))}
          </nav>
        }
      >
        <Failure failure={about.failure} />
        {about.value !== undefined && <Place address={address} />}
      </PageFrame>
    </AboutContext.Provider>
  );
}

function Place({ address: { path, query } }: { readonly address: Address }) {
  const [area = 'tenants', tenantId, part = 'overview', id] = path;
  if (area === 'system') return <SystemPage />;
  if (area === 'playground') return <PlaygroundPage />;
  if (area !== 'tenants') return <Heading>There is no such page</Heading>;
  if (tenantId === undefined) return <TenantsPage />;
  if (part === 'users' && id !== undefined) return <UserPage key={id} tenantId={tenantId} userId={id} />;
  if (part === 'groups' && id !== undefined) return <GroupPage key={id} tenantId={tenantId} groupId={id} />;
  if (part === 'credentials' && id !== undefined)
    return <ClientPage key={id} tenantId={tenantId} clientId={id} />;
  return <TenantPage key={tenantId} tenantId={tenantId} part={part} query={query} />;
}
