/** Comparison operators of RFC 7644 table 3, all but `pr`. */
export type ComparisonOperator = 'eq' | 'ne' | 'co' | 'sw' | 'ew' | 'gt' | 'ge' | 'lt' | 'le';

/** A value as JSON types it (RFC 7644 section 3.4.2.2: compValue). */
export type ComparisonValue = string | number | boolean | null;

/**
 * An attribute as the client wrote it: `[URN ":"] attribute ["." subAttribute]`, in the client's case. It is looked
 * up in a resource type's schemas by `resolveAttribute` (src/scim/schema/resolve.ts), because where a URN ends can only
 * be told by knowing the URNs: it has dots and colons of its own.
 */
export type AttributeName = string;

/** The parsed form of a filter (RFC 7644 section 3.4.2.2, figure 1). */
export type Filter =
  | { readonly kind: 'and' | 'or'; readonly filters: readonly Filter[] }
  | { readonly kind: 'not'; readonly filter: Filter }
  | { readonly kind: 'present'; readonly name: AttributeName }
  | {
      readonly kind: 'compare';
      readonly name: AttributeName;
      readonly operator: ComparisonOperator;
      readonly value: ComparisonValue;
    }
  /**
   * `emails[type eq "work"]`: some ONE element satisfies the inner filter, whose names are sub-attributes (`value`,
   * not `emails.value`). Entra ID appends a comparison: `emails[type eq "work"].value eq "x"` is parsed into a value
   * path whose inner filter is `type eq "work" and value eq "x"`.
   */
  | { readonly kind: 'valuePath'; readonly name: AttributeName; readonly filter: Filter };

/**
 * The path of a PATCH operation (RFC 7644 section 3.5.2, figure 7): an attribute, or a value path with an optional
 * sub-attribute after it.
 */
export interface PatchPath {
  readonly name: AttributeName;
  readonly filter?: Filter;
  /** The sub-attribute after the closing bracket of a value path. Without a filter it is part of `name`. */
  readonly subAttribute?: string;
}
