import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef, useState } from 'preact/hooks';
import { Button } from '../components/button';
import { Dialog } from '../components/dialog';
import { announce } from '../components/live-region';
import { Notice } from '../components/notice';
import { useCommand } from './about';
import { CallFailed } from './call';
import { type CommandWords, commandLine } from './commands';
import type { Loaded } from './loading';

/** Whether one has come from another place: the first one has the focus of the whole page. */
let hasHadHeading = false;

/** The heading of a place, which takes the focus when one goes there: a screen reader says where one is. */
export function Heading({
  children,
  above,
}: {
  readonly children: string;
  readonly above?: ComponentChildren;
}) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${children} · SCIM console`;
  }, [children]);
  useEffect(() => {
    if (hasHadHeading) heading.current?.focus();
    hasHadHeading = true;
  }, []);
  return (
    <div class="stack-tight">
      {above !== undefined && <nav aria-label="Above">{above}</nav>}
      <h1 ref={heading} tabIndex={-1}>
        {children}
      </h1>
    </div>
  );
}

/** Why something could not be done, in a sentence. */
export function Failure({ failure }: { readonly failure: Error | undefined }) {
  if (failure === undefined) return null;
  const title =
    failure instanceof CallFailed && failure.status >= 500 ? 'The service met an error' : 'Not done';
  return (
    <Notice kind="bad" title={title} urgent>
      <p>{failure.message}</p>
    </Notice>
  );
}

/** What is fetched, once it is there; before, that it is on its way, or why it does not come. */
export function Showing<Value>({
  of,
  children,
}: {
  readonly of: Loaded<Value>;
  readonly children: (value: Value) => ComponentChildren;
}) {
  return (
    <>
      <Failure failure={of.failure} />
      {of.value !== undefined && children(of.value)}
      {of.value === undefined && of.failure === undefined && <p class="muted">Loading …</p>}
    </>
  );
}

/** The command that does the same at the terminal. */
export function CommandShown({ words }: { readonly words: CommandWords }) {
  const command = useCommand()(commandLine(words));
  const [isCopied, setIsCopied] = useState(false);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(command);
      setIsCopied(true);
      announce('Command copied.');
      setTimeout(() => setIsCopied(false), 2_000);
    } catch {
      announce('The browser does not let the page copy; select the command.');
    }
  };
  return (
    <div class="command">
      <code>{command}</code>
      <Button kind="quiet" small onPress={copy} label={`Copy the command ${command}`}>
        {isCopied ? 'Copied' : 'Copy'}
      </Button>
    </div>
  );
}

/** Thrown by what an action does when the reason stands at a field of its question already. */
export class ShownAtField extends Error {}

interface ActionProps {
  /** The words of its button. */
  readonly title: string;
  /** What it does, and what does not come back. */
  readonly about: string;
  readonly words: CommandWords;
  /** What its button is about, where several have the same words. */
  readonly of?: string;
  /** @returns what to say when it is done; throws `ShownAtField` for what a field of the question says */
  readonly onDo: () => Promise<string>;
  readonly isDangerous?: boolean;
  /** What has to be typed before, where it cannot be undone. */
  readonly typed?: string;
  /** Fields of the question. */
  readonly children?: ComponentChildren;
}

/** Something that can be done: its button, what it does, and its command. It asks before it is done. */
export function Action({ title, of, about, words, onDo, isDangerous, typed, children }: ActionProps) {
  const [isAsking, setIsAsking] = useState(false);
  const [isBusy, setIsBusy] = useState(false);
  const [outcome, setOutcome] = useState<{ readonly done?: string; readonly failure?: Error }>({});
  const [text, setText] = useState('');
  const id = useId();
  const carryOut = async () => {
    if (typed !== undefined && text !== typed) {
      setOutcome({ failure: new Error(`Type ${typed} to confirm: it cannot be undone.`) });
      return;
    }
    setIsBusy(true);
    setOutcome({});
    try {
      const done = await onDo();
      setOutcome({ done });
      setIsAsking(false);
      announce(done);
    } catch (failure) {
      if (!(failure instanceof ShownAtField)) setOutcome({ failure: failure as Error });
    }
    setIsBusy(false);
  };
  const ask = () => {
    setOutcome({});
    setText('');
    setIsAsking(true);
  };
  return (
    <div class="action">
      <Button
        kind={isDangerous === true ? 'danger' : 'secondary'}
        onPress={ask}
        label={of === undefined ? undefined : `${title} ${of}`}
      >
        {title}
      </Button>
      <div class="stack-tight">
        <span>{about}</span>
        <CommandShown words={words} />
        {outcome.done !== undefined && <Notice kind="good">{outcome.done}</Notice>}
      </div>
      {isAsking && (
        <Dialog
          title={`${[title, of].filter(Boolean).join(' ')}?`}
          action={{ label: title, onPress: carryOut, isDangerous: isDangerous === true }}
          busy={isBusy}
          onClose={() => setIsAsking(false)}
        >
          <p>{about}</p>
          {children}
          {typed !== undefined && (
            <div class="field">
              <label for={id}>
                Type <code>{typed}</code> to confirm
              </label>
              <input
                id={id}
                value={text}
                autoComplete="off"
                onInput={(event) => setText(event.currentTarget.value)}
              />
            </div>
          )}
          <Failure failure={outcome.failure} />
        </Dialog>
      )}
    </div>
  );
}

/** A choice among some. */
export function Choice<Value extends string>({
  label,
  value,
  options,
  onChange,
}: {
  readonly label: string;
  readonly value: Value;
  readonly options: readonly (readonly [value: Value, title: string])[];
  readonly onChange: (value: Value) => void;
}) {
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <select id={id} value={value} onChange={(event) => onChange(event.currentTarget.value as Value)}>
        {options.map(([each, title]) => (
          <option key={each} value={each}>
            {title}
          </option>
        ))}
      </select>
    </div>
  );
}

/** What is known of something, by name; what is not known is left out. */
export function Facts({ facts }: { readonly facts: readonly (readonly [string, ComponentChildren])[] }) {
  return (
    <dl class="facts">
      {facts
        .filter(([, value]) => value !== undefined && value !== '')
        .flatMap(([name, value]) => [<dt key={name}>{name}</dt>, <dd key={`${name} value`}>{value}</dd>])}
    </dl>
  );
}
