import { createClient } from 'serverless-scim';
import { createApp } from './app';

/** Needs TABLE_NAME, the tenant and its identity provider; AWS_REGION and credentials as any AWS SDK. */
const { TABLE_NAME = '', TENANT = '', ISSUER = '', CLIENT_ID = '', CLIENT_SECRET = '' } = process.env;
const port = Number(process.env.PORT ?? 3000);
const url = process.env.URL ?? `http://127.0.0.1:${port}`;
const provider = { issuer: ISSUER, clientId: CLIENT_ID, clientSecret: CLIENT_SECRET };
const app = createApp(createClient({ tableName: TABLE_NAME }), url, new Map([[TENANT, provider]]));
app.listen(port, () => console.log(`${url}/login/${TENANT}`));
