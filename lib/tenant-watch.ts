import type { ScimFunctions } from './functions';
import type { ServiceConfig } from './service-config';

type Thresholds = Pick<
  ServiceConfig,
  'unusualLosses' | 'unusualLossPercent' | 'unusualRefusals' | 'silentHours' | 'expiringDays'
>;

/** Tells the sweep over all tenants from when on something is worth telling. */
export function setThresholds(functions: ScimFunctions, thresholds: Thresholds): void {
  const { unusualLosses, unusualLossPercent, unusualRefusals, silentHours, expiringDays } = thresholds;
  const sweep = functions.get('tenant-sweep');
  sweep.addEnvironment('UNUSUAL_LOSSES', String(unusualLosses));
  sweep.addEnvironment('UNUSUAL_LOSS_PERCENT', String(unusualLossPercent));
  sweep.addEnvironment('UNUSUAL_REFUSALS', String(unusualRefusals));
  sweep.addEnvironment('SILENT_HOURS', String(silentHours));
  sweep.addEnvironment('EXPIRING_DAYS', String(expiringDays));
}
