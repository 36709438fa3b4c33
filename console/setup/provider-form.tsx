import { CopyableValue } from '../components/copyable-value';
import { type Field, type Form, parseText, type Text, VALUES } from '../guides';
import { GuideText } from './guide-text';
import { useSetup, type Values } from './setup-context';

/** What is the same for everybody and as short as this is typed rather than copied. */
const MAX_TYPED_CHARACTERS = 20;

/** The provider's form, drawn as far as it matters: its labels, and in each field the very value to paste. */
export function ProviderForm({ form }: { readonly form: Form }) {
  return (
    <figure class="provider-form">
      <figcaption>{form.title}</figcaption>
      <div class="stack">
        {form.fields.map((field) => (
          <FormField key={field.label} field={field} />
        ))}
      </div>
      {form.buttons !== undefined && (
        <p class="muted">
          Then press{' '}
          {form.buttons.map((button, index) => (
            <span key={button}>
              {index > 0 && ', then '}
              <strong>{button}</strong>
            </span>
          ))}
          .
        </p>
      )}
    </figure>
  );
}

function FormField({ field }: { readonly field: Field }) {
  return (
    <div class="stack-tight">
      <FieldValue field={field} />
      {(field.otherLabels !== undefined || field.note !== undefined) && (
        <p class="muted">
          {field.otherLabels !== undefined && <>Also called {field.otherLabels.join(', ')}. </>}
          {field.note !== undefined && <GuideText text={field.note} />}
        </p>
      )}
    </div>
  );
}

function FieldValue({ field }: { readonly field: Field }) {
  const { values } = useSetup();
  switch (field.kind) {
    case 'check':
      return (
        <p>
          <strong>{field.label}</strong>: {field.isOn ? 'on ✓' : 'off'}
        </p>
      );
    case 'choice':
      return (
        <p>
          <strong>{field.label}</strong>: {field.value}
        </p>
      );
    case 'taken':
      return (
        <p>
          <strong>{field.label}</strong>: shown there, as in <code>{field.example}</code>
        </p>
      );
    default: {
      const value = filled(field.value, values);
      if (value === undefined) {
        return (
          <p>
            <strong>{field.label}</strong>: <span class="muted">{absent(field.value)}</span>
          </p>
        );
      }
      return value === field.value && value.length <= MAX_TYPED_CHARACTERS ? (
        <p>
          <strong>{field.label}</strong>: {value}
        </p>
      ) : (
        <CopyableValue label={field.label} value={value} />
      );
    }
  }
}

/** The text of a field with our values in it; undefined while one of them is not known. */
function filled(text: Text, values: Values): string | undefined {
  const parts = parseText(text).map((part) => (part.kind === 'value' ? values[part.name] : part.text));
  return parts.some((part) => part === undefined) ? undefined : parts.join('');
}

/** What stands in a field whose value is not here. */
function absent(text: Text): string {
  const names = parseText(text).flatMap((part) => (part.kind === 'value' ? [part.name] : []));
  return names.some((name) => VALUES[name].isSecret)
    ? 'shown here once, when it is made'
    : 'shown here when it is made';
}
