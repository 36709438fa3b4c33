import { AdminError } from '../errors';

/** Whole lines of a file. */
export interface Lines {
  readonly text: string;
  /** The number of the first of them; the file begins with 1. */
  readonly firstLine: number;
}

const NEWLINE = 0x0a;
/** Longer than any line that is accepted: a file without line ends must not be taken into memory as a whole. */
const MAX_LINE_BYTES = 4_000_000;

/**
 * Decodes a file piece by piece, without its byte order mark.
 *
 * @throws AdminError invalidInput for what is not UTF-8, with its line: "Müller" of an older Excel would be another
 *   name
 */
export async function* linesOf(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Lines> {
  let firstLine = 1;
  let rest: Buffer = Buffer.alloc(0);
  for await (const piece of bytes) {
    const read = rest.length === 0 ? viewOf(piece) : Buffer.concat([rest, piece]);
    const end = read.lastIndexOf(NEWLINE) + 1;
    rest = read.subarray(end);
    if (rest.length > MAX_LINE_BYTES) throw tooLong(firstLine + count(read.subarray(0, end)));
    if (end === 0) continue;
    const whole = read.subarray(0, end);
    yield { text: decoded(whole, firstLine), firstLine };
    firstLine += count(whole);
  }
  if (rest.length > 0) yield { text: decoded(rest, firstLine), firstLine };
}

/** Without a copy. */
const viewOf = ({ buffer, byteOffset, byteLength }: Uint8Array): Buffer =>
  Buffer.from(buffer, byteOffset, byteLength);

function count(bytes: Uint8Array): number {
  let newlines = 0;
  for (const byte of bytes) if (byte === NEWLINE) newlines++;
  return newlines;
}

function decoded(bytes: Buffer, firstLine: number): string {
  if (firstLine === 1) refuseUtf16(bytes);
  try {
    // A byte order mark is one at the beginning of the file alone.
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: firstLine > 1 }).decode(bytes);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new AdminError(
      'invalidInput',
      `Line ${firstLine + soundLines(bytes)} is not UTF-8; save the file as UTF-8 (in Excel: "CSV UTF-8").`,
    );
  }
}

/** Excel's "Unicode text". */
function refuseUtf16(bytes: Buffer): void {
  const [first, second] = bytes;
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) {
    throw new AdminError(
      'invalidInput',
      'The file is UTF-16; save it as UTF-8 (in Excel: "CSV UTF-8"), with commas, semicolons or tabs.',
    );
  }
}

/** How many lines come before the one that cannot be decoded. */
function soundLines(bytes: Buffer): number {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let sound = 0;
  for (let start = 0; start < bytes.length; sound++) {
    const newline = bytes.indexOf(NEWLINE, start);
    const end = newline < 0 ? bytes.length : newline + 1;
    try {
      decoder.decode(bytes.subarray(start, end));
    } catch {
      return sound;
    }
    start = end;
  }
  return sound;
}

const tooLong = (line: number): AdminError =>
  new AdminError(
    'invalidInput',
    `Line ${line} is longer than the ${MAX_LINE_BYTES} bytes that are accepted.`,
  );
