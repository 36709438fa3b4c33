import { Tabs } from '../components/tabs';
import { go, hrefOf } from './address';
import { call } from './call';
import { CredentialsPart } from './credentials';
import { GroupsPart } from './groups';
import { ImportPart } from './import';
import { useLoaded } from './loading';
import { LogPart } from './log';
import { Overview } from './overview';
import type { PartProps } from './part';
import { Heading, Showing } from './parts';
import { RolesPart } from './roles';
import { SettingsPart } from './settings';
import { SetupLinksPart } from './setup-links';
import { UndoPart } from './undo';
import { UsersPart } from './users';

/** The parts of a tenant's page, by what the address calls them. */
const PARTS = [
  ['overview', 'Overview'],
  ['users', 'Users'],
  ['groups', 'Groups'],
  ['roles', 'Roles'],
  ['log', 'Log'],
  ['undo', 'Undo'],
  ['import', 'Import and export'],
  ['credentials', 'Credentials'],
  ['setup', 'Set-up links'],
  ['settings', 'Settings'],
] as const;

/** One tenant. */
export function TenantPage({ tenantId, part: asked, query }: PartProps & { readonly part: string }) {
  const part = PARTS.find(([id]) => id === asked)?.[0] ?? 'overview';
  const tenant = useLoaded((signal) => call('tenants.show', { tenantId }, signal), [tenantId, part]);
  return (
    <div class="stack">
      <Heading above={<a href={hrefOf(['tenants'])}>Tenants</a>}>{tenant.value?.name ?? tenantId}</Heading>
      <Tabs
        label="Parts of the tenant"
        tabs={PARTS.map(([id, title]) => ({ id, title }))}
        current={part}
        onChoose={(id) => go(['tenants', tenantId, id])}
      >
        {part === 'overview' && <Showing of={tenant}>{(shown) => <Overview tenant={shown} />}</Showing>}
        {part === 'credentials' && (
          <Showing of={tenant}>
            {(shown) => <CredentialsPart tenant={shown} onChange={tenant.reload} />}
          </Showing>
        )}
        {part === 'settings' && (
          <Showing of={tenant}>{(shown) => <SettingsPart tenant={shown} onChange={tenant.reload} />}</Showing>
        )}
        {part === 'setup' && <SetupLinksPart tenantId={tenantId} query={query} />}
        {part === 'users' && <UsersPart tenantId={tenantId} query={query} />}
        {part === 'groups' && <GroupsPart tenantId={tenantId} query={query} />}
        {part === 'roles' && <RolesPart tenantId={tenantId} query={query} />}
        {part === 'log' && <LogPart tenantId={tenantId} query={query} />}
        {part === 'undo' && <UndoPart tenantId={tenantId} query={query} />}
        {part === 'import' && <ImportPart tenantId={tenantId} query={query} />}
      </Tabs>
    </div>
  );
}
