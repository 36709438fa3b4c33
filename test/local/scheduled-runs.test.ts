import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { type LocalRun, startLocal } from '../../local/run';
import { synthesizeFixture } from './fixture-stack';

const directory = mkdtempSync(join(tmpdir(), 'local-schedules-'));
const failures: string[] = [];
let assembly: string;
let run: LocalRun;
beforeAll(async () => {
  assembly = synthesizeFixture();
  run = await startLocal({
    assembly,
    directory,
    port: 0,
    memory: true,
    developmentTenant: false,
    listener: { onNotice: (text) => failures.push(text) },
  });
});
afterAll(async () => {
  await run.stop();
  rmSync(directory, { recursive: true });
  rmSync(assembly, { recursive: true });
});

test("a scheduled run that fails is tried as often as the function's configuration says, then lies in its queue", async () => {
  await run.runSchedules();

  const { Messages = [] } = await new SQSClient({
    endpoint: run.services,
    region: 'local',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  }).send(
    new ReceiveMessageCommand({
      QueueUrl: run.outputs.SweepDeadLettersUrl,
      MaxNumberOfMessages: 10,
    }),
  );
  const letters = Messages.map(({ Body = '' }) => JSON.parse(Body));
  expect(failures.filter((text) => text.includes('swept nothing'))).toHaveLength(2);
  expect(letters).toEqual([
    expect.objectContaining({
      version: '1.0',
      requestContext: expect.objectContaining({
        condition: 'RetriesExhausted',
        approximateInvokeCount: 2,
        functionArn: expect.stringContaining(':function:Fixture-FailingSweep'),
      }),
      requestPayload: expect.objectContaining({ 'detail-type': 'Scheduled Event' }),
      responsePayload: expect.objectContaining({ errorMessage: 'swept nothing' }),
    }),
  ]);
});
