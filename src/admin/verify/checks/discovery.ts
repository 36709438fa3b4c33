import { isJsonObject, type JsonValue } from '../../../scim/json';
import { type Check, fail, passed } from '../check';
import { expectEqual, expectMediaType, expectStatus, idOf, resourcesOf, shown } from '../expectations';
import { newName, userBody } from '../resources';

export const DISCOVERY: readonly Check[] = [
  {
    id: 'discovery.documents',
    title: 'discovery documents are there, without nulls, which Entra ID refuses',
    async run({ reader }) {
      const config = await reader.send('GET', '/ServiceProviderConfig');
      expectStatus(config, 200);
      expectMediaType(config);
      const types = resourcesOf(await reader.send('GET', '/ResourceTypes')).map(({ name }) => name);
      for (const wanted of ['User', 'Group'])
        if (!types.includes(wanted)) fail(`/ResourceTypes has no ${shown(wanted)}`);
      const schemas = resourcesOf(await reader.send('GET', '/Schemas'));
      const hasNull = (value: JsonValue | undefined): boolean =>
        value === null ||
        (Array.isArray(value) && value.some(hasNull)) ||
        (isJsonObject(value) && Object.values(value).some(hasNull));
      if (schemas.some(hasNull)) fail('/Schemas has a null');
      return passed(`${types.length} resource types, ${schemas.length} schemas`);
    },
  },
  {
    id: 'discovery.urls',
    title: 'meta.location, Location and the OpenAPI document name the base URL',
    async run({ scim, baseUrl }) {
      const created = await scim.send('POST', '/Users', userBody(newName('location')));
      const wanted = `${baseUrl}/Users/${idOf(created)}`;
      const { meta } = created.body;
      expectEqual('meta.location', isJsonObject(meta) ? meta.location : undefined, wanted);
      expectEqual('the header Location', created.headers.location, wanted);
      const { body } = await scim.send('GET', '/openapi.json');
      expectEqual('the server of /openapi.json', body.servers, [{ url: baseUrl }]);
      return passed();
    },
  },
];
