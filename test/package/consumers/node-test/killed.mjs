// Starts the service, says so, and waits to be killed.
import { startScim } from 'serverless-scim/testing';

await startScim();
console.log('ready');
setInterval(() => {}, 1_000);
