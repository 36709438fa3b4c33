// Says why the service does not start.
import { startScim } from 'serverless-scim/testing';

await startScim().catch((error) => console.log(error.message));
