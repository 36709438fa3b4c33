/** `serverless-scim/cdk`: what an application's CDK app imports. Nothing else of this folder is public. */
export type { AdminGrantOptions } from './admin-api';
export { ScimService } from './scim-service';
export { ScimStack } from './scim-stack';
export type { CognitoSink, ScimDomain, ScimServiceProps, WebhookSink } from './service-props';
export { type ScimStackProps, SettingError } from './settings';
