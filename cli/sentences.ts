import type { NotifiedUsers } from '../src/admin/session-sinks';

/** What became of the gateway's cache, for the person at the terminal. */
export const flushedSentence = (cacheFlushed: boolean): string =>
  cacheFlushed
    ? 'The gateway has forgotten its cached answers.'
    : 'A gateway in front of this table may accept it for up to 5 more minutes (authorizer cache).';

/** What other stores of sessions were told, for the person at the terminal; empty where there is none. */
export const toldSentence = ({ notifiedUsers, usersLeft = 0 }: Partial<NotifiedUsers>): string =>
  [
    notifiedUsers === undefined ? '' : ` Other stores of sessions are told of ${notifiedUsers} users.`,
    usersLeft === 0 ? '' : ` About ${usersLeft} are left, with whom the service goes on by itself.`,
  ].join('');
