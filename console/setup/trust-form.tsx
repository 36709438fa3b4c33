import { useState } from 'preact/hooks';
import { Button } from '../components/button';
import { useFocusWhen } from '../components/focus';
import { announce } from '../components/live-region';
import { Notice } from '../components/notice';
import { TrustUse } from '../components/trust-facts';
import {
  type EnteredTrust,
  enteredTrust,
  missingTrust,
  type TrustFaults,
  TrustFields,
} from '../components/trust-fields';
import type { Field as FormField } from '../guides';
import { useAction } from './action';
import { FaultNotice } from './fault-notice';
import { clientOfTrust, isOwn, isTrusting, ownLabel } from './own-credential';
import { useSetup } from './setup-context';
import { newClient, refusedFields, trust, useClients } from './trust';

/** A field of the provider's form whose value is entered here. */
export type TakenField = Extract<FormField, { kind: 'taken' }>;

/** Takes what the identity provider shows of itself: whoever shows assertions of that has access from then on. */
export function TrustForm({ fields }: { readonly fields: readonly TakenField[] }) {
  const { api, page, branding, guide, values, keepValues } = useSetup();
  const [clients, setClients] = useClients();
  const [typed, setTyped] = useState<Partial<EnteredTrust>>({});
  const [faults, setFaults] = useState<TrustFaults>({});
  const [isDone, setDone] = useState(false);
  const done = useFocusWhen(isDone);

  const present = clients === undefined ? undefined : clientOfTrust(clients, guide);
  const trusting = present !== undefined && isTrusting(present) ? present : undefined;
  const entered = enteredTrust(typed, trusting?.trust);
  const enter = useAction(async () => {
    setDone(false);
    const found = missingTrust(fields, entered);
    setFaults(found);
    if (Object.keys(found).length > 0) return;
    try {
      const one = present ?? (await newClient(api, ownLabel(guide)));
      // Where its trust is refused it is there all the same, for the next attempt.
      setClients([one]);
      const client = await trust(api, one, entered, isOwn(one, guide));
      setClients([client]);
      keepValues({ ...values, clientId: client.clientId });
      setDone(true);
      announce('It is trusted.');
    } catch (fault) {
      const refused = refusedFields(fault);
      if (refused === undefined) throw fault;
      setFaults(refused);
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
    <section class="stack" aria-label={`What ${name} shows`}>
      <h2>Enter what {name} shows</h2>
      {trusting !== undefined && !isDone && <TrustUse trust={trusting.trust} />}
      <TrustFields
        fields={fields}
        entered={entered}
        faults={faults}
        onType={(takes, value) => {
          setTyped({ ...typed, [takes]: value });
          setDone(false);
        }}
      />
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
