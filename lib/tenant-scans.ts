import type { FunctionName, ScimFunctions } from './functions';
import type { ServiceConfig } from './service-config';

/** The functions that answer lists. */
const LISTING: readonly FunctionName[] = ['users', 'groups', 'root'];

/** Tells the functions that answer lists how many scans of a tenant there may be at once; any number without limits. */
export function limitScans(
  functions: ScimFunctions,
  { tenantLimits, tenantScans }: Pick<ServiceConfig, 'tenantLimits' | 'tenantScans'>,
): void {
  if (tenantLimits === 'off') return;
  for (const name of LISTING) functions.get(name).addEnvironment('TENANT_SCANS', String(tenantScans));
}
