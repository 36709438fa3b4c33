import { Button } from '../components/button';
import { type Step, StepList } from '../components/step-list';
import type { Guide, Method } from '../guides';
import { BeforeStart } from './before-start';
import { ChooseMethod, ChooseProvider } from './choose';
import { GuideStep } from './guide-step';
import { plainText } from './guide-text';
import { useSetup } from './setup-context';
import { Summary } from './summary';

/** Steps around those of the guide, as they are kept. */
export const FINISHED = 'finished';
const PROVIDER = 'provider';
const METHOD = 'method';
const BEFORE = 'before-you-start';
const SUMMARY = 'summary';

/** The set-up: choices, then the guide's steps one by one, then what was reached. */
export function Wizard({ onFinished }: { readonly onFinished: () => void }) {
  const { progress, keepProgress, guide, method } = useSetup();
  const methods = guide?.methods ?? [];
  const steps = stepsOf(guide, methods, method);
  const done = progress.done ?? [];
  const current = steps.find(({ id }) => id === progress.step)?.id ?? firstOpen(steps, done);
  const position = steps.findIndex(({ id }) => id === current);

  const go = (step: string, change: Partial<typeof progress> = {}) =>
    keepProgress({ ...progress, ...change, step });
  const finish = (id: string, change: Partial<typeof progress> = {}) => {
    const next = steps[position + 1]?.id ?? FINISHED;
    go(next, { done: [...new Set([...done, id])], ...change });
    if (next === FINISHED) onFinished();
  };

  const chooseProvider = (chosen: Guide) => {
    const [only, ...others] = chosen.methods;
    // Another identity provider starts anew; where there is one way alone, nothing is asked.
    const isAnother = chosen.id !== guide?.id;
    const chosenMethod = isAnother ? (others.length === 0 ? only?.id : undefined) : method?.id;
    go(others.length === 0 ? BEFORE : METHOD, {
      provider: chosen.id,
      done: isAnother ? [PROVIDER] : [...new Set([...done, PROVIDER])],
      method: chosenMethod,
    });
  };
  const chooseMethod = (chosen: Method) =>
    go(BEFORE, { method: chosen.id, done: [...new Set([...done, METHOD])] });

  return (
    <div class="with-steps">
      <StepList
        steps={steps.map(({ id, title }): Step => ({ id, title, isDone: done.includes(id) }))}
        current={current}
        areAllKnown={method !== undefined}
        onChoose={(id) => go(id)}
      />
      <div class="card">
        {current === PROVIDER && <ChooseProvider onChoose={chooseProvider} />}
        {current === METHOD && guide !== undefined && (
          <ChooseMethod guide={guide} methods={methods} onChoose={chooseMethod} />
        )}
        {current === BEFORE && guide !== undefined && <BeforeStart guide={guide} />}
        {current === SUMMARY && guide !== undefined && method !== undefined && (
          <Summary guide={guide} method={method} />
        )}
        {guide !== undefined &&
          method?.steps
            .filter(({ id }) => id === current)
            .map((step) => <GuideStep key={step.id} guide={guide} method={method} step={step} />)}
        {position > 0 && (
          <div class="row">
            <Button onPress={() => go(steps[position - 1]?.id ?? PROVIDER)}>Back</Button>
            {current !== METHOD && (
              <Button kind="primary" onPress={() => finish(current)}>
                {current === SUMMARY ? 'Finish' : 'Done, next step'}
              </Button>
            )}
          </div>
        )}
      </div>
    </div>
  );
}

interface NamedStep {
  readonly id: string;
  readonly title: string;
}

/** The steps as far as they are known: those of the guide appear when the ways to authenticate are chosen. */
function stepsOf(
  guide: Guide | undefined,
  methods: readonly Method[],
  method: Method | undefined,
): readonly NamedStep[] {
  return [
    { id: PROVIDER, title: 'Identity provider' },
    ...(guide !== undefined && methods.length > 1 ? [{ id: METHOD, title: 'Authentication' }] : []),
    ...(method === undefined
      ? []
      : [
          { id: BEFORE, title: 'Before you start' },
          ...method.steps.map(({ id, title }) => ({ id, title: plainText(title) })),
          { id: SUMMARY, title: 'Summary' },
        ]),
  ];
}

const firstOpen = (steps: readonly NamedStep[], done: readonly string[]): string =>
  (steps.find(({ id }) => !done.includes(id)) ?? steps.at(-1))?.id ?? PROVIDER;
