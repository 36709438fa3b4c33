import { CAVEATS, parseText, type Statement, type Text, type TextPart, VALUES } from '../guides';
import { useSetup, type Values } from './setup-context';

/** A text of a guide: its code, labels and values. */
export function GuideText({ text }: { readonly text: Text }) {
  const { values } = useSetup();
  return (
    <>
      {parseText(text).map((part, index) => (
        <Part key={index} part={part} values={values} />
      ))}
    </>
  );
}

function Part({ part, values }: { readonly part: TextPart; readonly values: Values }) {
  if (part.kind === 'value') return <code>{values[part.name] ?? VALUES[part.name].label}</code>;
  if (part.kind === 'code') return <code>{part.text}</code>;
  return part.kind === 'label' ? <strong>{part.text}</strong> : <span>{part.text}</span>;
}

/** A statement, and how sure it is where it is not. */
export function GuideStatement({ statement }: { readonly statement: Statement }) {
  const caveat = CAVEATS[statement.confidence];
  return (
    <>
      <GuideText text={statement.text} />
      {caveat !== undefined && <span class="muted"> ({caveat.replace(/\.$/, '')})</span>}
    </>
  );
}

/** Statements as a list. */
export const Statements = ({ statements }: { readonly statements: readonly Statement[] }) => (
  <ul class="list">
    {statements.map((statement) => (
      <li key={statement.text}>
        <GuideStatement statement={statement} />
      </li>
    ))}
  </ul>
);

/** A text of a guide without its marks, for where only text can be. */
export const plainText = (text: Text): string =>
  parseText(text)
    .map((part) => (part.kind === 'value' ? VALUES[part.name].label : part.text))
    .join('');
