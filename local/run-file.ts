import { join } from 'node:path';

/** Where a local run keeps its data. */
export const LOCAL_DIRECTORY = process.env.SCIM_LOCAL_DIRECTORY || join(__dirname, '..', '.local');

/** Where the running local run describes itself. It holds a token. */
export const RUN_FILE = join(LOCAL_DIRECTORY, 'run.json');
