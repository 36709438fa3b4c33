import { MemorySessions } from './memory-sessions';
import { createReceiver } from './receiver';

const { WEBHOOK_SECRET = '', PORT = '3000' } = process.env;
createReceiver(WEBHOOK_SECRET.split(' '), new MemorySessions()).listen(Number(PORT), '127.0.0.1', () =>
  console.log(`http://127.0.0.1:${PORT}/hooks/access`),
);
