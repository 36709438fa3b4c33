import { tokenOrigin } from '../src/directory/resources/origin';

/** Where the writes of a test come from, unless it is about just that. */
export const ORIGIN = tokenOrigin('test', 'test');
