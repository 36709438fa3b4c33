import { readEventsPage } from '../../../admin/events';
import type { EVENTS_KEPT } from '../../../admin-api/events';
import type { HandlersOf } from './handler';

export const eventHandlers: HandlersOf<typeof EVENTS_KEPT> = {
  list: (deployment, input) => readEventsPage(deployment, { ...input, since: momentOf(input.since) }),
  ofTenant: (deployment, input) => readEventsPage(deployment, { ...input, since: momentOf(input.since) }),
};

const momentOf = (text: string | undefined): Date | undefined =>
  text === undefined ? undefined : new Date(text);
