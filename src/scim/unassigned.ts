import type { JsonValue } from './json';

/**
 * Nothing that can be seen: blanks and separators of any kind, format characters such as U+200B, what Unicode has as
 * ignorable, and the empty Braille pattern. A control character that is no blank is not among them: it is refused.
 */
const NOTHING_TO_SEE = /^[\s\p{Z}\p{Cf}\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}\u2800]*$/u;

/** Whether a text has nothing that can be seen. */
export const isBlank = (text: string): boolean => NOTHING_TO_SEE.test(text);

/**
 * Whether a value stands for none: null, or a blank text. RFC 7643 section 2.5 has null; Microsoft's validator clears
 * with "", and mappings that cannot send either, since Entra ID leaves empty values out, clear with " ".
 */
export const isNone = (value: JsonValue): boolean =>
  value === null || (typeof value === 'string' && isBlank(value));

/** The same for a whole attribute, which an empty list unassigns, too (RFC 7643 section 2.5). */
export const isUnassigned = (value: JsonValue): boolean =>
  isNone(value) || (Array.isArray(value) && value.length === 0);
