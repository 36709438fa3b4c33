import { CognitoIdentityProviderClient } from '@aws-sdk/client-cognito-identity-provider';
import { CognitoSink } from '../src/offboarding/sinks/cognito';
import { namingFromEnvironment } from './environment';
import { sinkHandler } from './middleware/sink-queue';

const { COGNITO_USER_POOL_ID: pool = '' } = process.env;
/** A pool's id begins with its region, which need not be the stack's. */
const region = pool.split('_')[0] || undefined;

/** Brings the users of a Cognito user pool to the access that they have here. */
export const handler = sinkHandler(
  new CognitoSink(new CognitoIdentityProviderClient({ region }), pool),
  namingFromEnvironment(),
);
