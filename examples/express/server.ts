import { dynamoDbClient, SessionStore, Table } from '../../src/sessions';
import { createApp } from './app';

/**
 * TABLE_NAME=… npx tsx examples/express/server.ts
 *
 * With the local run: TABLE_NAME and AWS_ENDPOINT_URL_DYNAMODB are "table" and "dynamodb" of `.local/run.json`,
 * AWS_REGION and credentials may be anything. The sign-in here believes whoever asks: put your single sign-on in its
 * place.
 */
const sessions = new SessionStore(new Table(process.env.TABLE_NAME ?? '', dynamoDbClient()));
const app = createApp(sessions, async ({ body }) => {
  const { tenant, userId } = body as { tenant?: unknown; userId?: unknown };
  return typeof tenant === 'string' && typeof userId === 'string' ? { tenant, userId } : undefined;
});
const port = Number(process.env.PORT ?? 3000);
app.listen(port, '127.0.0.1', () => console.log(`http://127.0.0.1:${port}`));
