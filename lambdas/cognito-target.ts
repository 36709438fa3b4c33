import { CognitoIdentityProviderClient } from '@aws-sdk/client-cognito-identity-provider';
import { CognitoTarget } from '../sessions/targets/cognito';
import { namingFromEnvironment } from './environment';
import { targetHandler } from './middleware/target-queue';

/** Brings the users of a Cognito user pool to the access that they have here. */
export const handler = targetHandler(
  new CognitoTarget(new CognitoIdentityProviderClient({}), process.env.COGNITO_USER_POOL_ID ?? ''),
  namingFromEnvironment(),
);
