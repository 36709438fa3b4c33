export interface PreflightOptions {
  /** Whether the embedded DynamoDB is needed. */
  readonly withEngine: boolean;
  /** Folder of package.json; the repository's when absent. */
  readonly root?: string;
  /** Version, platform, processor and environment of this process when absent. */
  readonly version?: string;
  readonly platform?: string;
  readonly arch?: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Takes sentences for people; the standard error when absent. */
  readonly say?: (text: string) => void;
}

/**
 * Checks Node.js and the packages, and installs the embedded DynamoDB of this platform when it is missing.
 *
 * @returns whether to go on; if not, `say` was told why
 */
export function preflight(options: PreflightOptions): boolean;
