import { useCallback, useEffect, useState } from 'preact/hooks';
import { PageFrame } from '../components/page-frame';
import { type SetupApi, setupApi } from './api';
import { Brand, useAccent } from './brand';
import { endsThePage, SetupFault } from './fault';
import { type Problem, ProblemPage } from './problem-page';
import type { Branding, Page } from './setup-context';
import { SetupPage } from './setup-page';

/** The whole page of a link: what it is for, or why it cannot be shown. */
export function App({ secret }: { readonly secret: string | undefined }) {
  const [branding, setBranding] = useState<Branding>();
  const [opened, setOpened] = useState<{ readonly api: SetupApi; readonly page: Page }>();
  const [problem, setProblem] = useState<Problem>();
  const [attempt, setAttempt] = useState(0);
  useAccent(branding?.accent);

  useEffect(() => {
    let isOver = false;
    const open = async () => {
      // How the page looks does not keep the page from being shown.
      const looks = setupApi(undefined)('GET /branding', {}).catch(() => undefined);
      const api = setupApi(secret);
      const page = secret === undefined ? undefined : await api('GET /page', {});
      const shown = await looks;
      if (isOver) return;
      setBranding(shown);
      if (page === undefined) setProblem('no-link');
      else setOpened({ api, page });
    };
    setProblem(undefined);
    open().catch(async (error: unknown) => {
      if (!(error instanceof SetupFault)) throw error;
      const looks = await setupApi(undefined)('GET /branding', {}).catch(() => undefined);
      if (isOver) return;
      setBranding(looks);
      setProblem(error.code);
    });
    return () => {
      isOver = true;
    };
  }, [secret, attempt]);

  const onFault = useCallback((fault: SetupFault) => {
    if (endsThePage(fault)) setProblem(fault.code);
  }, []);

  return (
    <PageFrame
      brand={<Brand branding={branding} />}
      aside={opened !== undefined && problem === undefined ? <CustomersName page={opened.page} /> : undefined}
    >
      {problem !== undefined ? (
        <ProblemPage problem={problem} branding={branding} onRetry={() => setAttempt(attempt + 1)} />
      ) : opened === undefined ? (
        <h1 class="muted">Loading …</h1>
      ) : (
        <SetupPage {...opened} branding={branding ?? { vendor: 'The service' }} onFault={onFault} />
      )}
    </PageFrame>
  );
}

const CustomersName = ({ page }: { readonly page: Page }) => <span class="muted">{page.tenant.name}</span>;
