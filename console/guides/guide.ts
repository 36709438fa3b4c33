import type { TakenValueName } from './values';

/**
 * Plain text with three marks: `code`, **a label as the identity provider prints it**, and {baseUrl}, a value of
 * ours (values.ts). `parseText` reads them; nothing else in it is markup.
 */
export type Text = string;

/**
 * How sure a statement is. Nothing was clicked through by us: `documented` is what the provider's own documentation
 * says, or we of our own service, `reported` what a guide of another vendor or its users say, `unconfirmed` what none
 * of them does.
 */
export type Confidence = 'documented' | 'reported' | 'unconfirmed';

/** A sentence or two, and how sure they are. */
export interface Statement {
  readonly text: Text;
  readonly confidence: Confidence;
}

/** How one identity provider is connected, from what has to be there to what happens years later. */
export interface Guide {
  /** Names the guide in addresses and in files: lower-case letters and hyphens. */
  readonly id: string;
  /** As the provider writes itself. */
  readonly name: string;
  /** One sentence on the provider's menu of guides: for whom this one is. */
  readonly summary: Text;
  readonly before: Prerequisites;
  readonly features: readonly Feature[];
  /** Ways to authenticate, the one that is advised first. Each is a whole set-up. */
  readonly methods: readonly Method[];
  readonly mappings: readonly Mapping[];
  /** Who and which groups are provisioned. */
  readonly scope: readonly Statement[];
  /** How groups get here, and which members do not. */
  readonly groups: readonly Statement[];
  /** How long whoever leaves keeps their access, as short as can be. */
  readonly accessEnds: Statement;
  /** How long until a change is here. */
  readonly timing: readonly Statement[];
  readonly leaving: readonly Leaving[];
  readonly limits: readonly Statement[];
  readonly errors: readonly KnownError[];
  /** How provisioning is stopped for good. */
  readonly disconnecting: readonly Statement[];
  readonly sources: readonly Source[];
}

/** What is needed before the first step. */
export interface Prerequisites {
  /** The role that the person needs at the provider. */
  readonly role: Statement;
  /** The provider's edition or licence. */
  readonly edition: Statement;
  /** What else has to be there, or need not. */
  readonly further: readonly Statement[];
}

/** What works through this provider, as the page's first table says it. */
export interface Feature {
  readonly name: string;
  readonly works: 'yes' | 'no' | 'unconfirmed';
  readonly note?: Text;
}

/** A way to authenticate, with all its steps. */
export interface Method {
  readonly id: string;
  /** "OAuth client credentials", "Token". */
  readonly name: string;
  /** When to choose this one. */
  readonly choose: Text;
  /** What is made here for it: a token, an OAuth client with a secret, or one that trusts the provider's assertions. */
  readonly credential: 'token' | 'client' | 'trust';
  readonly steps: readonly Step[];
  /** Changing the credential without an outage, in order. The first makes its successor here, the last ends the old. */
  readonly renewal: readonly Statement[];
}

/** One decision. */
export interface Step {
  /** Names the step in what is kept of a set-up's progress: lower-case letters and hyphens, once in a method. */
  readonly id: string;
  /** In the imperative. */
  readonly title: Text;
  /** Where it is in the provider's menus. */
  readonly menu?: readonly string[];
  /** Where it is on the page that the provider had before. */
  readonly formerMenu?: readonly string[];
  /** What to do, a sentence each, in order. */
  readonly instructions: readonly Text[];
  /** What is filled in; drawn as a picture of the provider's form. */
  readonly form?: Form;
  /** The mapping of this resource type is set or checked in this step. */
  readonly mapping?: Mapping['resourceType'];
  /** What is seen at the provider when it works. */
  readonly seen?: Text;
  /** What arrives here when it works: the page waits for it. */
  readonly awaits?: 'connection' | 'user' | 'group';
  readonly confidence: Confidence;
}

/** A form of the provider's, as far as it matters. */
export interface Form {
  /** What stands above it. */
  readonly title: string;
  readonly fields: readonly Field[];
  /** What is pressed afterwards, in order. */
  readonly buttons?: readonly string[];
}

/** A field of a form. */
export type Field = {
  /** As the provider prints it. */
  readonly label: string;
  /** What it was called before, or is called on another page of the provider. */
  readonly otherLabels?: readonly string[];
  readonly note?: Text;
} & (
  | {
      /** Typed or pasted; a secret is shown as dots by the provider; several lines for a document. */
      readonly kind: 'text' | 'secret' | 'lines';
      /** What goes in: {baseUrl} and the like, or a fixed text. */
      readonly value: Text;
    }
  | {
      /** Chosen of a list. */
      readonly kind: 'choice';
      readonly value: string;
    }
  | {
      readonly kind: 'check';
      readonly isOn: boolean;
    }
  | {
      /** Shown by the provider, and entered here. */
      readonly kind: 'taken';
      readonly takes: TakenValueName;
      /** What it looks like. */
      readonly example: string;
    }
);

/** Which of the provider's attributes becomes which of ours. */
export interface Mapping {
  readonly resourceType: 'User' | 'Group';
  /** What the provider calls the place of its mapping. */
  readonly menu?: readonly string[];
  readonly rows: readonly MappingRow[];
  readonly notes: readonly Statement[];
}

/** An attribute of the provider's and what it becomes here. */
export interface MappingRow {
  readonly source: Text;
  /** Paths of attributes as the provider writes them, RFC 7644 section 3.5.2; those of extensions with their URN. */
  readonly targets: readonly string[];
  readonly need: 'required' | 'advised' | 'optional' | 'unused';
  /** What to do with the row, where it is not to be kept as the provider has it. */
  readonly change?: Text;
  readonly note?: Text;
}

/** What the provider sends when somebody leaves, or comes back, in this way. */
export interface Leaving {
  /** What is done at the provider. */
  readonly event: Text;
  readonly sends: Text;
  /** What that does here: `LEAVING_RESULTS` of what-happens.ts says it in words. */
  readonly result:
    | 'deactivated'
    | 'deleted'
    | 'reactivated'
    | 'membership-ended'
    | 'group-deleted'
    | 'unchanged';
  readonly when?: Text;
  readonly confidence: Confidence;
}

/** What an administrator may see, and what to do about it. */
export interface KnownError {
  /** Word for word, or what is seen where there are no words. */
  readonly seen: string;
  readonly means: Text;
  readonly act: Text;
  /** Who has to act: the customer's administrator, whoever gave out the set-up link, or nobody. */
  readonly who: 'you' | 'vendor' | 'nobody';
  readonly confidence: Confidence;
}

/** Where the facts are from. */
export interface Source {
  readonly title: string;
  readonly url?: string;
}

export const documented = (text: Text): Statement => ({ text, confidence: 'documented' });
export const reported = (text: Text): Statement => ({ text, confidence: 'reported' });
export const unconfirmed = (text: Text): Statement => ({ text, confidence: 'unconfirmed' });
