import type { Directory } from '../../directory/resources/directory';
import type { AskPolicy } from '../../directory/resources/policy';
import type { ResourceId } from '../../directory/table/keys';
import { ScimError } from '../../scim/errors';
import type { JsonObject, JsonValue } from '../../scim/json';
import type { Registry } from '../../scim/schema/registry';

/** What an endpoint works on: the tenant's directory, and what its resources look like. */
export interface ScimDirectory extends Directory {
  readonly registry: Registry;
  /** The vendor's policy function, as this request asks it; absent when there is none. */
  readonly askPolicy?: AskPolicy;
}

/** A SCIM request, free of the gateway's event: Bulk makes such requests of its operations, too. */
export interface ScimRequest {
  readonly method: string;
  /** The first part of the path below the base URL: `Users`, `Schemas`, …; "" at the root. */
  readonly resource: string;
  /** The resource's id from the path, decoded. */
  readonly id?: string;
  /** Whether the path ends with `/.search` (RFC 7644 section 3.4.3). */
  readonly isSearch?: boolean;
  readonly query: Readonly<Record<string, string | undefined>>;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** Parses the body. @throws ScimError when it is absent, malformed or of another media type */
  readonly body: () => Promise<JsonValue>;
  /**
   * Where the service is reached, such as `https://host/scim/v2`, from this very request: never kept between requests.
   */
  readonly baseUrl: string;
  /** The id of what a POST creates, when it was allotted beforehand: Bulk refers to resources before they exist. */
  readonly newId?: ResourceId;
}

/** A SCIM answer. Without `body` nothing is sent. */
export interface ScimResponse {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: JsonObject;
}

/** The `body` of a request whose body is there as a value, as Bulk has it of its operations; undefined for none. */
export const parsedBody = (body: JsonValue | undefined) => async (): Promise<JsonValue> => {
  if (body === undefined) {
    throw new ScimError('invalidSyntax', 'The request has no body; a JSON object is expected.');
  }
  return body;
};
