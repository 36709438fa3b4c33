import { errorNameOf, type ScimErrorName } from './errors';

/**
 * What to do about an answer; `groups` in place of `text` where it was about groups. For the customer's administrator,
 * who has no commands of the vendor's, `customer` and `customerGroups` go before.
 */
interface Advice {
  readonly text: string;
  readonly groups?: string;
  readonly customer?: string;
  readonly customerGroups?: string;
}

/** What the customer's administrator, or whoever supports them, does about each kind of refusal. */
const ADVICE: Readonly<Record<ScimErrorName, Advice>> = {
  uniqueness: {
    text: 'Somebody else has the userName. Have the identity provider match users by it, so that it adopts the account that is there; or rename or delete the other one.',
    groups:
      'Another group has the displayName. Have the identity provider match groups by it, rename one of the two, or allow it: tenant set <tenant> uniqueGroupNames=false.',
    customerGroups:
      'Another group has the displayName. Have the identity provider match groups by it, or rename one of the two.',
  },
  invalidValue: {
    text: 'The sentence names the attribute and what is accepted. Correct the value in the directory, or the mapping of the attribute at the identity provider.',
  },
  invalidPath: {
    text: 'The identity provider sends an attribute that is not known here. Take its mapping away, or have the attribute added as an extension (extensions/README.md).',
    customer:
      'The identity provider sends an attribute that is not known here. Delete its row in the attribute mapping.',
  },
  invalidSyntax: {
    text: 'The request is no SCIM message: check that the application at the identity provider speaks SCIM 2.0. Or the tenant is strict, which Okta and Entra ID are not: tenant set <tenant> strict=false.',
    customer:
      'The request is no SCIM message, or more than the SCIM interoperability profile permits: check that the application at the identity provider speaks SCIM 2.0, and ask the vendor which requests are accepted.',
  },
  invalidFilter: {
    text: 'The identity provider searches in a way that is not accepted. Have it match by userName, externalId or e-mail address.',
  },
  tooMany: {
    text: 'The request asks for more than one request may. Have the identity provider ask for smaller pages, or leave attributes out.',
  },
  mutability: {
    text: 'The attribute cannot be changed once it is set. Take it out of what the identity provider updates, or delete the user and have it created anew.',
  },
  noTarget: {
    text: 'The identity provider changes a value that is not there. Have it provision this user or group from the start.',
  },
  invalidCursor: {
    text: 'The page does not exist. Have the identity provider read the list from its start.',
  },
  expiredCursor: {
    text: 'The page was asked for too late. Have the identity provider read the list from its start.',
  },
  invalidCount: { text: 'Have the identity provider ask for the size of page that the sentence names.' },
  unauthorized: {
    text: 'Paste a live token into the identity provider, the token alone or behind "Bearer" as its form asks for it: token create, token rotate.',
    customer:
      'Paste a live token into the identity provider, the token alone or behind "Bearer" as its form asks for it.',
  },
  forbidden: {
    text: 'The sentence says what is not allowed. If the token may only read, give the identity provider one that may write: token create, or client create and scope scim. Who is protected stays as they are until user unprotect; take them out of what the identity provider assigns.',
    customer:
      'The sentence says what is not allowed. If the token may only read, make one that may write and paste it there, or ask for the scope scim; otherwise take whom it is about out of what the identity provider assigns, or ask the vendor.',
  },
  notFound: {
    text: 'The identity provider goes by an id that is not there any more. Somebody deleted by mistake comes back with user restore; otherwise have it provision this user from the start.',
    customer:
      'The identity provider goes by an id that is not there any more. Have it provision this user from the start.',
    customerGroups:
      'The identity provider goes by an id that is not there any more. Have it push the group anew.',
    groups:
      'The identity provider goes by an id that is not there any more. A group deleted by mistake comes back with group restore; otherwise have it push the group anew.',
  },
  methodNotAllowed: { text: 'The identity provider asks for something that this address does not offer.' },
  notAcceptable: { text: 'The identity provider wants an answer in another form than JSON.' },
  conflict: {
    text: 'Somebody else has changed it at the same moment. The identity provider tries again by itself; if it does not, start its cycle once more.',
  },
  preconditionFailed: {
    text: 'It was changed since the identity provider has read it. The next cycle reads it anew.',
  },
  payloadTooLarge: { text: 'Have the identity provider send less in one request.' },
  unsupportedMediaType: {
    text: 'The identity provider sends no JSON. Check that the application there speaks SCIM 2.0.',
  },
  tooManyRequests: {
    text: 'It was more than is accepted at once. The identity provider tries again by itself; if it goes on, see docs/capacity.md.',
    customer:
      'It was more than is accepted at once. The identity provider tries again by itself; if it goes on, ask the vendor.',
  },
  internal: {
    text: 'A fault of this service. The log of the function has the request by its id (docs/operations.md).',
    customer: 'A fault of this service. Tell the vendor the time of it.',
  },
  notImplemented: {
    text: 'The identity provider asks for a part of SCIM that is not offered (docs/conformance.md).',
    customer:
      'The identity provider asks for a part of SCIM that is not offered. Ask the vendor whether it matters.',
  },
  unavailable: {
    text: 'The table did not answer in time. The identity provider tries again by itself; if it goes on, see docs/operations.md.',
    customer:
      'The service did not answer in time. The identity provider tries again by itself; if it goes on, ask the vendor.',
  },
};

const TOKEN_ADVICE: Advice = {
  text: 'The identity provider still presents this token. Give it a live one (token create, token rotate); of a tenant that is suspended none is accepted until tenant resume.',
  customer:
    'The identity provider still presents a token that is not accepted any more. Make another one and paste it there.',
};

const CLIENT_ADVICE: Advice = {
  text: 'The sentence says what of the credentials was not accepted. Give the identity provider a live secret (client rotate, client create), or have the client trust the claims that came, if the customer says so (client trust); of a tenant that is suspended none is accepted until tenant resume.',
  customer:
    'The sentence says what of the credentials was not accepted. Make another secret and paste it at the identity provider, or have the vendor correct whom the client trusts.',
};

/** Who is advised: whoever operates the service, or the customer's administrator on the set-up page. */
export type Advised = 'operator' | 'customer';

/** Something that was refused, as the provisioning log tells it. */
export interface Refused {
  readonly type: string;
  readonly status?: number;
  readonly scimType?: string;
  readonly route?: string;
}

/**
 * What to do about something that was refused; undefined where nothing can be advised.
 *
 * @example
 * adviceFor({ type: 'request.refused', status: 409, scimType: 'uniqueness', route: '/v2/Users' })
 */
export function adviceFor(
  { type, status, scimType, route }: Refused,
  advised: Advised = 'operator',
): string | undefined {
  const isOfGroups = route?.includes('/Groups') === true;
  if (type === 'token.refused') return textOf(TOKEN_ADVICE, advised, isOfGroups);
  if (type === 'client.refused') return textOf(CLIENT_ADVICE, advised, isOfGroups);
  const name = status === undefined ? undefined : errorNameOf(status, scimType);
  return name === undefined ? undefined : textOf(ADVICE[name], advised, isOfGroups);
}

function textOf(advice: Advice, advised: Advised, isOfGroups: boolean): string {
  const { text, groups, customer, customerGroups } = advice;
  const ofOperator = isOfGroups ? (groups ?? text) : text;
  if (advised === 'operator') return ofOperator;
  return (isOfGroups ? (customerGroups ?? customer) : customer) ?? ofOperator;
}
