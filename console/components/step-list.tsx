import { useEffect, useState } from 'preact/hooks';

/** Where the list has a place at the side; console/style.css has the same. */
const WIDE = '(width >= 52rem)';

/** A step of a {@link StepList}. */
export interface Step {
  readonly id: string;
  readonly title: string;
  readonly isDone: boolean;
}

interface StepListProps {
  readonly steps: readonly Step[];
  readonly current: string;
  /** False while further steps depend on a choice that is still to be made. */
  readonly areAllKnown: boolean;
  readonly onChoose: (id: string) => void;
}

/**
 * Which steps there are, which are done, and which one this is; folded where there is little room. Any of them can be
 * gone to.
 */
export function StepList({ steps, current, areAllKnown, onChoose }: StepListProps) {
  const isWide = useMedia(WIDE);
  const position = steps.findIndex(({ id }) => id === current) + 1;
  return (
    <nav aria-label="Steps">
      <details class="steps-box" open={isWide} key={isWide ? 'wide' : current}>
        <summary>
          Step {position}
          {areAllKnown && ` of ${steps.length}`}
        </summary>
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
      </details>
    </nav>
  );
}

/** Whether a media query holds, kept up to date. */
function useMedia(query: string): boolean {
  const [holds, setHolds] = useState(() => matchMedia(query).matches);
  useEffect(() => {
    const list = matchMedia(query);
    const onChange = () => setHolds(list.matches);
    list.addEventListener('change', onChange);
    return () => list.removeEventListener('change', onChange);
  }, [query]);
  return holds;
}
