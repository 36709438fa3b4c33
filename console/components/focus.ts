import type { RefObject } from 'preact';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';

/**
 * Puts the focus on an element when a state begins that the reader has brought about; not where the page opens with it.
 * The element needs `tabIndex={-1}`.
 */
export function useFocusWhen(isSo: boolean): RefObject<HTMLDivElement | null> {
  const place = useRef<HTMLDivElement>(null);
  const was = useRef(isSo);
  useEffect(() => {
    if (isSo && !was.current) place.current?.focus();
    was.current = isSo;
  }, [isSo]);
  return place;
}

/**
 * Puts the focus on an element when it appears, or shows something else, and back to where it was when it goes away.
 * The element needs `tabIndex={-1}`.
 */
export function useFocusMeanwhile(shown: unknown): RefObject<HTMLDivElement | null> {
  const place = useRef<HTMLDivElement>(null);
  // Its clean-up runs while the element is still in the page; that of an effect after the paint would not.
  useLayoutEffect(() => {
    const element = place.current;
    const before = document.activeElement;
    return () => {
      const isWithin = element?.contains(document.activeElement) === true;
      if (isWithin && before instanceof HTMLElement) before.focus();
    };
  }, []);
  useEffect(() => place.current?.focus(), [shown]);
  return place;
}

/** What the focus goes to when what had it is gone: what can have it, or has a name to be read out. */
const PLACES = '[tabindex], section, [role="tabpanel"], dialog, main';
/** Whoever knows a better place for the focus has had their turn by then. */
const PAUSE_MS = 100;

/**
 * Keeps the focus near where it was when its element leaves the page, as a button does whose row is gone: a browser
 * would put it at the beginning of the page, and whoever works by keyboard would go through all of it again.
 */
export function useKeptFocus(): void {
  useEffect(() => {
    let path: readonly Element[] = [];
    let timer: ReturnType<typeof setTimeout> | undefined;
    const isNowhere = () => document.activeElement === null || document.activeElement === document.body;
    const onFocus = ({ target }: FocusEvent) => {
      path = target instanceof Element ? [target, ...ancestorsOf(target)] : [];
    };
    const onBlur = ({ target }: FocusEvent) => {
      setTimeout(() => {
        // Clicked beside it: the reader has put the focus away.
        if (isNowhere() && target === path[0] && path[0]?.isConnected === true) path = [];
      });
    };
    const look = () => {
      timer = undefined;
      if (!isNowhere() || path[0]?.isConnected !== false) return;
      const place = path.find((each) => each.isConnected && each.matches(PLACES));
      if (!(place instanceof HTMLElement)) return;
      if (!place.hasAttribute('tabindex')) place.tabIndex = -1;
      place.focus({ preventScroll: true });
    };
    const observer = new MutationObserver(() => {
      timer ??= setTimeout(look, PAUSE_MS);
    });
    observer.observe(document.body, { childList: true, subtree: true });
    document.addEventListener('focusin', onFocus);
    document.addEventListener('focusout', onBlur);
    return () => {
      clearTimeout(timer);
      observer.disconnect();
      document.removeEventListener('focusin', onFocus);
      document.removeEventListener('focusout', onBlur);
    };
  }, []);
}

function ancestorsOf(element: Element): Element[] {
  const parent = element.parentElement;
  return parent === null ? [] : [parent, ...ancestorsOf(parent)];
}
