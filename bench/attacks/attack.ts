import type { Directory } from '../../src/directory/resources/directory';
import type { JsonObject, JsonValue } from '../../src/scim/json';
import type { Service } from '../../testing/service';

/** What an attack has to know of what was prepared for it: it runs in another process. */
export type Prepared = Readonly<Record<string, string>>;

/** A small request, or a call of the vendor's app, that causes as much work as it can. */
export interface Attack {
  readonly name: string;
  /** Fills the tenant. It writes below the endpoints where they would refuse what was stored before a bound. */
  readonly prepare: (directory: Directory, service: Service) => Promise<Prepared>;
  /** @returns the outcome in a few words, such as the status */
  readonly run: (directory: Directory, service: Service, prepared: Prepared) => Promise<string>;
}

/** An attack that is one request. */
export function requestAttack(
  name: string,
  prepare: Attack['prepare'],
  request: (prepared: Prepared) => readonly [method: string, path: string, body?: JsonValue],
): Attack {
  return {
    name,
    prepare,
    run: async (_, service, prepared) => {
      const { status, body } = await service.send(...request(prepared));
      return outcomeOf(status, body);
    },
  };
}

function outcomeOf(status: number, body: JsonObject | undefined): string {
  const operations = Array.isArray(body?.Operations) ? (body.Operations as JsonObject[]) : [];
  if (operations.length === 0) return [status, body?.scimType].filter(Boolean).join(' ');
  const statuses = operations.map((operation) => String(operation.status));
  const counted = [...new Set(statuses)].map((each) => {
    const times = statuses.filter((other) => other === each).length;
    return `${times} × ${each}`;
  });
  return `${status} (${counted.join(', ')})`;
}
