/**
 * Takes the place of the SDK's chain of credential providers in the bundles (lib/bundles.ts). Lambda hands a function
 * its role's credentials in the environment, for the whole life of the instance; the chain looks for them in
 * profiles, single sign-on, web identities and instance metadata, and brings the clients for that along: a quarter of
 * a bundle.
 *
 * @throws Error when the environment has none: the code runs somewhere else than in Lambda
 */
export const defaultProvider = () => async () => {
  const {
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_SESSION_TOKEN: sessionToken,
  } = process.env;
  if (accessKeyId === undefined || secretAccessKey === undefined) {
    throw new Error('The environment has no AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.');
  }
  return { accessKeyId, secretAccessKey, sessionToken };
};
