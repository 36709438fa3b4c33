import { ENTRY_DETAILS, ENTRY_FACTS } from '../admin-api/log';
import { count, flag, listOf, moment, object, text } from '../admin-api/schema';
import { CONNECTION_STATE } from '../admin-api/shown';
import { route } from './route';

const ADVICE = text('What to do about it.');

/** Something that was refused, in our own words, with what to do about it. */
export const REFUSAL = object(ENTRY_FACTS, { ...ENTRY_DETAILS, advice: ADVICE });

/** A request as far as it is known. */
export const LAST_REQUEST = object(
  { time: moment('When it came.') },
  {
    method: text('Its method.'),
    route: text('Its path as the API names it, as in /v2/Users.'),
    status: count('The status of its answer; absent when only its arrival is known.'),
    detail: text('Of a refusal: our sentence.'),
    advice: ADVICE,
  },
);

const USER = object(
  { id: text('Its id.'), userName: text('Its userName.'), active: flag('Whether it has access.') },
  {
    displayName: text('Its displayName.'),
    externalId: text('Its externalId.'),
    email: text('Its first e-mail address.'),
    givenName: text('name.givenName.'),
    familyName: text('name.familyName.'),
    createdAt: moment('When it came.'),
  },
);
const GROUP = object(
  { id: text('Its id.'), displayName: text('Its displayName.'), members: count('How many members it has.') },
  { externalId: text('Its externalId.'), createdAt: moment('When it came.') },
);

export const CONNECTION_ROUTES = {
  /** How it stands with the connection. The page asks again every few seconds while somebody looks at it. */
  'GET /connection': route({
    summary: 'Tell how it stands with the connection',
    result: object(
      {
        state: CONNECTION_STATE,
        meaning: text('What the state means, in a sentence.'),
        counts: object({ users: count('Users.'), groups: count('Groups.') }),
        refusals: listOf('The last refusals of the last 7 days, at most ten, the last one first.', REFUSAL),
        now: moment("The service's clock, to tell how long ago something was."),
      },
      {
        advice: ADVICE,
        lastRequest: LAST_REQUEST,
        latestUser: USER,
        latestGroup: GROUP,
      },
    ),
  }),
};
