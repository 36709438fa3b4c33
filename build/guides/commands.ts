import type { Guide, Method } from '../../console/guides';

type Credential = Method['credential'];

/** What whoever runs the service types, where the customer's administrator has no set-up link. */
const MAKING: Readonly<Record<Credential, (label: string) => string>> = {
  client: (label) => `npm run admin -- client create acme --label ${label} --expires 2y --stack Scim`,
  trust: () =>
    'npm run admin -- client trust acme <clientId> --issuer <iss> --subject <sub> --audience <aud> --jwks <url> --end-secrets --stack Scim',
  token: (label) => `npm run admin -- token create acme --label ${label} --expires 365d --stack Scim`,
};

const RENEWING: Readonly<Record<Credential, readonly string[]>> = {
  client: [
    'npm run admin -- client list acme --stack Scim',
    'npm run admin -- client rotate acme <clientId> --overlap 7d --stack Scim',
  ],
  trust: [],
  token: [
    'npm run admin -- token list acme --stack Scim',
    'npm run admin -- token rotate acme <tokenId> --overlap 7d --stack Scim',
    'npm run admin -- token revoke acme <tokenId> --stack Scim',
  ],
};

const ABOUT: Readonly<Record<Credential, string>> = {
  client: 'An [OAuth client](../oauth.md)',
  trust:
    'The same client, taking [the provider’s assertions](../oauth.md#workload-identity-federation) in place of a secret',
  token: 'A [token](../tokens.md)',
};

const credentialsOf = ({ methods }: Guide): Credential[] => [
  ...new Set(methods.map(({ credential }) => credential)),
];

/** How the values of the steps are made. */
export function commandsSection(guide: Guide): string[] {
  return [
    '## The values to paste',
    '',
    'Whoever runs the service sends a link to the [set-up page](../setup-page.md), on which they are made on the spot:',
    '',
    '```sh',
    'npm run admin -- setup-link create acme --for "IT of Acme" --expires 7d --stack Scim',
    '```',
    '',
    'or makes them, and passes on what is printed, once.',
    '',
    ...credentialsOf(guide).flatMap((credential) => [
      `${ABOUT[credential]}:`,
      '',
      '```sh',
      MAKING[credential](guide.id),
      '```',
      '',
    ]),
  ];
}

/** The commands behind a renewal. */
export function renewalCommands(guide: Guide): string[] {
  const commands = credentialsOf(guide).flatMap((credential) => RENEWING[credential]);
  return [
    'Whoever runs the service does the same with',
    '',
    '```sh',
    ...commands,
    '```',
    '',
    '`tenant show acme` tells when each was used last.',
    '',
  ];
}
