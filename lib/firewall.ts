import { CfnWebACL, CfnWebACLAssociation } from 'aws-cdk-lib/aws-wafv2';
import { Construct } from 'constructs';
import { AUTHORIZATION_PATTERN } from './authorizer';
import { scimErrorBody } from './gateway-responses';
import type { ServiceConfig } from './service-config';

/** A minute, the shortest window that AWS WAF counts over. */
const WINDOW_SECONDS = 60;
/** Requests without a token that one address may send in the window: somebody who tries things out sends fewer. */
const MAX_WITHOUT_TOKEN = 100;
const TOO_MANY_REQUESTS = 'TooManyRequests';

/**
 * AWS WAF before the API's stage: the service's own web ACL with rate rules, one that exists, or none.
 *
 * The rules look at the address and at one header. There are none on bodies: AWS' common rule set refuses those over
 * 8 kB, which a Bulk request or a group of some hundred members has.
 */
export class Firewall extends Construct {
  /** Names of the metrics of the service's own web ACL and its rules in `AWS/WAFV2`; no rules without one. */
  readonly webAclName: string;
  readonly rules: readonly string[];

  constructor(
    scope: Construct,
    id: string,
    stageArn: string,
    config: Pick<ServiceConfig, 'name' | 'webAcl' | 'webAclArn' | 'webAclRate'>,
  ) {
    super(scope, id);
    this.webAclName = config.name;
    const own = config.webAcl === 'rate' ? this.webAcl(config.webAclRate) : undefined;
    this.rules = own === undefined ? [] : RULES;
    const webAclArn = own?.attrArn ?? config.webAclArn;
    if (webAclArn !== undefined) {
      new CfnWebACLAssociation(this, 'Association', { resourceArn: stageArn, webAclArn });
    }
  }

  private webAcl(rate: number): CfnWebACL {
    return new CfnWebACL(this, 'WebAcl', {
      scope: 'REGIONAL',
      description: 'SCIM: limits what one IP address may send',
      defaultAction: { allow: {} },
      visibilityConfig: visibility(this.webAclName),
      customResponseBodies: {
        [TOO_MANY_REQUESTS]: {
          contentType: 'APPLICATION_JSON',
          content: scimErrorBody(
            'Your IP address sends too many requests; repeat the request after the seconds in Retry-After.',
            429,
          ),
        },
      },
      rules: [
        rateRule(0, 'WithoutToken', MAX_WITHOUT_TOKEN, { notStatement: { statement: HAS_TOKEN } }),
        rateRule(1, 'Address', rate),
      ],
    });
  }
}

const RULES = ['WithoutToken', 'Address'] as const;

/** Whether the Authorization header has the form of a token; what it is worth, only the authorizer knows. */
const HAS_TOKEN: CfnWebACL.StatementProperty = {
  regexMatchStatement: {
    fieldToMatch: { singleHeader: { Name: 'authorization' } },
    regexString: AUTHORIZATION_PATTERN,
    textTransformations: [{ priority: 0, type: 'NONE' }],
  },
};

function rateRule(
  priority: number,
  name: (typeof RULES)[number],
  limit: number,
  scopeDownStatement?: CfnWebACL.StatementProperty,
): CfnWebACL.RuleProperty {
  return {
    name,
    priority,
    statement: {
      rateBasedStatement: {
        aggregateKeyType: 'IP',
        evaluationWindowSec: WINDOW_SECONDS,
        limit,
        scopeDownStatement,
      },
    },
    action: {
      block: {
        // A custom response of AWS WAF goes before the gateway's own, and cannot set the Content-Type.
        customResponse: {
          responseCode: 429,
          customResponseBodyKey: TOO_MANY_REQUESTS,
          responseHeaders: [{ name: 'Retry-After', value: String(WINDOW_SECONDS) }],
        },
      },
    },
    visibilityConfig: visibility(name),
  };
}

const visibility = (metricName: string): CfnWebACL.VisibilityConfigProperty => ({
  metricName,
  cloudWatchMetricsEnabled: true,
  // Sampled requests show headers, the token among them.
  sampledRequestsEnabled: false,
});
