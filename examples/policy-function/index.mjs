import { MemoryCustomers } from './src/memory-customers.mjs';
import { decide } from './src/policy.mjs';

/** What each customer has bought, such as {"acme":{"seats":50,"domains":["acme.example"]}}. */
const customers = new MemoryCustomers(JSON.parse(process.env.CUSTOMERS ?? '{}'));

/**
 * What Lambda runs, and what the service asks before each change.
 *
 * @param {import('serverless-scim/events').PolicyQuestion} question
 * @returns {Promise<import('serverless-scim/events').PolicyAnswer>}
 */
export const handler = async (question) => decide(question, customers);
