/** A value that a guide names in braces, and which differs from customer to customer. */
interface ValueOfOurs {
  readonly label: string;
  /** What stands in the documentation in its place. */
  readonly example: string;
  /** Shown once, and never again. */
  readonly isSecret: boolean;
}

/** The values of ours that are pasted at the identity provider. */
export const VALUES = {
  baseUrl: { label: 'SCIM base URL', example: 'https://scim.example.com/scim/v2', isSecret: false },
  token: { label: 'Token', example: 'scim_…', isSecret: true },
  tokenUrl: { label: 'Token URL', example: 'https://scim.example.com/scim/oauth2/token', isSecret: false },
  clientId: { label: 'Client id', example: 'scimclient_…', isSecret: false },
  clientSecret: { label: 'Client secret', example: 'scimsecret_…', isSecret: true },
} as const satisfies Record<string, ValueOfOurs>;

export type ValueName = keyof typeof VALUES;

/** The values of the identity provider's that are entered here, in the order of its page. */
export const TAKEN_VALUES = {
  issuer: { label: 'Issuer' },
  jwksUrl: { label: 'JWKS URL' },
  subject: { label: 'Subject' },
  audience: { label: 'Audience' },
} as const;

export type TakenValueName = keyof typeof TAKEN_VALUES;
