/** The repository runs its sources, by npm's scripts; the package runs what was built of them, by its command. */
export const isRepository = __filename.endsWith('.ts');

/** How people start the local run. Names of commands and options are the same in both. */
export const START = isRepository ? 'npm start' : 'npx serverless-scim start';

/** The same with options, as in `npm start -- --memory`. */
export const startWith = (options: string): string => `${START}${isRepository ? ' --' : ''} ${options}`;

/** How people call the admin commands. */
export const ADMIN = isRepository ? 'npm run admin --' : 'npx serverless-scim admin';
