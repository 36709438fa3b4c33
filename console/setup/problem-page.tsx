import { Button } from '../components/button';
import type { FaultCode } from './fault';
import { Heading } from './heading';
import type { Branding } from './setup-context';

/** Why the page cannot be shown: what the service said, or that the address has no link in it. */
export type Problem = FaultCode | 'no-link';

interface ProblemPageProps {
  readonly problem: Problem;
  readonly branding: Branding | undefined;
  readonly onRetry: () => void;
}

/** The page in place of the set-up: what is wrong, and who can do something about it. */
export function ProblemPage({ problem, branding, onRetry }: ProblemPageProps) {
  const vendor = branding?.vendor ?? 'whoever sent you the link';
  const { title, text, canRetry = false } = wordsOf(problem, vendor);
  return (
    <div class="card">
      <Heading>{title}</Heading>
      <p>{text}</p>
      <div class="row">
        {canRetry && (
          <Button kind="primary" onPress={onRetry}>
            Try again
          </Button>
        )}
        {branding?.support !== undefined && (
          <a class="button" href={branding.support}>
            Ask {branding.vendor}
          </a>
        )}
      </div>
    </div>
  );
}

interface Words {
  readonly title: string;
  readonly text: string;
  readonly canRetry?: boolean;
}

function wordsOf(problem: Problem, vendor: string): Words {
  switch (problem) {
    case 'no-link':
      return {
        title: 'Open the link that you were sent',
        text: 'This page shows nothing without it. Loading the page again also takes the link again, since it is kept nowhere: what you have done so far is kept, and goes on where it was.',
      };
    case 'link-expired':
      return {
        title: 'This link has expired',
        text: `What you have set up goes on working. To see or change it, ask ${vendor} for another link: it goes on where this one was.`,
      };
    case 'link-refused':
      return {
        title: 'This link is not accepted',
        text: `It is mistyped or incomplete, or ${vendor} has taken it back. Copy the whole of it from the message, or ask for another.`,
      };
    case 'offline':
      return {
        title: 'The service cannot be reached',
        text: 'Look at your connection, at a proxy and at what your browser blocks, then try again.',
        canRetry: true,
      };
    case 'throttled':
      return {
        title: 'Too many requests',
        text: 'Wait a moment, then try again.',
        canRetry: true,
      };
    default:
      return {
        title: 'The service met an error',
        text: `Nothing is lost. Try again in a moment; if it stays so, tell ${vendor}.`,
        canRetry: true,
      };
  }
}
