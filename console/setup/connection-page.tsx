import { useState } from 'preact/hooks';
import { Button } from '../components/button';
import { Tabs } from '../components/tabs';
import { CredentialsPanel } from './credentials-panel';
import { Heading } from './heading';
import { LogPanel } from './log-panel';
import { OverviewPanel } from './overview-panel';
import { RolesPanel } from './roles-panel';
import { useSetup } from './setup-context';

/** What there is to see and to do of a connection that is set up. */
export function ConnectionPage({ onSetUp }: { readonly onSetUp: () => void }) {
  const { page, guide } = useSetup();
  const [current, setCurrent] = useState('overview');
  const { may } = page.link;
  const tabs = [
    { id: 'overview', title: 'Overview' },
    { id: 'credentials', title: 'Credentials' },
    ...(may.includes('roles') ? [{ id: 'roles', title: 'Groups and roles' }] : []),
    ...(may.includes('log') ? [{ id: 'log', title: 'Log' }] : []),
  ];
  return (
    <div class="card">
      <Heading>{guide === undefined ? 'The connection' : `The connection to ${guide.name}`}</Heading>
      <Tabs label="Parts of the connection" tabs={tabs} current={current} onChoose={setCurrent}>
        {current === 'overview' && <OverviewPanel />}
        {current === 'credentials' && <CredentialsPanel />}
        {current === 'roles' && <RolesPanel />}
        {current === 'log' && <LogPanel />}
      </Tabs>
      <div class="row">
        <Button onPress={onSetUp}>
          {guide === undefined ? 'Set it up step by step' : 'Go through the steps again'}
        </Button>
      </div>
    </div>
  );
}
