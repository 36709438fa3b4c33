import { randomUUID } from 'node:crypto';
import type { Browser } from 'playwright-core';
import { markdownTable } from '../../testing/report';
import { median } from '../../testing/statistics';
import { accessToken, PlayedProvider } from './identity-provider';
import { onLocalService } from './local-service';
import { type Reached, Reader } from './reader';
import { runs } from './runs';

const RUNS = runs(3);

interface Connected {
  readonly connected: Reached;
  readonly finished: Reached;
}

/**
 * Has an administrator who reads nothing and never errs go from a link to a connected Entra ID. What the identity
 * provider does is sent as it sends it. The functions of the local run were asked before.
 */
export async function newcomersClock(browser: Browser): Promise<string> {
  const reached = await onLocalService(async ({ linkTo }) => {
    await toConnectedEntra(browser, await linkTo('unmeasured'));
    const measured: Connected[] = [];
    for (let count = 0; count < RUNS; count += 1)
      measured.push(await toConnectedEntra(browser, await linkTo(`acme-${count}`)));
    return measured;
  });
  const table = markdownTable(
    ['from the link to', 'clicks', 'seconds'],
    [
      [
        'a connected Entra ID: the test of its connection is answered',
        ...shown(reached.map(({ connected }) => connected)),
      ],
      [
        'the end of its steps, with the first person and group',
        ...shown(reached.map(({ finished }) => finished)),
      ],
    ],
  );
  return [`On a local run, not AWS, in Chromium ${browser.version()}; the median of ${RUNS}:`, table].join(
    '\n\n',
  );
}

const shown = (times: readonly Reached[]): string[] => [
  [...new Set(times.map(({ clicks }) => clicks))].join(' or '),
  median(times.map(({ seconds }) => seconds)).toFixed(1),
];

async function toConnectedEntra(browser: Browser, url: string): Promise<Connected> {
  const reader = await Reader.open(browser, url);
  await reader.press(/^Microsoft Entra ID/);
  await reader.press(/^OAuth client credentials/);
  await reader.goOnTo('Enter the connection');
  await reader.press('Make the client secret');
  const baseUrl = await reader.copy('Tenant URL');
  const form = {
    url: await reader.copy('Token endpoint'),
    clientId: await reader.copy('Client identifier'),
    clientSecret: await reader.copy('Client secret'),
  };
  await reader.press('I have pasted it');
  await reader.goOnTo('Test the connection');
  const entra = new PlayedProvider(baseUrl, await accessToken(form));
  await entra.looksFor(`externalId eq "${randomUUID()}"`);
  await reader.isConnected();
  const connected = reader.reached();

  await reader.goOnTo('Provision the first person');
  const ada = await entra.provisions('ada@acme.example');
  await reader.showsArrived('ada@acme.example');
  await reader.goOnTo('Provision the first group');
  await entra.provisionsGroup('Engineering', ada);
  await reader.showsArrived('Engineering');
  await reader.goOnTo('Microsoft Entra ID is connected');
  await reader.press('Finish');
  await reader.showsHeading('The connection to Microsoft Entra ID');
  const finished = reader.reached();
  await reader.leave();
  return { connected, finished };
}
