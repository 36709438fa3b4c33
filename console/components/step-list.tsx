/** A step of a {@link StepList}. */
export interface Step {
  readonly id: string;
  readonly title: string;
  readonly isDone: boolean;
}

interface StepListProps {
  readonly steps: readonly Step[];
  readonly current: string;
  readonly onChoose: (id: string) => void;
}

/** Which steps there are, which are done, and which one this is. Any of them can be gone to. */
export function StepList({ steps, current, onChoose }: StepListProps) {
  return (
    <nav aria-label="Steps">
      <ol class="steps">
        {steps.map(({ id, title, isDone }, index) => (
          <li key={id}>
            <button
              type="button"
              class="step"
              data-state={isDone ? 'done' : 'open'}
              aria-current={id === current ? 'step' : undefined}
              onClick={() => onChoose(id)}
            >
              <span class="step-mark" aria-hidden="true">
                {isDone && id !== current ? '✓' : index + 1}
              </span>
              <span>
                {title}
                {isDone && <span class="visually-hidden"> (done)</span>}
              </span>
            </button>
          </li>
        ))}
      </ol>
    </nav>
  );
}
