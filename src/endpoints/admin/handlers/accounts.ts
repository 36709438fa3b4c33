import { exportPage } from '../../../admin/export/export-page';
import { importText } from '../../../admin/import/import-text';
import type { ACCOUNTS } from '../../../admin-api/accounts';
import type { HandlersOf } from './handler';

export const accountHandlers: HandlersOf<typeof ACCOUNTS> = { import: importText, export: exportPage };
