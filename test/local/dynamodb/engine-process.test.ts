import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEngine } from '../../../local/dynamodb/engine';
import { freePort } from '../../../local/free-port';

jest.mock('../../../local/free-port', () => ({
  freePort: jest.fn(jest.requireActual('../../../local/free-port').freePort),
}));

test('a port that somebody took after it was found free is left to them, and another one is tried', async () => {
  const somebody = createServer((socket) => {
    // Whoever asks may break off before the answer is there.
    socket.on('error', () => socket.destroy());
    socket.end('HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n');
  });
  await once(somebody.listen(0, '127.0.0.1'), 'listening');
  const { port } = somebody.address() as AddressInfo;
  jest.mocked(freePort).mockResolvedValueOnce(port);
  const folder = mkdtempSync(join(tmpdir(), 'engine-'));

  const engine = await startEngine({ file: join(folder, 'data.sqlite'), workDirectory: folder });

  expect(freePort).toHaveBeenCalledTimes(2);
  expect(engine.endpoint).not.toBe(`http://127.0.0.1:${port}`);
  await engine.stop();
  await once(somebody.close(), 'close');
  rmSync(folder, { recursive: true });
});
