import { SETTINGS, type TenantSettings } from '../src/admin/tenant-settings';
import { tableText } from './table-text';

/** A tenant's settings as a table, each with what it is for. */
export const settingsText = (settings: TenantSettings): string =>
  tableText(
    ['SETTING', 'VALUE', 'ACCEPTED', 'WHAT FOR'],
    SETTINGS.map(({ name, accepted, purpose }) => [name, String(settings[name]), accepted, purpose]),
  );
