import { useEffect, useRef, useState } from 'preact/hooks';
import { Button } from '../components/button';
import { Field } from '../components/field';
import { useFocusWhen } from '../components/focus';
import { announce } from '../components/live-region';
import { Notice } from '../components/notice';
import type { Field as FormField, TakenValueName } from '../guides';
import { useAction } from './action';
import { FaultNotice } from './fault-notice';
import { useSetup } from './setup-context';
import {
  clientOfTrust,
  type Entered,
  isTrusting,
  newClient,
  refusedValue,
  type Trust,
  trust,
  useClients,
} from './trust';
import { TrustUse } from './trust-use';

/** A field of the provider's form whose value is entered here. */
export type TakenField = Extract<FormField, { kind: 'taken' }>;

type Faults = Partial<Record<TakenValueName, string>>;

/** Takes what the identity provider shows of itself: whoever shows assertions of that has access from then on. */
export function TrustForm({ fields }: { readonly fields: readonly TakenField[] }) {
  const { api, page, branding, guide, values, keepValues } = useSetup();
  const [clients, setClients] = useClients();
  const [typed, setTyped] = useState<Partial<Entered>>({});
  const [faults, setFaults] = useState<Faults>({});
  const [isDone, setDone] = useState(false);
  const done = useFocusWhen(isDone);
  const form = useRef<HTMLElement>(null);
  useEffect(() => form.current?.querySelector<HTMLElement>('[aria-invalid]')?.focus(), [faults]);

  const present = clients === undefined ? undefined : clientOfTrust(clients);
  const trusting = present !== undefined && isTrusting(present) ? present : undefined;
  const entered = enteredOf(typed, trusting?.trust);
  const enter = useAction(async () => {
    setDone(false);
    const found = missingOf(fields, entered);
    setFaults(found);
    if (Object.keys(found).length > 0) return;
    try {
      const one = present ?? (await newClient(api, guide?.id ?? 'setup'));
      // Where its trust is refused it is there all the same, for the next attempt.
      setClients([one]);
      const client = await trust(api, one, entered);
      setClients([client]);
      keepValues({ ...values, clientId: client.clientId });
      setDone(true);
      announce('It is trusted.');
    } catch (fault) {
      const name = refusedValue(fault);
      if (name === undefined) throw fault;
      setFaults({ [name]: (fault as Error).message });
    }
  });

  if (!page.link.may.includes('credentials')) {
    return (
      <Notice kind="info">
        <p>Send these values to {branding.vendor}: this link may not enter them.</p>
      </Notice>
    );
  }
  const name = guide?.name ?? 'the identity provider';
  return (
    <section class="stack" aria-label={`What ${name} shows`} ref={form}>
      <h2>Enter what {name} shows</h2>
      {trusting !== undefined && !isDone && <TrustUse trust={trusting.trust} />}
      {fields.map(({ label, takes, example }) => (
        <Field
          key={takes}
          label={label}
          value={entered[takes]}
          hint={`As in ${example}`}
          fault={faults[takes]}
          onChange={(value) => {
            setTyped({ ...typed, [takes]: value });
            setDone(false);
          }}
        />
      ))}
      <div>
        <Button
          kind={trusting === undefined ? 'primary' : 'secondary'}
          busy={enter.isBusy || clients === undefined}
          onPress={enter.run}
        >
          Trust this identity
        </Button>
      </div>
      <FaultNotice fault={enter.fault} />
      {isDone && (
        <Notice kind="good" title="It is trusted" focusRef={done}>
          <p>
            {name} has access with what it signs for these four values, and with nothing else of it. The next
            step has what to paste there.
          </p>
        </Notice>
      )}
    </section>
  );
}

/** What stands in the fields. White space around a value was copied along: the service compares values as they are. */
function enteredOf(typed: Partial<Entered>, present: Trust | undefined): Entered {
  const of = (name: TakenValueName, before: string | undefined) => typed[name]?.trim() ?? before ?? '';
  return {
    issuer: of('issuer', present?.issuer),
    jwksUrl: of('jwksUrl', present?.jwks),
    subject: of('subject', present?.subject),
    audience: of('audience', present?.audience),
  };
}

/** What can be told before anything is made: the service judges the rest. */
function missingOf(fields: readonly TakenField[], entered: Entered): Faults {
  const missing = fields.filter(({ takes }) => entered[takes] === '');
  const faults = missing.map(({ label, takes }) => [takes, `Enter what is shown as ${label}.`]);
  const { jwksUrl } = entered;
  const isUrl = jwksUrl === '' || URL.canParse(jwksUrl);
  return { ...Object.fromEntries(faults), ...(isUrl ? {} : { jwksUrl: NO_URL }) };
}

const NO_URL = 'This is no URL: copy the whole of it, from https:// on.';
