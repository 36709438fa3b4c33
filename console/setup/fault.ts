import type { SetupProblem, SetupProblemCode } from '../../src/setup-api/routes';

/** What can keep a request from its answer: what the service says, or that it says nothing at all. */
export type FaultCode = SetupProblemCode | 'offline';

/** A request that did not do what it was for, with a sentence for the reader. */
export class SetupFault extends Error {
  constructor(
    readonly code: FaultCode,
    sentence: string,
  ) {
    super(sentence);
  }
}

/** The link opens nothing any more: nothing on the page can go on. */
export const endsThePage = (fault: SetupFault): boolean =>
  fault.code === 'link-refused' || fault.code === 'link-expired';

/** The fault of an answer that is no success. */
export function faultOf(status: number, problem: Partial<SetupProblem>): SetupFault {
  const code = problem.type?.split(':').at(-1);
  if (code !== undefined && isCode(code)) return new SetupFault(code, problem.detail ?? SENTENCES[code]);
  if (status === 429) return new SetupFault('throttled', SENTENCES.throttled);
  if (status === 401) return new SetupFault('link-refused', SENTENCES['link-refused']);
  return new SetupFault(status >= 500 ? 'unavailable' : 'internal', SENTENCES.internal);
}

/** For a request that had no answer. */
export const offline = () => new SetupFault('offline', SENTENCES.offline);

/** What is said where the service does not say it better. */
const SENTENCES: Readonly<Record<FaultCode, string>> = {
  'link-refused': 'This link is not accepted.',
  'link-expired': 'This link has expired.',
  'not-permitted': 'This link does not permit it.',
  'invalid-input': 'The service did not accept what was sent.',
  'invalid-cursor': 'The list has to be read from its beginning.',
  'not-found': 'It is not there any more.',
  'method-not-allowed': 'The service does not know this request.',
  conflict: 'It has changed meanwhile.',
  'body-too-large': 'It is too large.',
  'unsupported-media-type': 'The service did not accept what was sent.',
  'too-many': 'There are too many already.',
  throttled: 'Too many requests: try again in a moment.',
  internal: 'The service met an error. Try again in a moment.',
  unavailable: 'The service is not available at the moment.',
  offline: 'The service cannot be reached. Look at your connection.',
};

const isCode = (code: string): code is FaultCode => Object.hasOwn(SENTENCES, code);
