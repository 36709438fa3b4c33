import { useEffect } from 'preact/hooks';
import type { Branding } from './setup-context';

/** The vendor's name, and logo if there is one. */
export const Brand = ({ branding }: { readonly branding: Branding | undefined }) => (
  <>
    {branding?.logo !== undefined && <img src={branding.logo} alt="" />}
    <strong>{branding?.vendor ?? 'Directory connection'}</strong>
  </>
);

/** Has buttons and the bar in the vendor's colour, with letters on it that can be read in any colour. */
export function useAccent(accent: string | undefined): void {
  useEffect(() => {
    const { style } = document.documentElement;
    if (accent === undefined || !/^#[0-9a-f]{6}$/i.test(accent)) return;
    style.setProperty('--accent', accent);
    style.setProperty('--on-accent', isLight(accent) ? '#000000' : '#ffffff');
  }, [accent]);
}

/** Whether black is read better than white on a colour: WCAG 2's relative luminance, at which both contrast alike. */
function isLight(colour: string): boolean {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const share = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.179;
}
