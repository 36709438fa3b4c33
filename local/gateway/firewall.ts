import type { LocalStack } from '../assembly/cloud-assembly';
import type { Resource } from '../assembly/physical-names';
import { isRecord, listOf, numberOf, recordOf, stringOf } from '../json';
import { LocalError } from '../local-error';
import { headerOf } from './header';
import type { HttpAnswer } from './proxy-response';

/** What a rule looks at of a request. */
interface Looked {
  readonly sourceIp: string;
  readonly rawHeaders: readonly string[];
}

/** A rate rule of AWS WAF that blocks, and what it answers. */
interface RateRule {
  readonly name: string;
  readonly limit: number;
  readonly windowMs: number;
  readonly applies: (request: Looked) => boolean;
  readonly answer: HttpAnswer;
}

const DEFAULT_WINDOW_SECONDS = 300;
/** AWS WAF looks at the rates some times a minute; counting in seconds is near enough. */
const SLOT_MS = 1_000;

/**
 * The rate rules of the web ACL that the template puts before the stage. AWS WAF notices a rate some seconds late,
 * the local run at once.
 */
export class Firewall {
  /** Requests by rule and address, by second. */
  private readonly counts = new Map<string, Map<number, number>>();

  /** @param now clock in ms, for tests */
  constructor(
    private readonly rules: readonly RateRule[],
    private readonly now: () => number = Date.now,
  ) {}

  /** The answer of the first rule that blocks the request, with the rule's name; undefined lets it pass. */
  blocks(request: Looked): { readonly rule: string; readonly answer: HttpAnswer } | undefined {
    for (const rule of this.rules) {
      if (rule.applies(request) && this.count(rule, request.sourceIp) > rule.limit) {
        return { rule: rule.name, answer: rule.answer };
      }
    }
    return undefined;
  }

  /** Counts a request, blocked ones too. @returns the requests of the address within the rule's window */
  private count(rule: RateRule, sourceIp: string): number {
    const key = `${rule.name} ${sourceIp}`;
    const slots = this.counts.get(key) ?? new Map<number, number>();
    this.counts.set(key, slots);
    const slot = Math.floor(this.now() / SLOT_MS);
    slots.set(slot, (slots.get(slot) ?? 0) + 1);
    let total = 0;
    for (const [at, count] of slots) {
      if (at * SLOT_MS <= this.now() - rule.windowMs) slots.delete(at);
      else total += count;
    }
    return total;
  }
}

/**
 * Reads the rules of the web ACL in the template that is associated with a stage of the API. One that exists outside is
 * not known here, and lets everything pass.
 *
 * @throws LocalError naming the rule, when it uses something of AWS WAF that the local run does not imitate
 */
export function readFirewall(stack: LocalStack, restApiId: string): RateRule[] {
  const associated = stack
    .ofType('AWS::WAFv2::WebACLAssociation')
    .filter((association) =>
      stringOf(stack.property(association, 'ResourceArn'))?.includes(`/restapis/${restApiId}/`),
    )
    .map((association) => stack.property(association, 'WebACLArn'));
  return stack
    .ofType('AWS::WAFv2::WebACL')
    .filter((webAcl) => associated.includes(stack.attribute(webAcl, 'Arn')))
    .flatMap((webAcl) => readRules(stack, webAcl));
}

function readRules(stack: LocalStack, webAcl: Resource): RateRule[] {
  const bodies = recordOf(stack.property(webAcl, 'CustomResponseBodies'));
  return listOf(stack.property(webAcl, 'Rules'))
    .map(recordOf)
    .sort((a, b) => (numberOf(a.Priority) ?? 0) - (numberOf(b.Priority) ?? 0))
    .map((rule) => {
      const where = `${webAcl.logicalId}.Rules.${String(rule.Name)}`;
      const rate = recordOf(recordOf(rule.Statement).RateBasedStatement);
      const block = recordOf(rule.Action).Block;
      if (rate.AggregateKeyType !== 'IP' || !isRecord(block)) {
        throw new LocalError(
          `The template's ${where} is of a kind that the local run does not imitate; it knows rate rules by IP address that block.`,
        );
      }
      return {
        name: String(rule.Name),
        limit: numberOf(rate.Limit) ?? 0,
        windowMs: (numberOf(rate.EvaluationWindowSec) ?? DEFAULT_WINDOW_SECONDS) * 1000,
        applies:
          rate.ScopeDownStatement === undefined ? () => true : readStatement(rate.ScopeDownStatement, where),
        answer: readAnswer(recordOf(block.CustomResponse), bodies),
      };
    });
}

function readStatement(value: unknown, where: string): (request: Looked) => boolean {
  const statement = recordOf(value);
  if (statement.NotStatement !== undefined) {
    const inner = readStatement(recordOf(statement.NotStatement).Statement, where);
    return (request) => !inner(request);
  }
  const { RegexString: regex, FieldToMatch: field } = recordOf(statement.RegexMatchStatement);
  const header = stringOf(recordOf(recordOf(field).SingleHeader).Name);
  if (typeof regex !== 'string' || header === undefined) {
    throw new LocalError(
      `The template's ${where} has a statement that the local run does not imitate; it knows NotStatement, and RegexMatchStatement on a single header.`,
    );
  }
  const pattern = new RegExp(regex);
  return ({ rawHeaders }) => pattern.test(headerOf(rawHeaders, header.toLowerCase()) ?? '');
}

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  APPLICATION_JSON: 'application/json',
  TEXT_PLAIN: 'text/plain',
  TEXT_HTML: 'text/html',
};

function readAnswer(custom: Record<string, unknown>, bodies: Record<string, unknown>): HttpAnswer {
  const body = recordOf(bodies[stringOf(custom.CustomResponseBodyKey) ?? '']);
  const headers = listOf(custom.ResponseHeaders)
    .map(recordOf)
    .map(({ Name, Value }) => [String(Name), String(Value)] as const);
  const type = CONTENT_TYPES[stringOf(body.ContentType) ?? ''];
  return {
    status: numberOf(custom.ResponseCode) ?? 403,
    headers: [...headers, ...(type === undefined ? [] : [['Content-Type', type] as const])],
    body: Buffer.from(stringOf(body.Content) ?? ''),
  };
}
