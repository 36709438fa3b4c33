import { useEffect, useRef, useState } from 'preact/hooks';

const UNITS = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
  ['second', 1],
] as const;

const words = new Intl.RelativeTimeFormat('en', { numeric: 'always' });
const moments = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeStyle: 'medium' });

/** A moment as "5 seconds ago" or "in 3 days", kept up to date, with the moment itself on pointing at it. */
export function RelativeTime({ at }: { readonly at: string }) {
  const element = useRef<HTMLTimeElement>(null);
  const moment = new Date(at).getTime();
  const said = relativeTime(moment, Date.now());
  const [, setSaid] = useState(said);
  useEffect(
    () =>
      everySecond(() => {
        const next = relativeTime(moment, Date.now());
        // Rows of a long list that cannot be seen need not be laid out anew.
        const { current } = element;
        if (current !== null && next !== current.textContent && isInSight(current)) setSaid(next);
      }),
    [moment],
  );
  return (
    <time ref={element} dateTime={at} title={moments.format(moment)}>
      {said}
    </time>
  );
}

/** How far a moment is from now, in the largest unit of which there is a whole one. */
export function relativeTime(at: number, now: number): string {
  const seconds = Math.trunc((at - now) / 1_000);
  const [unit, length] = UNITS.find(([, each]) => Math.abs(seconds) >= each) ?? (['second', 1] as const);
  return seconds === 0 ? 'just now' : words.format(Math.trunc(seconds / length), unit);
}

/** Who reads the time. One timer serves them all: a long list has thousands. */
const readers = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;

/** Calls again and again. @returns what ends it */
function everySecond(read: () => void): () => void {
  readers.add(read);
  timer ??= setInterval(() => {
    inSight.clear();
    for (const each of readers) each();
  }, 1_000);
  return () => {
    readers.delete(read);
    if (readers.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

/** What was found in this second of parts of the page. */
const inSight = new Map<Element, boolean>();

/**
 * Whether an element, or its part of a table, can be seen. One looks at each part once: a browser takes its time for
 * thousands of rows, and an IntersectionObserver would look at them in each frame.
 */
function isInSight(element: Element): boolean {
  const part = element.closest('tbody') ?? element;
  let found = inSight.get(part);
  if (found === undefined) {
    const { top, bottom } = part.getBoundingClientRect();
    found = bottom > 0 && top < innerHeight;
    inSight.set(part, found);
  }
  return found;
}
