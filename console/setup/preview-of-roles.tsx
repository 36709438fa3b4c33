import { ForeignText } from '../components/foreign-text';
import type { Preview } from './setup-context';

/** Who would gain and who would lose which role. */
export function PreviewOfRoles(props: { readonly preview: Preview | undefined; readonly isAsked: boolean }) {
  const { preview, isAsked } = props;
  return (
    <div class="stack-tight" aria-live="polite">
      <strong>What it changes</strong>
      {preview === undefined ? (
        <p class="muted">{isAsked ? 'Looking …' : 'Choose a group.'}</p>
      ) : (
        <Changes preview={preview} />
      )}
    </div>
  );
}

function Changes({ preview: { changes, users, inactive } }: { readonly preview: Preview }) {
  return (
    <>
      {changes.length === 0 ? (
        <p class="muted">Nobody gains or loses a role.</p>
      ) : (
        <ul class="list">
          {changes.map(({ role, change, users: count, first }) => (
            <li key={`${change} ${role}`}>
              {count === 1 ? '1 person' : `${count} people`} {change === 'gained' ? 'gain' : 'lose'}
              {count === 1 ? 's' : ''} <strong>{role}</strong>
              {first.length > 0 && ': '}
              {first.map((user, index) => (
                <span key={user.id}>
                  {index > 0 && ', '}
                  <ForeignText>{user.userName ?? user.id}</ForeignText>
                </span>
              ))}
              {count > first.length && first.length > 0 && ' …'}
            </li>
          ))}
        </ul>
      )}
      <p class="muted">
        {users === 1 ? '1 active person is' : `${users} active people are`} in the group
        {inactive > 0 && `, and ${inactive} inactive`}.
      </p>
    </>
  );
}
