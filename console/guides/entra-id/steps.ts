import type { Field, Form, Step } from '../guide';
import {
  AFTER_CONNECTION,
  CONNECTION_MENU,
  CREATE_APPLICATION,
  enterConnection,
  OPEN_PROVISIONING,
} from './shared-steps';

const TENANT_URL: Field = { kind: 'text', label: 'Tenant URL', value: '{baseUrl}' };

export const CLIENT_CREDENTIALS_STEPS: readonly Step[] = [
  CREATE_APPLICATION,
  OPEN_PROVISIONING,
  enterConnection(
    [
      'Choose OAuth client credentials as the way to authenticate.',
      'Paste the four values.',
      'If the form also asks where the credentials are sent, any choice works; leave scopes empty.',
    ],
    [
      {
        kind: 'choice',
        label: 'Authentication method',
        value: 'OAuth2 client credentials grant',
        note: 'Label and wording may differ.',
      },
      TENANT_URL,
      { kind: 'text', label: 'Token endpoint', value: '{tokenUrl}' },
      { kind: 'text', label: 'Client identifier', value: '{clientId}' },
      { kind: 'secret', label: 'Client secret', value: '{clientSecret}' },
    ],
  ),
  ...AFTER_CONNECTION,
];

export const TOKEN_STEPS: readonly Step[] = [
  CREATE_APPLICATION,
  OPEN_PROVISIONING,
  enterConnection(
    [
      'Choose bearer authentication, if the form asks for the way to authenticate.',
      'Paste the two values. The token goes in alone: Entra ID writes "Bearer" before it.',
    ],
    [
      {
        kind: 'choice',
        label: 'Authentication method',
        value: 'Bearer authentication',
        note: 'Label and wording may differ; the older page has no such field.',
      },
      TENANT_URL,
      { kind: 'secret', label: 'Secret token', value: '{token}' },
    ],
  ),
  ...AFTER_CONNECTION,
];

const WORKLOAD_IDENTITY: Form = {
  title: 'Connectivity',
  fields: [
    {
      kind: 'choice',
      label: 'Authentication method',
      value: 'Workload Identity Federation',
      note: 'The label may differ.',
    },
    {
      kind: 'taken',
      label: 'Issuer (iss)',
      takes: 'issuer',
      example: 'https://login.microsoftonline.com/00000000-0000-0000-0000-000000000000/v2.0',
    },
    {
      kind: 'taken',
      label: 'JWKS URL',
      takes: 'jwksUrl',
      example: 'https://login.microsoftonline.com/00000000-0000-0000-0000-000000000000/discovery/v2.0/keys',
    },
    {
      kind: 'taken',
      label: 'Subject (sub)',
      takes: 'subject',
      example: '11111111-1111-1111-1111-111111111111',
    },
    {
      kind: 'taken',
      label: 'Audience (aud)',
      takes: 'audience',
      example: 'api://22222222-2222-2222-2222-222222222222/.default',
    },
  ],
  buttons: ['Select Workload Identity'],
};

export const FEDERATION_STEPS: readonly Step[] = [
  CREATE_APPLICATION,
  OPEN_PROVISIONING,
  {
    id: 'workload-identity',
    title: 'Choose a workload identity',
    menu: CONNECTION_MENU,
    instructions: [
      'Choose **Workload Identity Federation** as the way to authenticate.',
      'Press **Select Workload Identity**, and register a new identity or choose one that you have used for this service before.',
      'Copy the four values that Entra ID shows into this page, exactly as they are.',
      'Leave the page of Entra ID open.',
    ],
    form: WORKLOAD_IDENTITY,
    confidence: 'documented',
  },
  enterConnection(
    ['Paste the three values below the ones that you have copied.'],
    [
      { kind: 'text', label: 'Client ID', value: '{clientId}', note: 'The label may differ.' },
      { kind: 'text', label: 'Token URL', value: '{tokenUrl}', note: 'The label may differ.' },
      {
        kind: 'text',
        label: 'SCIM URL',
        otherLabels: ['Tenant URL'],
        value: '{baseUrl}',
        note: 'The label may differ.',
      },
    ],
  ),
  ...AFTER_CONNECTION,
];
