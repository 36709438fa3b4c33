import type { Step } from '../guide';
import { ONELOGIN_TEMPLATE } from './template';

export const STEPS: readonly Step[] = [
  {
    id: 'application',
    title: 'Add the application',
    menu: ['Applications', 'Applications', 'Add App'],
    instructions: [
      'Look for `SCIM Provisioner with SAML (SCIM v2 Enterprise, full SAML)`.',
      'Give it a display name and press **Save**.',
      'Its fields for SAML may stay empty if people do not log in through it.',
    ],
    confidence: 'documented',
  },
  {
    id: 'enter-connection',
    title: 'Enter the connection',
    menu: ['Your application', 'Configuration'],
    instructions: [
      'Paste the four values, then press **Save**.',
      'The token goes in alone, without "Bearer".',
    ],
    form: {
      title: 'API Connection',
      fields: [
        { kind: 'text', label: 'SCIM Base URL', value: '{baseUrl}' },
        { kind: 'lines', label: 'SCIM JSON Template', value: ONELOGIN_TEMPLATE },
        { kind: 'text', label: 'Custom Headers', value: 'Content-Type: application/scim+json' },
        { kind: 'secret', label: 'SCIM Bearer Token', value: '{token}' },
      ],
      buttons: ['Save'],
    },
    confidence: 'documented',
  },
  {
    id: 'enable',
    title: 'Enable the connection',
    menu: ['Your application', 'Configuration', 'API Connection'],
    instructions: ['Press **Enable** and watch this page: OneLogin asks for a user who does not exist.'],
    seen: 'The API status **Enabled**.',
    awaits: 'connection',
    confidence: 'documented',
  },
  {
    id: 'enable-provisioning',
    title: 'Say what OneLogin may do here',
    menu: ['Your application', 'Provisioning'],
    instructions: [
      'Enable provisioning, and take admin approval off: otherwise every change waits as **Pending**.',
      'Choose **Suspend** for people who leave, which deactivates them here.',
      'Press **Save**.',
    ],
    form: {
      title: 'Workflow',
      fields: [
        { kind: 'check', label: 'Enable provisioning', isOn: true },
        {
          kind: 'check',
          label: 'Require admin approval: Create user',
          isOn: false,
          note: 'The label may differ.',
        },
        {
          kind: 'check',
          label: 'Require admin approval: Delete user',
          isOn: false,
          note: 'The label may differ.',
        },
        {
          kind: 'check',
          label: 'Require admin approval: Update user',
          isOn: false,
          note: 'The label may differ.',
        },
        {
          kind: 'choice',
          label: 'When users are deleted in OneLogin, or the user’s app access is removed',
          value: 'Suspend',
        },
      ],
      buttons: ['Save'],
    },
    confidence: 'documented',
  },
  {
    id: 'map-users',
    title: 'Check the parameters',
    menu: ['Your application', 'Parameters'],
    instructions: [
      'Open **SCIM Username** and choose **Email** if people log in with their e-mail address.',
      'Compare the others with the table.',
    ],
    mapping: 'User',
    confidence: 'documented',
  },
  {
    id: 'first-user',
    title: 'Provision the first person',
    menu: ['Users', 'Your test person', 'Applications', '+'],
    instructions: [
      'Add the application to one person whom you may try this with.',
      'If they are shown as **Pending**, approve them.',
    ],
    seen: '**Provisioned**, some seconds later.',
    awaits: 'user',
    confidence: 'reported',
  },
  {
    id: 'first-group',
    title: 'Provision the first group',
    menu: ['Your application', 'Parameters', 'Groups'],
    instructions: [
      'Tick **Include in User Provisioning** at **Groups**.',
      'Under **Rules**, add one that sets the groups from the roles of OneLogin, for each role with a value that matches `.*`.',
      'Give the test person a role, and look here whether the group has arrived.',
    ],
    form: {
      title: 'New mapping',
      fields: [
        {
          kind: 'choice',
          label: 'Actions',
          value: 'Set Groups in your application',
          note: 'The label may differ.',
        },
        { kind: 'choice', label: 'How', value: 'Map from OneLogin', note: 'The label may differ.' },
        { kind: 'choice', label: 'For each', value: 'role', note: 'The label may differ.' },
        { kind: 'text', label: 'with value that matches', value: '.*' },
      ],
      buttons: ['Save'],
    },
    mapping: 'Group',
    awaits: 'group',
    confidence: 'reported',
  },
  {
    id: 'everybody',
    title: 'Give access to everybody',
    menu: ['Your application', 'Access', 'Roles'],
    instructions: [
      'Choose the roles whose people are to have access.',
      'Watch **Users**, **Provisioning** for what is pending or has failed.',
    ],
    confidence: 'reported',
  },
];
