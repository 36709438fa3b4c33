import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { PROBLEM_TYPE_PREFIX } from '../../src/admin-api/problem-types';

/** Why a request gets no answer. */
export interface Refusal {
  readonly status: 401 | 403 | 421;
  /** The end of the problem's `type`. */
  readonly code: 'console-token' | 'foreign-page' | 'foreign-host';
  readonly title: string;
  readonly detail: string;
}

/** A refusal as a problem (RFC 9457). */
export const problemOfRefusal = ({ status, code, title, detail }: Refusal) => ({
  type: `${PROBLEM_TYPE_PREFIX}${code}`,
  title,
  status,
  detail,
});

/**
 * Whether a request is meant for the console: a page whose name was made to lead to this computer (DNS rebinding) sends
 * its own name.
 */
export function refusalOfHost({ headers }: IncomingMessage, port: number): Refusal | undefined {
  if (hostsOf(port).includes(headers.host ?? '')) return undefined;
  return {
    status: 421,
    code: 'foreign-host',
    title: 'The request is meant for another host',
    detail: `The Host of the request is not the console's; ${hostsOf(port).join(' and ')} are accepted.`,
  };
}

/**
 * Whether a call may be carried out: it comes from the console's own page or from no page at all, and has its token.
 * The token alone would do, since no other page knows it; the origin is looked at so that one that leaks is not enough.
 */
export function refusalOfCall(
  { headers }: IncomingMessage,
  port: number,
  token: string,
): Refusal | undefined {
  const site = headers['sec-fetch-site'];
  const isOfOtherPage =
    (site !== undefined && site !== 'same-origin') ||
    (headers.origin !== undefined && !hostsOf(port).some((host) => headers.origin === `http://${host}`));
  if (isOfOtherPage) {
    return {
      status: 403,
      code: 'foreign-page',
      title: 'Another page has sent the request',
      detail: 'Only the page of the console itself is answered.',
    };
  }
  const [scheme, presented = ''] = headers.authorization?.split(' ') ?? [];
  if (scheme?.toLowerCase() === 'bearer' && isSame(presented, token)) return undefined;
  return {
    status: 401,
    code: 'console-token',
    title: "The console's token is missing or wrong",
    detail: 'Open the address that the terminal shows; each start makes a new one.',
  };
}

const hostsOf = (port: number): readonly string[] => [`127.0.0.1:${port}`, `localhost:${port}`];

/** In constant time, whatever the lengths. */
const isSame = (one: string, other: string): boolean => timingSafeEqual(digest(one), digest(other));

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
