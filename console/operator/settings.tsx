import { useContext, useState } from 'preact/hooks';
import { Button } from '../components/button';
import { Field } from '../components/field';
import { announce } from '../components/live-region';
import { Notice } from '../components/notice';
import { AboutContext } from './about';
import { go } from './address';
import { call } from './call';
import { JobProgress, useJob } from './job';
import { Action, Choice, CommandShown, Failure } from './parts';
import type { Result } from './routes';

type Tenant = Result<'tenants.show'>;
type Settings = Tenant['settings'];
type Setting = keyof Settings;

/** A tenant's settings, and what can be done to it as a whole. */
export function SettingsPart({
  tenant,
  onChange,
}: {
  readonly tenant: Tenant;
  readonly onChange: () => void;
}) {
  const { tenantId, settings } = tenant;
  const [changed, setChanged] = useState<Readonly<Record<string, unknown>>>({});
  const [outcome, setOutcome] = useState<{ readonly done?: string; readonly failure?: Error }>({});
  const [isBusy, setIsBusy] = useState(false);
  const names = Object.keys(settings) as Setting[];
  const differing = Object.entries(changed).filter(([name, value]) => settings[name as Setting] !== value);
  const save = async () => {
    setIsBusy(true);
    setOutcome({});
    try {
      const { changed: done } = await call('tenants.set', { tenantId, ...Object.fromEntries(differing) });
      const sentence = done.length === 0 ? 'Nothing has changed.' : `Changed: ${done.join(', ')}.`;
      setOutcome({ done: sentence });
      announce(sentence);
      setChanged({});
      onChange();
    } catch (failure) {
      setOutcome({ failure: failure as Error });
    }
    setIsBusy(false);
  };
  return (
    <div class="stack">
      <section class="card" aria-label="Settings">
        <h2>Settings</h2>
        {names.map((name) => (
          <SettingField
            key={name}
            name={name}
            value={name in changed ? changed[name] : settings[name]}
            onChange={(value) => setChanged({ ...changed, [name]: value })}
          />
        ))}
        <Failure failure={outcome.failure} />
        {outcome.done !== undefined && <Notice kind="good">{outcome.done}</Notice>}
        <div>
          <Button kind="primary" busy={isBusy} onPress={() => void save()}>
            Save
          </Button>
        </div>
        <CommandShown
          words={[
            'tenant set',
            tenantId,
            ...(differing.length === 0
              ? names.map((name) => [name, settings[name]] as const)
              : differing
            ).map(([name, value]) => `${name}=${String(value)}`),
          ]}
        />
      </section>
      <Whole tenant={tenant} onChange={onChange} />
    </div>
  );
}

function SettingField({
  name,
  value,
  onChange,
}: {
  readonly name: string;
  readonly value: unknown;
  readonly onChange: (value: unknown) => void;
}) {
  const {
    purpose = '',
    accepted = '',
    values,
  } = useContext(AboutContext)?.settings.find((setting) => setting.name === name) ?? {};
  if (typeof value === 'boolean') {
    return (
      <div class="stack-tight">
        <Choice
          label={name}
          value={String(value)}
          options={[
            ['true', 'yes'],
            ['false', 'no'],
          ]}
          onChange={(text) => onChange(text === 'true')}
        />
        <span class="muted">{purpose}</span>
      </div>
    );
  }
  if (values !== undefined) {
    return (
      <div class="stack-tight">
        <Choice
          label={name}
          value={String(value)}
          options={values.map((each) => [each, each] as const)}
          onChange={onChange}
        />
        <span class="muted">{purpose}</span>
      </div>
    );
  }
  const isNumber = typeof value === 'number';
  return (
    <Field
      label={name}
      type={isNumber ? 'number' : 'text'}
      value={String(value)}
      onChange={(text) => onChange(isNumber ? Number(text) : text)}
      hint={`${purpose} Accepted: ${accepted}.`}
    />
  );
}

/** Suspend, resume, delete. */
function Whole({ tenant, onChange }: { readonly tenant: Tenant; readonly onChange: () => void }) {
  const { tenantId, status } = tenant;
  const job = useJob();
  return (
    <section class="card" aria-label="The tenant as a whole">
      <h2>The tenant as a whole</h2>
      {status === 'active' ? (
        <Action
          title="Suspend"
          about="All its tokens are refused and all its sessions end, for good."
          words={['tenant suspend', tenantId]}
          isDangerous
          onDo={async () => {
            await call('tenants.suspend', { tenantId });
            onChange();
            return 'The tenant is suspended.';
          }}
        />
      ) : (
        <Action
          title="Resume"
          about="Its tokens are accepted again. Its sessions stay dead: people log in anew."
          words={['tenant resume', tenantId]}
          onDo={async () => {
            await call('tenants.resume', { tenantId });
            onChange();
            return 'Its tokens are accepted again.';
          }}
        />
      )}
      <Action
        title="Delete the tenant"
        about="Everything of it goes: users, groups, sessions, credentials, its log. It cannot be undone."
        words={['tenant delete', tenantId, '--confirm', tenantId]}
        isDangerous
        typed={tenantId}
        onDo={async () => {
          await job.start({ work: 'tenant delete', tenantId, confirm: tenantId });
          return 'It is being removed.';
        }}
      />
      <JobProgress job={job.job} onDone={() => go(['tenants'])} />
    </section>
  );
}
