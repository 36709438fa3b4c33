/**
 * The peer: npm's scimmy and scimmy-routers on express, with users and groups in memory. Tells its parent where it is,
 * forgets everybody whenever it is asked for an empty directory, and ends with its parent. Any token will do.
 */
import { randomUUID } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import express from 'express';
import SCIMMY from 'scimmy';
import SCIMMYRouters from 'scimmy-routers';

/** A stored resource, as its handlers get and give it. */
type Stored = Record<string, unknown> & { id: string };

interface ResourceRequest {
  readonly id?: string;
  readonly filter?: { match(values: Stored[]): Stored[] };
}

/**
 * The least that a store can do: a map by id, and another one for the name that must be unique. A filter looks at every
 * resource, since the library hands it over as it is.
 */
class Store {
  private readonly byId = new Map<string, Stored>();
  private readonly idByName = new Map<string, string>();

  constructor(private readonly nameAttribute: 'userName' | 'displayName') {}

  write({ id }: ResourceRequest, data: Record<string, unknown>): Stored {
    const name = String(data[this.nameAttribute]).toLowerCase();
    const owner = this.idByName.get(name);
    if (this.nameAttribute === 'userName' && owner !== undefined && owner !== id) {
      throw new SCIMMY.Types.Error(409, 'uniqueness', `${name} is taken`);
    }
    const present = id === undefined ? undefined : this.find(id);
    const now = new Date();
    const meta = {
      created: (present?.meta as { created?: Date } | undefined)?.created ?? now,
      lastModified: now,
    };
    const stored = { ...JSON.parse(JSON.stringify(data)), id: id ?? randomUUID(), meta } as Stored;
    this.byId.set(stored.id, stored);
    this.idByName.set(name, stored.id);
    return stored;
  }

  read({ id, filter }: ResourceRequest): Stored | Stored[] {
    if (id !== undefined) return this.find(id);
    const all = [...this.byId.values()];
    return filter === undefined ? all : filter.match(all);
  }

  remove({ id = '' }: ResourceRequest): void {
    this.idByName.delete(String(this.find(id)[this.nameAttribute]).toLowerCase());
    this.byId.delete(id);
  }

  clear(): void {
    this.byId.clear();
    this.idByName.clear();
  }

  private find(id: string): Stored {
    const found = this.byId.get(id);
    if (found === undefined) throw new SCIMMY.Types.Error(404, '', `There is no ${id}`);
    return found;
  }
}

const users = new Store('userName');
const groups = new Store('displayName');

SCIMMY.Resources.declare(SCIMMY.Resources.User)
  .extend(SCIMMY.Schemas.EnterpriseUser as never, false)
  .ingress(((resource: ResourceRequest, data: Record<string, unknown>) =>
    users.write(resource, data)) as never)
  .egress(((resource: ResourceRequest) => users.read(resource)) as never)
  .degress(((resource: ResourceRequest) => users.remove(resource)) as never);
SCIMMY.Resources.declare(SCIMMY.Resources.Group)
  .ingress(((resource: ResourceRequest, data: Record<string, unknown>) =>
    groups.write(resource, data)) as never)
  .egress(((resource: ResourceRequest) => groups.read(resource)) as never)
  .degress(((resource: ResourceRequest) => groups.remove(resource)) as never);

const app = express();
app.use(
  '/scim/v2',
  new SCIMMYRouters({
    type: 'bearer',
    handler: (request: express.Request) => {
      if (request.header('authorization') === undefined) throw new Error('no token');
      return 'peer';
    },
  }) as never,
);
const server = app.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo;
  const target = { baseUrl: `http://127.0.0.1:${port}/scim/v2`, token: 'any' };
  process.on('message', () => {
    users.clear();
    groups.clear();
    process.send?.(target);
  });
  process.send?.(target);
});
// As the local run's gateway: a connection that the client just wants to use again must not be closed under it.
server.keepAliveTimeout = 60_000;
process.once('disconnect', () => process.exit(0));
