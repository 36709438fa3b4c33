import { useCallback, useEffect, useRef, useState } from 'preact/hooks';

/** Something that is fetched. */
export interface Loaded<Value> {
  /** The last one that came; it stays while the next one is on its way. */
  readonly value: Value | undefined;
  readonly failure: Error | undefined;
  readonly isLoading: boolean;
  reload(): void;
}

/** Fetches something, again when what it depends on changes. What comes too late is dropped. */
export function useLoaded<Value>(
  load: (signal: AbortSignal) => Promise<Value>,
  dependencies: readonly unknown[],
): Loaded<Value> {
  const [state, setState] = useState<Omit<Loaded<Value>, 'reload'>>(LOADING);
  const [round, setRound] = useState(0);
  const key = JSON.stringify(dependencies);
  const shown = useRef(key);
  useEffect(() => {
    const controller = new AbortController();
    const isOther = shown.current !== key;
    shown.current = key;
    setState(({ value }) => ({ value: isOther ? undefined : value, failure: undefined, isLoading: true }));
    load(controller.signal).then(
      (value) => controller.signal.aborted || setState({ value, failure: undefined, isLoading: false }),
      (failure: Error) =>
        controller.signal.aborted || setState(({ value }) => ({ value, failure, isLoading: false })),
    );
    return () => controller.abort();
  }, [key, round]);
  const reload = useCallback(() => setRound((last) => last + 1), []);
  return { ...state, reload };
}

const LOADING = { value: undefined, failure: undefined, isLoading: true };

/** A list that comes in pages. */
export interface Paged<Item> extends Loaded<readonly Item[]> {
  /** Fetches the next page; absent when there is none. */
  readonly more: (() => void) | undefined;
}

interface PageOf<Item> {
  readonly items: readonly Item[];
  readonly nextCursor?: string;
}

/** Fetches the first page of a list, and further ones when they are asked for. */
export function usePages<Item>(
  load: (cursor: string | undefined, signal: AbortSignal) => Promise<PageOf<Item>>,
  dependencies: readonly unknown[],
): Paged<Item> {
  const first = useLoaded((signal) => load(undefined, signal), dependencies);
  const [rest, setRest] = useState<PageOf<Item> & { readonly of?: unknown }>({ items: [] });
  const [isLoading, setIsLoading] = useState(false);
  const [failure, setFailure] = useState<Error>();
  const ofFirst = rest.of === first.value && first.value !== undefined;
  const cursor = ofFirst ? rest.nextCursor : first.value?.nextCursor;
  const before = ofFirst ? rest.items : [];
  const more = async () => {
    setIsLoading(true);
    setFailure(undefined);
    try {
      const page = await load(cursor, new AbortController().signal);
      setRest({ of: first.value, items: [...before, ...page.items], nextCursor: page.nextCursor });
    } catch (error) {
      setFailure(error as Error);
    }
    setIsLoading(false);
  };
  return {
    value: first.value === undefined ? undefined : [...first.value.items, ...before],
    failure: first.failure ?? failure,
    isLoading: first.isLoading || isLoading,
    reload: first.reload,
    more: cursor === undefined ? undefined : () => void more(),
  };
}

/** Calls again and again, but not while nobody looks. */
export function useEvery(milliseconds: number, isOn: boolean, tick: () => void): void {
  const latest = useRef(tick);
  latest.current = tick;
  useEffect(() => {
    if (!isOn) return undefined;
    const timer = setInterval(() => {
      if (!document.hidden) latest.current();
    }, milliseconds);
    return () => clearInterval(timer);
  }, [milliseconds, isOn]);
}
