import { createHash, timingSafeEqual } from 'node:crypto';
import { apiSigner } from '../../src/admin-api/signer';
import { LOCAL_ACCOUNT, LOCAL_CREDENTIALS, LOCAL_REGION, type LocalCaller } from '../account';
import type { GatewayRequest } from './gateway-request';
import type { GatewayResponseType } from './gateway-responses';
import { evaluatePolicy } from './policy';
import { parseQueryString } from './query';

/** The local run's own credentials, which may call everything. */
const LOCAL_CALLER: LocalCaller = {
  ...LOCAL_CREDENTIALS,
  userArn: `arn:aws:iam::${LOCAL_ACCOUNT}:user/local`,
};

/** What IAM says to a request. */
export type IamAuthorization =
  | { readonly kind: 'allowed'; readonly caller: LocalCaller }
  | { readonly kind: 'refused'; readonly type: GatewayResponseType; readonly message?: string };

const SERVICE = 'execute-api';
const ALGORITHM = 'AWS4-HMAC-SHA256';
/** How far the time of a signature may be from the clock. */
const MAX_SKEW_MS = 5 * 60_000;

/** The parts of an Authorization header of Signature Version 4. */
interface Signature {
  readonly accessKeyId: string;
  readonly day: string;
  readonly region: string;
  readonly service: string;
  readonly terminator: string;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
}

/**
 * The authorization type AWS_IAM: finds the caller by the access key, computes the signature anew from what came, and
 * compares. The sentences are those of AWS. A signature in the query (a presigned URL) is not looked at: such a request
 * counts as one without.
 */
export class IamAuthorizer {
  private readonly callers: readonly LocalCaller[];

  /** @param now clock in ms, for tests */
  constructor(
    callers: readonly LocalCaller[] = [],
    private readonly now: () => number = Date.now,
  ) {
    this.callers = [LOCAL_CALLER, ...callers];
  }

  async authorize(request: GatewayRequest, queryText: string, methodArn: string): Promise<IamAuthorization> {
    const headers = headersOf(request.rawHeaders);
    const authorization = headers.get('authorization');
    if (authorization === undefined || authorization === '') {
      return { kind: 'refused', type: 'MISSING_AUTHENTICATION_TOKEN' };
    }
    const signature = readSignature(authorization, headers);
    if (typeof signature === 'string') return invalid(signature);
    const caller = this.callers.find(({ accessKeyId }) => accessKeyId === signature.accessKeyId);
    if (caller === undefined) {
      return {
        kind: 'refused',
        type: 'ACCESS_DENIED',
        message: 'The security token included in the request is invalid.',
      };
    }
    const date = headers.get('x-amz-date') ?? '';
    const fault =
      this.faultOf(signature, date) ?? (await mismatch(request, queryText, headers, signature, caller));
    return fault === undefined ? permission(caller, methodArn) : invalid(fault);
  }

  private faultOf({ day, region, service, terminator, signedHeaders }: Signature, date: string) {
    const signedAt = momentOf(date);
    const now = this.now();
    if (Number.isNaN(signedAt)) {
      return `Date must be in ISO-8601 'basic format'. Got '${date}'. See http://en.wikipedia.org/wiki/ISO_8601`;
    }
    const [earliest, latest] = [now - MAX_SKEW_MS, now + MAX_SKEW_MS];
    if (signedAt < earliest) {
      return `Signature expired: ${date} is now earlier than ${amzDate(earliest)} (${amzDate(now)} - 5 min.)`;
    }
    if (signedAt > latest) {
      return `Signature not yet current: ${date} is still later than ${amzDate(latest)} (${amzDate(now)} + 5 min.)`;
    }
    if (!date.startsWith(day)) {
      return `Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '${day}' != '${date.slice(0, 8)}', from '${date}'.`;
    }
    if (region !== LOCAL_REGION) return `Credential should be scoped to a valid region, not '${region}'. `;
    if (service !== SERVICE) return `Credential should be scoped to correct service: '${SERVICE}'. `;
    if (terminator !== 'aws4_request') {
      return `Credential should be scoped with a valid terminator: 'aws4_request', not '${terminator}'. `;
    }
    if (!signedHeaders.includes('host')) {
      return "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.";
    }
    return undefined;
  }
}

const invalid = (message: string): IamAuthorization => ({
  kind: 'refused',
  type: 'INVALID_SIGNATURE',
  message,
});

/** Values of a header that came several times are one list (RFC 9110 section 5.3). */
function headersOf(rawHeaders: readonly string[]): Map<string, string> {
  const headers = new Map<string, string>();
  for (let position = 0; position + 1 < rawHeaders.length; position += 2) {
    const name = rawHeaders[position]?.toLowerCase() ?? '';
    const before = headers.get(name);
    const value = rawHeaders[position + 1] ?? '';
    headers.set(name, before === undefined ? value : `${before},${value}`);
  }
  return headers;
}

/** @returns the sentence with which AWS refuses a header that is not of its form */
function readSignature(authorization: string, headers: ReadonlyMap<string, string>): Signature | string {
  const [algorithm = '', ...rest] = authorization.split(' ');
  const parts = new Map<string, string>();
  for (const part of rest
    .join(' ')
    .split(',')
    .map((each) => each.trim())) {
    const equals = part.indexOf('=');
    if (equals < 0) {
      // AWS shows a digest, since the header may be somebody's token.
      const digest = createHash('sha256').update(authorization).digest('base64');
      return `Invalid key=value pair (missing equal-sign) in Authorization header (hashed with SHA-256 and encoded with Base64): '${digest}'.`;
    }
    parts.set(part.slice(0, equals), part.slice(equals + 1));
  }
  const missing = ['Credential', 'Signature', 'SignedHeaders']
    .filter((name) => !parts.has(name))
    .map((name) => `Authorization header requires '${name}' parameter.`);
  if (!headers.has('x-amz-date')) {
    missing.push("Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.");
  }
  if (missing.length > 0) return missing.join(' ');
  if (algorithm !== ALGORITHM) return `Unsupported AWS 'algorithm': '${algorithm}'. `;
  const scope = (parts.get('Credential') ?? '').split('/');
  const [terminator = '', service = '', region = '', day = ''] = scope.splice(-4).reverse();
  return {
    ...{ accessKeyId: scope.join('/'), day, region, service, terminator },
    signedHeaders: (parts.get('SignedHeaders') ?? '').toLowerCase().split(';'),
    signature: parts.get('Signature') ?? '',
  };
}

/** @returns the sentence with which AWS refuses another signature than that of the request as it came */
async function mismatch(
  request: GatewayRequest,
  queryText: string,
  headers: ReadonlyMap<string, string>,
  { signedHeaders, signature }: Signature,
  caller: LocalCaller,
): Promise<string | undefined> {
  const { accessKeyId, secretAccessKey } = caller;
  const signer = apiSigner(LOCAL_REGION, { accessKeyId, secretAccessKey });
  const digest = headers.get('x-amz-content-sha256');
  const isOfThisBody =
    digest === undefined || digest === createHash('sha256').update(request.body).digest('hex');
  const { multiValueQueryStringParameters: query } = parseQueryString(queryText);
  const signed = await signer.sign(
    {
      method: request.method,
      protocol: 'http:',
      hostname: request.host,
      path: request.path,
      query: Object.fromEntries(Object.entries(query ?? {}).map(([name, values]) => [name, [...values]])),
      headers: Object.fromEntries(signedHeaders.map((name) => [name, headers.get(name) ?? ''])),
      body: request.body,
    },
    {
      signingDate: new Date(momentOf(headers.get('x-amz-date') ?? '')),
      signableHeaders: new Set(signedHeaders),
    },
  );
  const expected = /Signature=(\w+)/.exec(signed.headers.authorization ?? '')?.[1] ?? '';
  return isOfThisBody && isSame(expected, signature)
    ? undefined
    : 'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.';
}

const isSame = (one: string, other: string): boolean =>
  one.length === other.length && timingSafeEqual(Buffer.from(one), Buffer.from(other));

function permission(caller: LocalCaller, methodArn: string): IamAuthorization {
  const { userArn, policy } = caller;
  const decision = policy === undefined ? 'allow' : evaluatePolicy(policy, methodArn);
  if (decision === 'allow') return { kind: 'allowed', caller };
  const why =
    decision === 'explicitDeny'
      ? 'with an explicit deny in an identity-based policy'
      : 'because no identity-based policy allows the execute-api:Invoke action';
  // AWS shows the last four digits of the account alone.
  const shown = methodArn.replace(LOCAL_ACCOUNT, `********${LOCAL_ACCOUNT.slice(-4)}`);
  return {
    kind: 'refused',
    type: 'ACCESS_DENIED',
    message: `User: ${userArn} is not authorized to perform: execute-api:Invoke on resource: ${shown} ${why}`,
  };
}

/** `20261126T010203Z`; NaN for anything else. */
function momentOf(date: string): number {
  const [, year, month, day, hour, minute, second] =
    /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(date) ?? [];
  return Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
}

const amzDate = (moment: number): string =>
  `${new Date(moment).toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}Z`;
