import { useEffect, useId, useState } from 'preact/hooks';
import { visibleText } from '../../src/scim/visible-text';
import type { SetupResults } from '../../src/setup-api/routes';
import { Dialog } from '../components/dialog';
import { announce } from '../components/live-region';
import { SearchField } from '../components/search-field';
import { useAction } from './action';
import { FaultNotice } from './fault-notice';
import { PreviewOfRoles } from './preview-of-roles';
import { type Preview, type RoleMapping, useSetup } from './setup-context';

type Group = SetupResults['GET /groups']['items'][number];

/** As many as one request gives; where there are more they are found by how their name begins. */
const GROUPS = 500;
const FOUND = 50;

interface MappingEditorProps {
  /** What is changed; absent for a group that gives no roles yet. */
  readonly mapping: RoleMapping | undefined;
  readonly onChanged: () => void;
  readonly onClose: () => void;
}

/** Chooses a group and its roles, shows who would gain and lose, and only then changes it. */
export function MappingEditor({ mapping, onChanged, onClose }: MappingEditorProps) {
  const { api, page, onFault } = useSetup();
  const id = useId();
  const [groups, setGroups] = useState<readonly Group[]>([]);
  const [areMore, setMore] = useState(false);
  const [sought, setSought] = useState('');
  const [group, setGroup] = useState(mapping?.group ?? '');
  const [roles, setRoles] = useState<readonly string[]>(mapping?.roles ?? []);
  const [preview, setPreview] = useState<Preview>();
  const by = mapping?.by ?? 'displayName';

  useEffect(() => {
    if (mapping !== undefined) return undefined;
    let isOver = false;
    const wanted = sought === '' ? { limit: GROUPS } : { prefix: sought, limit: FOUND };
    api('GET /groups', wanted).then(({ items, nextCursor }) => {
      if (isOver) return;
      setGroups(items);
      if (sought === '') setMore(nextCursor !== undefined);
      else announce(items.length === 0 ? 'No group is called so.' : `${items.length} groups are called so.`);
    }, onFault);
    return () => {
      isOver = true;
    };
  }, [api, mapping, sought, onFault]);
  useEffect(() => {
    setPreview(undefined);
    if (group === '') return undefined;
    let isOver = false;
    const wanted = roles.length === 0 ? {} : { roles: roles.join(',') };
    api('GET /role-mappings/preview', { group, by, ...wanted }).then((shown) => {
      if (!isOver) setPreview(shown);
    }, onFault);
    return () => {
      isOver = true;
    };
  }, [api, by, group, roles, onFault]);

  const { run, isBusy, fault } = useAction(async () => {
    if (roles.length === 0) await api('DELETE /role-mappings', { group, by });
    else await api('PUT /role-mappings', { group, by, roles });
    announce('Changed.');
    onChanged();
  });
  const isReady = preview !== undefined && (mapping !== undefined || roles.length > 0);
  const toggle = (role: string, isOn: boolean) =>
    setRoles(isOn ? [...roles, role] : roles.filter((each) => each !== role));

  return (
    <Dialog
      title={mapping === undefined ? 'Give a group roles' : `Roles of ${visibleText(mapping.group)}`}
      {...(isReady
        ? { action: { label: roles.length === 0 ? 'Give no roles' : 'Give these roles', onPress: run } }
        : {})}
      busy={isBusy}
      onClose={onClose}
    >
      {mapping === undefined && areMore && (
        <SearchField label="Find groups by how their name begins" value={sought} onSearch={setSought} />
      )}
      {mapping === undefined && (
        <div class="field">
          <label for={id}>Group</label>
          <select id={id} value={group} onChange={(event) => setGroup(event.currentTarget.value)}>
            <option value="">Choose a group</option>
            {group !== '' && !groups.some(({ displayName }) => displayName === group) && (
              <option value={group}>{visibleText(group)}</option>
            )}
            {groups.map(({ id: key, displayName }) => (
              <option key={key} value={displayName}>
                {visibleText(displayName)}
              </option>
            ))}
          </select>
        </div>
      )}
      <fieldset class="choices-of-roles">
        <legend>Roles</legend>
        {page.link.roles.map((role) => (
          <label key={role} class="check">
            <input
              type="checkbox"
              checked={roles.includes(role)}
              onChange={(event) => toggle(role, event.currentTarget.checked)}
            />{' '}
            {role}
          </label>
        ))}
        {page.link.roles.length === 0 && <p class="muted">This link may give no roles.</p>}
      </fieldset>
      <PreviewOfRoles preview={preview} isAsked={group !== ''} />
      <FaultNotice fault={fault} />
    </Dialog>
  );
}
