import { useCallback, useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { SetupApi } from './api';
import { chosen } from './chosen';
import { ConnectionPage } from './connection-page';
import { SetupFault } from './fault';
import { usePolled } from './polled';
import {
  type Branding,
  type Page,
  type Progress,
  type Setup,
  SetupProvider,
  type Values,
} from './setup-context';
import { FINISHED, Wizard } from './wizard';

interface SetupPageProps {
  readonly api: SetupApi;
  readonly page: Page;
  readonly branding: Branding;
  readonly onFault: (fault: SetupFault) => void;
}

/** The page of a link that is accepted: the set-up until it is finished, the connection from then on. */
export function SetupPage({ api, page, branding, onFault }: SetupPageProps) {
  const connection = usePolled(
    useCallback(() => api('GET /connection', {}), [api]),
    onFault,
  );
  const { progress, keepProgress } = useProgress(api, page, onFault);
  const [view, setView] = useState(progress.step === FINISHED ? 'connection' : 'set-up');
  const [secrets, keepValues] = useState<Values>({});
  const { guide, method } = chosen(progress);
  const setup = useMemo(
    (): Setup => ({
      api,
      page,
      branding,
      connection,
      progress,
      keepProgress,
      guide,
      method,
      values: { ...secrets, baseUrl: page.urls.baseUrl, tokenUrl: page.urls.tokenUrl },
      keepValues,
      onFault,
    }),
    [api, page, branding, connection, progress, keepProgress, guide, method, secrets, onFault],
  );
  return (
    <SetupProvider value={setup}>
      {view === 'set-up' ? (
        <Wizard onFinished={() => setView('connection')} />
      ) : (
        <ConnectionPage
          onSetUp={() => {
            keepProgress({ ...progress, step: 'provider' });
            setView('set-up');
          }}
        />
      )}
    </SetupProvider>
  );
}

/** Where the set-up is: shown at once, and kept behind it, one request after the other so that the last one counts. */
function useProgress(api: SetupApi, page: Page, onFault: (fault: SetupFault) => void) {
  const { updatedAt: _, ...kept } = page.progress;
  const [progress, setProgress] = useState<Progress>(kept);
  const keeping = useRef(Promise.resolve());
  const isFirst = useRef(true);
  useEffect(() => {
    if (isFirst.current) {
      isFirst.current = false;
      return;
    }
    keeping.current = keeping.current.then(async () => {
      try {
        await api('PUT /progress', progress);
      } catch (error) {
        if (!(error instanceof SetupFault)) throw error;
        // The step is shown all the same, and the next one is kept with it.
        onFault(error);
      }
    });
  }, [api, progress, onFault]);
  return { progress, keepProgress: setProgress };
}
