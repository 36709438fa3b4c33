/** Beside the bundle of the function: the page's files, and how the page looks (`GET /branding`). */
export const PAGE_FOLDER = 'page';
export const BRANDING_FILE = 'branding.json';

/** The page's document; its other files have a hash of their content in their names. */
export const PAGE_DOCUMENT = 'index.html';
