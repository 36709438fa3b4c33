import { showMetrics } from '../../../admin/metrics';
import type { METRICS } from '../../../admin-api/metrics';
import type { HandlersOf } from './handler';

export const metricHandlers: HandlersOf<typeof METRICS> = { show: showMetrics };
