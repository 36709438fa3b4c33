/** What the package's subpaths are made of: the name below `dist/`, and the source. */
export const ENTRIES = {
  index: 'src/client/index.ts',
  events: 'src/client/events.ts',
} as const;
