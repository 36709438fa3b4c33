import { patchBodyValidation, type ScimPatch, type ScimResource, scimPatch } from 'scim-patch';
import SCIMMY from 'scimmy';
import type { JsonObject, JsonValue } from '../../src/scim/json';
import { applyPatch } from '../../src/scim/patch/apply';
import { splitMemberOperations } from '../../src/scim/patch/members';
import { readPatchRequest } from '../../src/scim/patch/request';
import { readResource } from '../../src/scim/resource/read';
import { GROUP, USER } from '../../testing/registry';
import { entraUser } from '../resources';
import type { Task } from './contest';

const GROUP_URN = 'urn:ietf:params:scim:schemas:core:2.0:Group';
const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';

const stored = readResource(USER, entraUser(7));
const [email] = stored.emails as JsonObject[];
const [address] = stored.addresses as JsonObject[];

/** PATCH operations as identity providers send them, each with the resource that must come out. */
const PATCHES: readonly {
  readonly name: string;
  readonly operations: JsonObject[];
  readonly right: JsonObject;
}[] = [
  {
    name: 'Okta: {"active": false} without path',
    operations: [{ op: 'replace', value: { active: false } }],
    right: { ...stored, active: false },
  },
  {
    name: 'Entra ID: active = "False"',
    operations: [{ op: 'Replace', path: 'active', value: 'False' }],
    right: { ...stored, active: false },
  },
  {
    name: 'emails[type eq "work"].value',
    operations: [{ op: 'Replace', path: 'emails[type eq "work"].value', value: 'new@contoso.example' }],
    right: { ...stored, emails: [{ ...email, value: 'new@contoso.example' }] },
  },
  {
    name: 'Entra ID: six attributes of a move',
    operations: [
      { op: 'Replace', path: 'displayName', value: 'Adele Smith' },
      { op: 'Replace', path: 'name.familyName', value: 'Smith' },
      { op: 'Replace', path: 'title', value: 'Director' },
      { op: 'Replace', path: 'addresses[type eq "work"].locality', value: 'Seattle' },
      { op: 'Replace', path: `${ENTERPRISE}:department`, value: 'Sales' },
      { op: 'Replace', path: 'preferredLanguage', value: 'de-DE' },
    ],
    right: {
      ...stored,
      displayName: 'Adele Smith',
      name: { ...(stored.name as JsonObject), familyName: 'Smith' },
      title: 'Director',
      addresses: [{ ...address, locality: 'Seattle' }],
      [ENTERPRISE]: { ...(stored[ENTERPRISE] as JsonObject), department: 'Sales' },
      preferredLanguage: 'de-DE',
    },
  },
];

const bodyOf = (operations: JsonObject[]): JsonObject => ({
  schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
  Operations: operations,
});

/** The request's check and its application to one user of 1 kB. */
export function userPatchTasks(): Task[] {
  return PATCHES.map(({ name, operations, right }) => {
    const body = bodyOf(operations);
    // The peers work on whole resources. scim-patch changes its input; what is replaced by the same again is the same
    // work.
    const whole = {
      schemas: [USER.schema.id, ENTERPRISE],
      id: '7',
      meta: { resourceType: 'User' },
      ...stored,
    };
    const mutable = structuredClone(whole) as unknown as ScimResource;
    return {
      group: 'PATCH a user',
      name,
      right,
      contenders: [
        { name: 'this project', run: () => applyPatch(USER, stored, readPatchRequest(body)) },
        // By default it changes the resource it is given, and leaves half of a PATCH there when an operation fails.
        { name: 'scim-patch, in place', run: () => patchWithPeer(mutable, body), answer: attributesOf },
        {
          name: 'scim-patch',
          run: () => patchWithPeer(whole as unknown as ScimResource, body, { mutateDocument: false }),
          answer: attributesOf,
        },
        {
          name: 'scimmy',
          run: async () => {
            const target = new SCIMMY.Schemas.User(whole, 'out');
            return await new SCIMMY.Messages.PatchOp(scimmyBody(body)).apply(target as never);
          },
          answer: attributesOf,
        },
      ],
    };
  });
}

/** Adds one member and removes another: the group is what it was, so that every run meets the same. */
export function memberTasks(): Task[] {
  return [10, 1_000, 10_000].map((size) => {
    const members = Array.from({ length: size }, (_, n) => ({ value: `member-${n}` }));
    const body = bodyOf([
      { op: 'Add', path: 'members', value: [{ value: 'newcomer' }] },
      { op: 'Remove', path: 'members[value eq "newcomer"]' },
    ]);
    const group = {
      schemas: [GROUP_URN],
      id: '1',
      meta: { resourceType: 'Group' },
      displayName: 'All',
      members,
    };
    const mutable = structuredClone(group) as unknown as ScimResource;
    return {
      group: 'PATCH a group: add a member and remove it',
      name: `${size.toLocaleString('en-US')} members`,
      right: size,
      contenders: [
        {
          name: 'this project',
          run: () => splitMemberOperations(GROUP, readPatchRequest(body)),
          // What is left to write: nobody is added, and the one who was is removed.
          answer: (output: unknown) => {
            const { members: change } = output as ReturnType<typeof splitMemberOperations>;
            return change?.add.size === 0 && change.remove.has('newcomer') ? size : undefined;
          },
        },
        { name: 'scim-patch, in place', run: () => patchWithPeer(mutable, body), answer: memberCount },
        // Above a second a run at 10,000 members: two runs to judge and to measure would take minutes.
        ...(size > 1_000
          ? []
          : [
              {
                name: 'scimmy',
                run: async () => {
                  const target = new SCIMMY.Schemas.Group(group, 'out');
                  return await new SCIMMY.Messages.PatchOp(scimmyBody(body)).apply(
                    target as never,
                    (patched) => patched,
                  );
                },
                // Undefined says that nothing has changed, which is so.
                answer: (output: unknown) => (output === undefined ? size : memberCount(output)),
              },
            ]),
      ],
    };
  });
}

function patchWithPeer(
  resource: ScimResource,
  body: JsonObject,
  options?: Parameters<typeof scimPatch>[2],
): ScimResource {
  const message = body as unknown as ScimPatch;
  patchBodyValidation(message);
  return scimPatch(resource, message.Operations, options);
}

type ScimmyPatch = ConstructorParameters<typeof SCIMMY.Messages.PatchOp>[0];

const scimmyBody = (body: JsonObject): ScimmyPatch => body as unknown as ScimmyPatch;

const memberCount = (output: unknown) => (output as { members?: unknown[] } | undefined)?.members?.length;

/** A resource without what this project keeps beside the attributes. */
function attributesOf(output: unknown): JsonValue {
  const {
    schemas: _schemas,
    id: _id,
    meta: _meta,
    ...attributes
  } = JSON.parse(JSON.stringify(output ?? {})) as JsonObject;
  return attributes;
}
