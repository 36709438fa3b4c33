import {
  CAVEATS,
  type Guide,
  type Method,
  parseText,
  type Step,
  type Text,
  VALUES,
  type ValueName,
} from '../guides';
import { LatestGroup, LatestUser } from './arrivals';
import { GuideText, plainText } from './guide-text';
import { Heading } from './heading';
import { KnownErrors } from './known-errors';
import { LiveLine } from './live-line';
import { MakeCredential } from './make-credential';
import { MappingTable } from './mapping-table';
import { ProviderForm } from './provider-form';
import { type TakenField, TrustForm } from './trust-form';
import { TrustingClientId } from './trusting-client-id';

/** One decision at the identity provider: where, what, and what is seen there and here when it works. */
export function GuideStep(props: { readonly guide: Guide; readonly method: Method; readonly step: Step }) {
  const { guide, method, step } = props;
  const mapping = guide.mappings.find(({ resourceType }) => resourceType === step.mapping);
  const taken = (step.form?.fields ?? []).filter((field): field is TakenField => field.kind === 'taken');
  const caveat = CAVEATS[step.confidence];
  return (
    <div class="stack">
      <Heading>{plainText(step.title)}</Heading>
      <Menus step={step} />
      <ol class="list">
        {step.instructions.map((instruction) => (
          <li key={instruction}>
            <GuideText text={instruction} />
          </li>
        ))}
      </ol>
      {asksFor(step, ({ isSecret }) => isSecret) && <MakeCredential method={method} />}
      {method.credential === 'trust' && asksFor(step, (value) => value === VALUES.clientId) && (
        <TrustingClientId />
      )}
      {step.form !== undefined && <ProviderForm form={step.form} />}
      {taken.length > 0 && <TrustForm fields={taken} />}
      {mapping !== undefined && <MappingTable mapping={mapping} />}
      {step.seen !== undefined && (
        <p>
          <strong>When it works, you see there:</strong> <GuideText text={step.seen} />
        </p>
      )}
      {caveat !== undefined && <p class="muted">{caveat}</p>}
      {step.awaits !== undefined && (
        <section class="stack" aria-label="What arrives here">
          <h2>What arrives here</h2>
          <LiveLine />
          {step.awaits === 'user' && <LatestUser />}
          {step.awaits === 'group' && <LatestGroup />}
          <KnownErrors guide={guide} />
        </section>
      )}
    </div>
  );
}

function Menus({ step }: { readonly step: Step }) {
  if (step.menu === undefined) return null;
  return (
    <p>
      <MenuPath path={step.menu} />
      {step.formerMenu !== undefined && (
        <>
          <br />
          <span class="muted">
            On the older page: <MenuPath path={step.formerMenu} />
          </span>
        </>
      )}
    </p>
  );
}

const MenuPath = ({ path }: { readonly path: readonly string[] }) => (
  <>
    {path.map((entry, index) => (
      <span key={entry}>
        {index > 0 && <span aria-hidden="true"> › </span>}
        {index > 0 && <span class="visually-hidden">, then </span>}
        <strong>{entry}</strong>
      </span>
    ))}
  </>
);

/** Whether the step's form takes a value of ours of this kind. */
function asksFor(step: Step, isOne: (value: (typeof VALUES)[ValueName]) => boolean): boolean {
  const texts: readonly Text[] = (step.form?.fields ?? []).flatMap((field) =>
    'value' in field ? [field.value] : [],
  );
  return texts.some((text) =>
    parseText(text).some((part) => part.kind === 'value' && isOne(VALUES[part.name])),
  );
}
