import { isRecord, type JsonRecord, listOf } from '../json';

/** What a policy says about an invocation. `implicitDeny`: no statement allows it. */
export type PolicyDecision = 'allow' | 'explicitDeny' | 'implicitDeny';

/**
 * Evaluates the IAM policy that an authorizer returned for `execute-api:Invoke` on a method's ARN: a matching Deny wins
 * over every Allow.
 *
 * @returns undefined when the document is not a policy
 * @example
 * evaluatePolicy({ Statement: [{ Effect: 'Allow', Action: 'execute-api:Invoke', Resource: 'arn:…:api/stage/*' }] },
 * 'arn:…:api/stage/GET/pets')
 */
export function evaluatePolicy(document: unknown, methodArn: string): PolicyDecision | undefined {
  if (!isRecord(document) || document.Statement === undefined) return undefined;
  const statements = Array.isArray(document.Statement) ? document.Statement : [document.Statement];
  let decision: PolicyDecision = 'implicitDeny';
  for (const statement of statements) {
    if (!isRecord(statement) || (statement.Effect !== 'Allow' && statement.Effect !== 'Deny'))
      return undefined;
    if (!applies(statement, methodArn)) continue;
    if (statement.Effect === 'Deny') return 'explicitDeny';
    decision = 'allow';
  }
  return decision;
}

function applies(statement: JsonRecord, methodArn: string): boolean {
  const action = (pattern: string) => wildcard(pattern.toLowerCase()).test('execute-api:invoke');
  const resource = (pattern: string) => wildcard(pattern).test(methodArn);
  const acts =
    statement.NotAction === undefined ? some(statement.Action, action) : !some(statement.NotAction, action);
  if (!acts) return false;
  return statement.NotResource === undefined
    ? some(statement.Resource, resource)
    : !some(statement.NotResource, resource);
}

const some = (patterns: unknown, test: (pattern: string) => boolean) =>
  (typeof patterns === 'string' ? [patterns] : listOf(patterns)).some(
    (pattern) => typeof pattern === 'string' && test(pattern),
  );

/** IAM's patterns: `*` is any text, slashes included, `?` is one character. */
function wildcard(pattern: string): RegExp {
  const source = pattern
    .replace(/\*+/g, '*')
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`, 's');
}
