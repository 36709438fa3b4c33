import { useEffect, useState } from 'preact/hooks';
import { Button } from '../components/button';
import { DataTable } from '../components/data-table';
import { ForeignText } from '../components/foreign-text';
import { useAction } from './action';
import { FaultNotice } from './fault-notice';
import { MappingEditor } from './mapping-editor';
import { type RoleMapping, useSetup } from './setup-context';

/** Which roles the groups give, and to change it where the link may. */
export function RolesPanel() {
  const { api } = useSetup();
  const [mappings, setMappings] = useState<readonly RoleMapping[]>();
  const [edited, setEdited] = useState<RoleMapping | 'new'>();
  const { run: read, fault } = useAction(async () =>
    setMappings((await api('GET /role-mappings', {})).items),
  );
  useEffect(() => {
    read();
  }, []);
  if (mappings === undefined) {
    return fault === undefined ? <p class="muted">Loading …</p> : <FaultNotice fault={fault} />;
  }
  return (
    <div class="stack">
      <DataTable
        caption="What groups give"
        rows={mappings}
        keyOf={({ by, group }) => `${by} ${group}`}
        empty="No group gives a role yet."
        columns={[
          { title: 'Group', cell: ({ group }) => <ForeignText>{group}</ForeignText> },
          { title: 'Roles', cell: ({ roles }) => roles.join(', ') },
          {
            title: '',
            cell: (mapping) =>
              mapping.isChangeable ? (
                <Button small label={`Change ${mapping.group}`} onPress={() => setEdited(mapping)}>
                  Change
                </Button>
              ) : (
                <span class="muted">set by the vendor</span>
              ),
          },
        ]}
      />
      <div>
        <Button onPress={() => setEdited('new')}>Give a group roles</Button>
      </div>
      {edited !== undefined && (
        <MappingEditor
          mapping={edited === 'new' ? undefined : edited}
          onClose={() => setEdited(undefined)}
          onChanged={() => {
            setEdited(undefined);
            read();
          }}
        />
      )}
    </div>
  );
}
