import { useEffect, useState } from 'preact/hooks';
import type { SetupResults } from '../../src/setup-api/routes';
import { Button } from '../components/button';
import { useFocusWhen } from '../components/focus';
import { announce } from '../components/live-region';
import { Notice } from '../components/notice';
import { RelativeTime } from '../components/relative-time';
import { isFull, leastMissed, ReplacedSecret } from '../components/replaced-secret';
import type { Method } from '../guides';
import { useAction } from './action';
import { watchFromTheFirstRequest } from './api';
import { FaultNotice } from './fault-notice';
import { type OwnCredential, ownCredential, ownLabel } from './own-credential';
import { type Credentials, useSetup, type Values } from './setup-context';

/** Makes what the method needs on the spot, and has it shown in the form until the reader has pasted it. */
export function MakeCredential({ method }: { readonly method: Method }) {
  const { api, page, branding, guide, values, keepValues, onFault } = useSetup();
  const [credentials, setCredentials] = useState<Credentials>();
  const [chosen, setChosen] = useState<string>();
  const kind = method.credential === 'token' ? 'token' : 'client';
  const secret = kind === 'token' ? values.token : values.clientSecret;
  const shownOnce = useFocusWhen(secret !== undefined);
  const shownAfter = useFocusWhen(secret === undefined);

  useEffect(() => {
    let isOver = false;
    // What was listed before does not know what was made.
    if (secret !== undefined) setCredentials(undefined);
    api('GET /credentials', {}).then((listed) => {
      if (!isOver) setCredentials(listed);
    }, onFault);
    return () => {
      isOver = true;
    };
  }, [secret]);

  const live = credentials === undefined ? undefined : ownCredential(credentials, kind, guide);
  const secrets = live?.secrets ?? [];
  const replaced = secrets.some(({ secretId }) => secretId === chosen) ? chosen : leastMissed(secrets);
  const make = useAction(async () => {
    const made = await makeOne(api, kind, live, replaced, ownLabel(guide));
    await watchFromTheFirstRequest(api);
    keepValues({ ...values, ...made });
    announce('Made. It is shown below, once.');
  });

  // The id of a client is no secret, and is needed again whenever the form is filled in.
  useEffect(() => {
    const clientId = live?.kind === 'client' ? live.id : undefined;
    if (clientId !== undefined && values.clientId !== clientId) keepValues({ ...values, clientId });
  }, [live, values, keepValues]);

  const name = kind === 'token' ? 'token' : 'client secret';
  if (!page.link.may.includes('credentials')) {
    return (
      <Notice kind="info">
        <p>
          Ask {branding.vendor} for the {name}: this link may not make one.
        </p>
      </Notice>
    );
  }
  if (secret !== undefined) {
    return (
      <Notice kind="warning" title="Shown once" focusRef={shownOnce}>
        <p>
          Paste the {name} now. When you press the button, or close this page, nobody can show it again; you
          can make another at any time.
        </p>
        <div>
          <Button small onPress={() => keepValues({ ...values, token: undefined, clientSecret: undefined })}>
            I have pasted it
          </Button>
        </div>
      </Notice>
    );
  }
  return (
    <div class="stack" ref={shownAfter} tabIndex={-1}>
      {live !== undefined && (
        <p>
          A {name} was made <RelativeTime at={live.createdAt} />
          {live.isUsed ? ' and has been used' : ' and was not used yet'}. It cannot be shown again: go on if
          you have pasted it, or make another.
        </p>
      )}
      {isFull(secrets) && <ReplacedSecret secrets={secrets} chosen={replaced} onChoose={setChosen} />}
      <div>
        <Button
          kind={live === undefined ? 'primary' : 'secondary'}
          busy={make.isBusy || credentials === undefined}
          onPress={make.run}
        >
          {live === undefined ? `Make the ${name}` : `Make another ${name}`}
        </Button>
      </div>
      <FaultNotice fault={make.fault} />
    </div>
  );
}

/**
 * Makes the page's first credential, or a successor of its own: one that nobody has used ends at once, one in use a day
 * later. A client that has two secrets gives up the one that is replaced.
 */
async function makeOne(
  api: ReturnType<typeof useSetup>['api'],
  kind: OwnCredential['kind'],
  live: OwnCredential | undefined,
  replaced: string | undefined,
  label: string,
): Promise<Values> {
  if (kind === 'token') {
    const result: SetupResults['POST /tokens'] =
      live === undefined
        ? await api('POST /tokens', { label })
        : await api('POST /tokens/{tokenId}/rotate', {
            tokenId: live.id,
            ...(live.isUsed ? {} : { overlapSeconds: 0 }),
          });
    return { token: result.token };
  }
  const result: SetupResults['POST /clients'] =
    live === undefined
      ? await api('POST /clients', { label })
      : await api('POST /clients/{clientId}/rotate', {
          clientId: live.id,
          ...(live.isUsed && !isFull(live.secrets) ? {} : { replace: replaced }),
        });
  return { clientId: result.clientId, clientSecret: result.clientSecret };
}
