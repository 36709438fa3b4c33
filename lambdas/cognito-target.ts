import { CognitoIdentityProviderClient } from '@aws-sdk/client-cognito-identity-provider';
import { CognitoTarget } from '../sessions/targets/cognito';
import { targetHandler } from './middleware/target-queue';

const { COGNITO_USER_POOL_ID: userPoolId = '', TARGET_USERNAME: source } = process.env;

/** Brings the users of a Cognito user pool to the access that they have here. */
export const handler = targetHandler(
  new CognitoTarget(new CognitoIdentityProviderClient({}), userPoolId),
  source === 'id' || source === 'externalId' ? source : 'userName',
);
