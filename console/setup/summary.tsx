import { DataTable } from '../components/data-table';
import { Notice } from '../components/notice';
import { type Guide, LEAVING_RESULTS, type Leaving, type Method, SERVICE_LIMITS } from '../guides';
import { arrivalOf } from './arrival';
import { GuideStatement, GuideText, Statements } from './guide-text';
import { Heading } from './heading';
import { LiveLine } from './live-line';
import { useSetup } from './setup-context';

/** What was reached, and what is good to know from now on. */
export function Summary({ guide, method }: { readonly guide: Guide; readonly method: Method }) {
  const { connection, branding } = useSetup();
  const { value } = connection;
  const isConnected = value !== undefined && arrivalOf(value) === 'good';
  return (
    <div class="stack">
      <Heading>{isConnected ? `${guide.name} is connected` : 'Nearly there'}</Heading>
      {value !== undefined && isConnected ? (
        <Notice kind="good">
          <p>
            {people(value.counts.users)} and {groups(value.counts.groups)} are here. From now on {guide.name}{' '}
            keeps them up to date.
          </p>
        </Notice>
      ) : (
        <LiveLine />
      )}
      <h2>When somebody leaves</h2>
      <p>
        <strong>Whoever leaves is out:</strong> <GuideStatement statement={guide.accessEnds} />
      </p>
      <LeavingTable guide={guide} />
      <h2>How long a change takes</h2>
      <Statements statements={guide.timing} />
      <h2>Groups</h2>
      <Statements statements={guide.groups} />
      <h2>Limits</h2>
      <Statements statements={[...guide.limits, ...SERVICE_LIMITS]} />
      <h2>When the credential comes to its end</h2>
      <Statements statements={method.renewal} />
      <p>
        This link opens the page of the connection as long as it lasts: what arrives, what is refused, and a
        new credential. Afterwards ask {branding.vendor} for another link.
      </p>
    </div>
  );
}

/** What the provider sends when somebody leaves or comes back, and what that does here. */
export const LeavingTable = ({ guide }: { readonly guide: Guide }) => (
  <DataTable<Leaving>
    caption="Leaving and coming back"
    rows={guide.leaving}
    keyOf={({ event }) => event}
    empty="Not known of this identity provider."
    columns={[
      { title: 'There', cell: ({ event }) => <GuideText text={event} /> },
      {
        title: 'Sends',
        cell: ({ sends, when }) => (
          <>
            <GuideText text={sends} />
            {when !== undefined && (
              <span class="muted">
                {' '}
                <GuideText text={when} />
              </span>
            )}
          </>
        ),
      },
      { title: 'Here', cell: ({ result }) => LEAVING_RESULTS[result] },
    ]}
  />
);

const people = (count: number) => (count === 1 ? 'One person' : `${count.toLocaleString('en')} people`);
const groups = (count: number) => (count === 1 ? 'one group' : `${count.toLocaleString('en')} groups`);
