/** `serverless-scim/cdk`: what an application's CDK app imports. Nothing else of this folder is public. */
export type { AdminGrantOptions } from './admin-api';
export { ScimService } from './scim-service';
export { ScimStack } from './scim-stack';
export type { ScimDomain, ScimServiceProps, SetupPage } from './service-props';
export { type ScimStackProps, SettingError } from './settings';
export type { CognitoSink, WebhookSink } from './sink-props';
export type { Tier, Tiers } from './tenant-tiers';
