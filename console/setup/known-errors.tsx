import { type Guide, WHO_ACTS } from '../guides';
import { GuideText } from './guide-text';

/** What the provider may show when it fails, what that means, and who has to act. */
export function KnownErrors({ guide }: { readonly guide: Guide }) {
  return (
    <details>
      <summary>{guide.name} shows an error</summary>
      <dl class="errors">
        {guide.errors.map(({ seen, means, act, who }) => (
          <div key={seen}>
            <dt>
              <q>{seen}</q>
            </dt>
            <dd>
              <GuideText text={means} /> <GuideText text={act} />{' '}
              {who !== 'you' && <span class="muted">Who acts: {WHO_ACTS[who].toLowerCase()}.</span>}
            </dd>
          </div>
        ))}
      </dl>
    </details>
  );
}
