import { Aws, Fn, Stack } from 'aws-cdk-lib';
import {
  CfnApiKey,
  CfnUsagePlanKey,
  type RestApi,
  type ThrottleSettings,
  UsagePlan,
} from 'aws-cdk-lib/aws-apigateway';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import type { ServiceConfig } from './service-config';
import { DEFAULT_TIER, type Tier } from './tenant-tiers';

/**
 * What each tenant may send: a usage plan per tier, in which `tenant create` puts a key per tenant, and a key for
 * whoever has none. The authorizer names the key, so that clients know nothing of it.
 *
 * Plans and key are there also when the limits are off: were they removed, the keys of tenants would be in no plan when
 * they are switched on again, and the gateway refuses such keys (403).
 */
export class TenantLimits extends Construct {
  /** By tier. */
  readonly plans: ReadonlyMap<string, { readonly plan: UsagePlan; readonly tier: Tier }>;
  /** The key for whoever has none; its id tells this service's keys from those of others. */
  readonly defaultKey: CfnApiKey;

  constructor(
    scope: Construct,
    id: string,
    private readonly api: RestApi,
    authorizer: LambdaFunction,
    private readonly config: ServiceConfig,
  ) {
    super(scope, id);
    const tiers = {
      [DEFAULT_TIER]: { rate: config.tenantRate, burst: config.tenantBurst },
      ...config.tenantTiers,
    };
    this.plans = new Map(
      Object.entries(tiers).map(([name, tier]) => {
        const throttle = { rateLimit: tier.rate, burstLimit: tier.burst };
        return [name, { plan: this.createPlan(`Plan-${name}`, name, throttle), tier }];
      }),
    );
    const value = defaultKeyValue(config);
    this.defaultKey = new CfnApiKey(this, 'DefaultKey', {
      name: `${config.name}.`,
      description: 'Tenants without a key of their own; the authorizer names it.',
      enabled: true,
      value,
    });
    // As large as the stage's: else all tenants from before there were keys would share what is meant for one.
    const shared = this.createPlan('Shared', 'shared', undefined);
    new CfnUsagePlanKey(this, 'DefaultPlanKey', {
      keyId: this.defaultKey.ref,
      keyType: 'API_KEY',
      usagePlanId: shared.usagePlanId,
    });
    if (config.tenantLimits === 'off') return;
    authorizer.addEnvironment('DEFAULT_API_KEY', value);
    authorizer.addEnvironment('DEFAULT_API_KEY_ID', this.defaultKey.ref);
    authorizer.addEnvironment('TENANT_TIERS', [...this.plans.keys()].join(' '));
  }

  /** What administrators make tenants' keys with: outputs of the stack, none where tenants have no limits. */
  outputs(): Readonly<Record<string, string>> {
    if (this.config.tenantLimits === 'off') return {};
    const plans = [...this.plans].map(
      ([name, { plan, tier }]) => `${name}=${plan.usagePlanId}:${tier.rate}:${tier.burst}`,
    );
    return { UsagePlans: plans.join(' '), DefaultApiKeyId: this.defaultKey.ref };
  }

  /** ARNs of the calls that make and remove a tenant's key. */
  keyArns(): { readonly created: string[]; readonly deleted: string } {
    const { partition, region } = Stack.of(this);
    const gateway = `arn:${partition}:apigateway:${region}::`;
    const plans = [...this.plans.values()].map(
      ({ plan }) => `${gateway}/usageplans/${plan.usagePlanId}/keys`,
    );
    // API Gateway makes up the ids of keys, so that no ARN tells whose they are.
    return { created: [`${gateway}/apikeys`, ...plans], deleted: `${gateway}/apikeys/*` };
  }

  private createPlan(id: string, name: string, throttle: ThrottleSettings | undefined): UsagePlan {
    return new UsagePlan(this, id, {
      name: `${this.config.name}.${name}`,
      description: 'What a tenant may send',
      apiStages: [{ api: this.api, stage: this.api.deploymentStage }],
      throttle,
    });
  }
}

/**
 * The same as long as the stack is there, and no other stack's: API Gateway knows a value once per account and Region.
 * It opens nothing, since the gateway takes keys from the authorizer alone.
 */
const defaultKeyValue = ({ name }: ServiceConfig): string =>
  Fn.join('.', [Fn.select(2, Fn.split('/', Aws.STACK_ID)), name.slice(-80)]);
