import { type Check, fail, passed } from '../check';
import { expectEqual, expectScimError, idOf, resourcesOf, shown } from '../expectations';
import { filtered, newName, patchBody, userBody } from '../resources';

const USERS = 5;
const PAGE = 2;
const MAX_PAGES = 10;

/** Lists, which need a tenant in which nobody else creates anything: the other one. */
export const LISTS: readonly Check[] = [
  {
    id: 'lists.pages',
    title: 'Pages by startIndex and by cursor show everybody once',
    async run({ otherScim }) {
      const ids = await Promise.all(
        Array.from({ length: USERS }, async () =>
          idOf(await otherScim.send('POST', '/Users', userBody(newName('page')))),
        ),
      );
      const byIndex: unknown[] = [];
      for (let startIndex = 1; startIndex <= USERS; startIndex += PAGE) {
        const page = await otherScim.send('GET', `/Users?startIndex=${startIndex}&count=${PAGE}`);
        byIndex.push(...resourcesOf(page).map(({ id }) => id));
        expectEqual('totalResults', page.body.totalResults, USERS);
      }
      expectEqual('everybody by startIndex', byIndex.sort(), [...ids].sort());

      const byCursor: unknown[] = [];
      let cursor: string | undefined = '';
      for (let pages = 0; cursor !== undefined; pages++) {
        if (pages > MAX_PAGES) fail(`there is a nextCursor after ${pages} pages`);
        const page = await otherScim.send('GET', `/Users?cursor=${encodeURIComponent(cursor)}&count=${PAGE}`);
        byCursor.push(...resourcesOf(page).map(({ id }) => id));
        cursor = typeof page.body.nextCursor === 'string' ? page.body.nextCursor : undefined;
      }
      expectEqual('everybody by cursor', byCursor.sort(), [...ids].sort());
      return passed(`${USERS} users, ${PAGE} a page`);
    },
  },
  {
    id: 'lists.tenants',
    title: 'Another tenant neither reads, finds, changes nor deletes a user',
    async run({ scim, otherScim }) {
      const userName = newName('private');
      const path = `/Users/${idOf(await scim.send('POST', '/Users', userBody(userName)))}`;
      expectScimError(await otherScim.send('GET', path), 404);
      expectScimError(
        await otherScim.send('PATCH', path, patchBody({ op: 'replace', path: 'active', value: false })),
        404,
      );
      expectScimError(await otherScim.send('DELETE', path), 404);
      const found = resourcesOf(await otherScim.send('GET', filtered('/Users', `userName eq "${userName}"`)));
      if (found.length > 0) fail(`the other tenant finds ${shown(found.length)} users of this name`);
      expectEqual('"active" of the user', (await scim.send('GET', path)).body.active, true);
      return passed();
    },
  },
];
