import type { KnownError } from '../guide';

const PREFIX = 'SystemForCrossDomainIdentityManagement';

export const ERRORS: readonly KnownError[] = [
  {
    seen: 'You appear to have entered invalid credentials. Please confirm you are using the correct information for an administrative account.',
    means: 'The **Tenant URL** or the credential is wrong.',
    act: 'Copy both from here again. Paste the token without "Bearer", which Entra ID writes before it.',
    who: 'you',
    confidence: 'reported',
  },
  {
    seen: `${PREFIX}CredentialValidationFailure`,
    means: 'The credential was refused: it is mistyped, has expired or was revoked.',
    act: 'Make a new credential here, paste it and test the connection.',
    who: 'you',
    confidence: 'documented',
  },
  {
    seen: 'InvalidCredentials',
    means:
      'The token URL refused the client: its secret is mistyped or has ended, or the client was revoked.',
    act: 'Make a new secret here, paste it and test the connection.',
    who: 'you',
    confidence: 'reported',
  },
  {
    seen: 'The test fails with workload identity federation',
    means:
      'One of the four values differs from what Entra ID sends. Its own pages show the audience with and without `/.default`, and the issuer with and without `/v2.0`.',
    act: 'Read the last refusal here: it names the claim and what came. Enter that, exactly.',
    who: 'you',
    confidence: 'reported',
  },
  {
    seen: `${PREFIX}CredentialValidationUnavailable`,
    means: 'The service or its token URL could not be reached.',
    act: 'Compare **Tenant URL** and **Token endpoint** with the values here, and try again in a minute.',
    who: 'you',
    confidence: 'documented',
  },
  {
    seen: `${PREFIX}ServiceIncompatible`,
    means: 'What answers at the **Tenant URL** is not SCIM, as with a wrong path.',
    act: 'Paste {baseUrl} as it is, without a slash at its end.',
    who: 'you',
    confidence: 'documented',
  },
  {
    seen: 'EntryConflict',
    means: 'A user of this `userName`, or a group of this name, is here already and does not match.',
    act: 'Check the matching attributes: Entra ID goes on with the user who is here when `userName` matches. Rename one of two groups of the same name.',
    who: 'you',
    confidence: 'documented',
  },
  {
    seen: 'DuplicateTargetEntries',
    means: 'More than one user here has the value by which Entra ID matches.',
    act: 'Match by `externalId` from `objectId` and by `userName`, which are unique.',
    who: 'you',
    confidence: 'documented',
  },
  {
    seen: 'InvalidAnchor',
    means: 'The user whom Entra ID remembers is not here any more.',
    act: 'Select **Restart provisioning**: Entra ID then looks everybody up again.',
    who: 'you',
    confidence: 'documented',
  },
  {
    seen: 'ImportSkipped',
    means: 'The matching attribute of this person is empty in Entra ID.',
    act: 'Fill it in, or match by an attribute that everybody has.',
    who: 'you',
    confidence: 'documented',
  },
  {
    seen: 'EntrySynchronizationSkipped',
    means: 'The person is out of scope, or nothing has changed.',
    act: 'Nothing, unless they should be provisioned: then look at the assignment and the scoping filters.',
    who: 'you',
    confidence: 'documented',
  },
  {
    seen: 'The user is not effectively entitled',
    means: 'Entra ID does not see the assignment, mostly because the person is in a nested group.',
    act: 'Assign the person, or the group that they are in directly. If they are, remove the assignment and add it again.',
    who: 'you',
    confidence: 'documented',
  },
  {
    seen: 'MandatoryFieldsMissing, SchemaAttributeNotFound',
    means: 'A row of the mapping was deleted that is required, or leads to an attribute that is not here.',
    act: 'Compare the mapping with the table here.',
    who: 'you',
    confidence: 'documented',
  },
  {
    seen: 'InsufficientRights, Unauthorized, NotPermitted',
    means: 'The credential may read and not write, or a policy of the application refuses this person.',
    act: 'Read the last refusal here: it says which of the two. A credential that is made with a set-up link may write.',
    who: 'vendor',
    confidence: 'documented',
  },
  {
    seen: 'Failed to match an entry in the source and target systems Group',
    means: 'The mapping of groups does not match by an attribute that groups here have.',
    act: 'Match groups by `displayName`.',
    who: 'you',
    confidence: 'reported',
  },
  {
    seen: 'TooManyRequests, InternalServerError, Timeout, WebExceptionProtocolError',
    means: 'More came at once than is taken, or something was away for a moment.',
    act: 'Nothing: Entra ID repeats it.',
    who: 'nobody',
    confidence: 'documented',
  },
  {
    seen: 'EncounteredQuarantineException',
    means:
      'Quarantine for refused credentials: Entra ID tries again after 6, 12 and 24 hours, then daily, and gives up after 28 days.',
    act: 'Mend the credential and test the connection. The first success ends the quarantine; **Restart provisioning** does not wait for it.',
    who: 'you',
    confidence: 'documented',
  },
  {
    seen: 'EncounteredEscrowProportionThreshold',
    means: 'Quarantine because more than 40 % of at least 5,000 operations failed.',
    act: 'Sort the provisioning log by error, mend what most of them have in common, then **Restart provisioning**.',
    who: 'you',
    confidence: 'documented',
  },
];
