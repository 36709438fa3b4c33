import type { RefObject } from 'preact';
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
  const said = useRelativeTime(at, useIsInSight(element));
  return (
    <time ref={element} dateTime={at} title={moments.format(new Date(at))}>
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

/** Who reads the time, and after how many seconds again. One timer serves them all: a long list has thousands. */
const readers = new Map<() => void, number>();
let timer: ReturnType<typeof setInterval> | undefined;
let seconds = 0;

/** Calls again and again. @returns what ends it */
function every(interval: number, read: () => void): () => void {
  readers.set(read, interval);
  timer ??= setInterval(() => {
    seconds += 1;
    for (const [each, after] of readers) if (seconds % after === 0) each();
  }, 1_000);
  return () => {
    readers.delete(read);
    if (readers.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

/** What is said of a moment, looked at again every second near it and every half minute far from it. */
function useRelativeTime(at: string, isInSight: boolean): string {
  const moment = new Date(at).getTime();
  const said = relativeTime(moment, Date.now());
  const [, setSaid] = useState(said);
  const isNear = Math.abs(moment - Date.now()) < 60_000;
  useEffect(() => {
    if (!isInSight) return undefined;
    return every(isNear ? 1 : 30, () => setSaid(relativeTime(moment, Date.now())));
  }, [moment, isNear, isInSight]);
  return said;
}

/** Who is told whether an element is in sight. */
const watchers = new WeakMap<Element, (isInSight: boolean) => void>();
let observer: IntersectionObserver | undefined;

/** Whether an element can be seen: rows of a long list that cannot be need not be laid out again every second. */
function useIsInSight(of: RefObject<Element | null>): boolean {
  const [isInSight, setIsInSight] = useState(false);
  useEffect(() => {
    const element = of.current;
    if (element === null) return undefined;
    observer ??= new IntersectionObserver((entries) => {
      for (const { target, isIntersecting } of entries) watchers.get(target)?.(isIntersecting);
    });
    watchers.set(element, setIsInSight);
    observer.observe(element);
    return () => observer?.unobserve(element);
  }, [of]);
  return isInSight;
}
