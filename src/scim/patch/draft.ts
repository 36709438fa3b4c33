import type { Effort } from '../effort';
import type { JsonObject, JsonValue } from '../json';
import { isSameValue } from './same-value';

/**
 * The resource while a PATCH is worked into it: copy-on-write, so the resource itself is never changed and what the
 * PATCH does not touch is shared with the result. Each array or object is copied when it is first written and belongs
 * to the draft from then on.
 */
export class Draft {
  #resource: JsonObject;
  readonly #original: JsonObject;
  /**
   * Attributes (and URNs of extensions) that were written: what may differ from the original. An array, since the
   * schemas have few names and searching them takes less than making a set.
   */
  #written: string[] | undefined;
  // Made when they are needed: making them costs as much as a small PATCH.
  #owned: Set<object> | undefined;
  #places: Map<readonly JsonValue[], Map<string, number>> | undefined;

  /** @param effort pays for the comparisons of the PATCH */
  constructor(
    resource: JsonObject,
    readonly effort: Effort,
  ) {
    this.#resource = resource;
    this.#original = resource;
  }

  /** Reads an attribute. `extension` is the URN under which it lies; undefined for core attributes. */
  get(extension: string | undefined, name: string): JsonValue | undefined {
    return valueIn(this.#resource, extension, name);
  }

  /** Reads an attribute as it was before the PATCH. */
  getOriginal(extension: string | undefined, name: string): JsonValue | undefined {
    return valueIn(this.#original, extension, name);
  }

  /** Writes an attribute; undefined removes it, and the extension with its last attribute. */
  set(extension: string | undefined, name: string, value: JsonValue | undefined): void {
    const current = this.get(extension, name);
    // Writing what is there already must not count as a change: Entra ID repeats attributes, and a no-op has to keep
    // the version.
    if (current === value || (!this.owns(value) && isSameValue(current, value))) return;
    const resource = this.write(extension ?? name);
    if (extension === undefined) {
      assign(resource, name, value);
      return;
    }
    const present = resource[extension];
    const container: JsonObject =
      typeof present === 'object' && present !== null && !Array.isArray(present)
        ? this.own(present)
        : this.keep({});
    assign(container, name, value);
    assign(resource, extension, Object.keys(container).length === 0 ? undefined : container);
  }

  /** Removes an extension with all that is in it. */
  removeExtension(urn: string): void {
    if (this.#resource[urn] === undefined) return;
    delete this.write(urn)[urn];
  }

  /** The resource's copy, for writing to the named attribute or extension. */
  private write(name: string): JsonObject {
    if (this.#resource === this.#original) this.#resource = { ...this.#original };
    if (this.#written === undefined) this.#written = [name];
    else if (!this.#written.includes(name)) this.#written.push(name);
    return this.#resource;
  }

  /** Tells whether the draft made this array or object itself and so may write to it. */
  owns(value: unknown): boolean {
    return typeof value === 'object' && value !== null && this.#owned?.has(value) === true;
  }

  /** Returns a copy that may be written to, or the value itself when it is such a copy already. */
  own<T extends JsonObject | JsonValue[]>(value: T): T;
  own(value: JsonObject | JsonValue[]): JsonObject | JsonValue[] {
    if (this.owns(value)) return value;
    return this.keep(Array.isArray(value) ? [...value] : { ...value });
  }

  private keep<T extends JsonObject | JsonValue[]>(made: T): T {
    this.#owned ??= new Set();
    this.#owned.add(made);
    return made;
  }

  /**
   * Where the elements of one of the draft's own lists are, by key. Kept from one `add` to the next, so that a
   * thousand of them don't walk the list a thousand times; whoever changes the list in another way calls
   * `forgetPlaces`.
   */
  placesIn(list: readonly JsonValue[], keyOf: (element: JsonValue) => string): Map<string, number> {
    const known = this.#places?.get(list);
    if (known !== undefined) return known;
    const places = new Map(list.map((element, index) => [keyOf(element), index]));
    this.#places ??= new Map();
    this.#places.set(list, places);
    return places;
  }

  /** Drops what `placesIn` knows of a list. */
  forgetPlaces(list: readonly JsonValue[]): void {
    this.#places?.delete(list);
  }

  /** @returns the patched resource; the very resource the draft began with when it equals that */
  finish(): JsonObject {
    for (const name of this.#written ?? []) {
      if (!isSameValue(this.#original[name], this.#resource[name])) return this.#resource;
    }
    return this.#original;
  }
}

function valueIn(resource: JsonObject, extension: string | undefined, name: string): JsonValue | undefined {
  const container = extension === undefined ? resource : resource[extension];
  if (typeof container !== 'object' || container === null || Array.isArray(container)) return undefined;
  return container[name];
}

function assign(container: JsonObject, name: string, value: JsonValue | undefined): void {
  if (value === undefined) delete container[name];
  else container[name] = value;
}
