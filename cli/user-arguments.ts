import type { UserInput } from '../src/admin/users';
import { argument, type CommandCall } from './command';

/** Reads `<tenant> <userId>`, or `<tenant> <user>` where a name will do. */
export const userArguments = (call: CommandCall): UserInput => ({
  tenantId: argument(call, 0),
  userId: argument(call, 1),
});
