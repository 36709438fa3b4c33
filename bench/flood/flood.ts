import { Agent, request } from 'node:http';
import { atRate } from '../rate';

/** A flood of GET requests by somebody who has no token of the service. */
export interface Flood {
  /** Path below the base URL. */
  readonly path: string;
  /** Requests per second. */
  readonly rate: number;
  /** A bearer token, a new one for each request; undefined sends none. */
  readonly token: () => string | undefined;
  /** Address that it comes from; undefined leaves it to the system. */
  readonly from: string | undefined;
}

/** Short, so that requests come one by one: between volleys the throttle would have tokens for others. */
const TICK_MS = 5;
/** Requests under way at once: beyond that the flood is slower than asked for. */
const MAX_UNDER_WAY = 200;
/** No measurement takes longer; a flood that nobody stops ends. */
const MAX_MS = 60_000;

/** Starts a flood on a server of this machine. @returns stops it, and resolves when the last answer is there */
export function startFlood(baseUrl: string, { path, rate, token, from }: Flood): () => Promise<void> {
  const url = new URL(`${baseUrl}${path}`);
  if (url.hostname !== '127.0.0.1') throw new Error('A flood is for a server of this machine alone.');
  const agent = new Agent({ keepAlive: true, maxSockets: MAX_UNDER_WAY, localAddress: from });
  const send = () =>
    new Promise<void>((resolve) => {
      const text = token();
      const headers = text === undefined ? {} : { authorization: `Bearer ${text}` };
      const sent = request(url, { agent, headers }, (answer) => answer.resume());
      sent.on('error', () => {});
      sent.on('close', resolve);
      sent.end();
    });
  const end = atRate({ perSecond: rate, maxUnderWay: MAX_UNDER_WAY, tickMs: TICK_MS, forMs: MAX_MS }, send);
  return async () => {
    await end();
    agent.destroy();
  };
}
