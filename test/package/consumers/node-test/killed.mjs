// Starts the service and two of its functions, says so, and waits to be killed.
import { startScim } from 'serverless-scim/testing';

const scim = await startScim();
const tenant = await scim.createTenant();
await tenant.request('GET', '/Users');
console.log('ready');
setInterval(() => {}, 1_000);
