import { useEffect, useRef } from 'preact/hooks';
import type { TakenValueName } from '../guides';
import { Field } from './field';

/** The values of an identity provider's page by which it is trusted, as they are entered. */
export type EnteredTrust = Readonly<Record<TakenValueName, string>>;
/** Why values were not accepted, each at its own field. */
export type TrustFaults = Partial<Record<TakenValueName, string>>;

/** How a value is called where it is entered. */
export interface TrustField {
  readonly label: string;
  readonly takes: TakenValueName;
  readonly example: string;
}

/** The same values as the service calls them. */
export interface TrustValues {
  readonly issuer: string;
  readonly jwks: string;
  readonly subject: string;
  readonly audience: string;
}

interface TrustFieldsProps {
  readonly fields: readonly TrustField[];
  readonly entered: EnteredTrust;
  readonly faults: TrustFaults;
  readonly onType: (takes: TakenValueName, value: string) => void;
}

/** Fields for whom a client is to trust. The first one that is not accepted gets the focus. */
export function TrustFields({ fields, entered, faults, onType }: TrustFieldsProps) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => place.current?.querySelector<HTMLElement>('[aria-invalid]')?.focus(), [faults]);
  return (
    <div class="stack" ref={place}>
      {fields.map(({ label, takes, example }) => (
        <Field
          key={takes}
          label={label}
          value={entered[takes]}
          hint={`As in ${example}`}
          fault={faults[takes]}
          onChange={(value) => onType(takes, value)}
        />
      ))}
    </div>
  );
}

/** What stands in the fields. White space around a value was copied along: the service compares values as they are. */
export function enteredTrust(
  typed: Partial<EnteredTrust>,
  present: Partial<TrustValues> | undefined,
): EnteredTrust {
  const of = (name: TakenValueName, before: string | undefined) => typed[name]?.trim() ?? before ?? '';
  return {
    issuer: of('issuer', present?.issuer),
    jwksUrl: of('jwksUrl', present?.jwks),
    subject: of('subject', present?.subject),
    audience: of('audience', present?.audience),
  };
}

/** What was entered, under the service's names. */
export const trustValues = ({ jwksUrl: jwks, ...others }: EnteredTrust): TrustValues => ({ ...others, jwks });

/** What can be told before anything is sent: the service judges the rest. */
export function missingTrust(fields: readonly TrustField[], entered: EnteredTrust): TrustFaults {
  const missing = fields.filter(({ takes }) => entered[takes] === '');
  const faults = missing.map(({ label, takes }) => [takes, `Enter what is shown as ${label}.`]);
  const { jwksUrl } = entered;
  const isUrl = jwksUrl === '' || URL.canParse(jwksUrl);
  return { ...Object.fromEntries(faults), ...(isUrl ? {} : { jwksUrl: NO_URL }) };
}

const NO_URL = 'This is no URL: copy the whole of it, from https:// on.';

/** A refusal at the field that it speaks of, which its sentence names first; undefined where it speaks of none. */
export function refusedTrust(sentence: string): TrustFaults | undefined {
  const [, name] = /^(?:The )?"?(issuer|subject|audience|jwks)\b/.exec(sentence) ?? [];
  if (name === undefined) return undefined;
  return { [name === 'jwks' ? 'jwksUrl' : name]: sentence };
}
