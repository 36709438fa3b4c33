import { wantsReport, writeSection } from '../../testing/report';
import { dollarsPerMillion } from '../cost/documented-units';
import { accountTable, millionUsersTable, partitionTable } from './limits';
import { vendorTable } from './vendors';

/*
 * npm run bench:capacity              prints the tables of docs/capacity.md, computed from bench/cost/costs.json
 * npm run bench:capacity -- --write   also keeps them there
 */

const dollars = (units: { read: number; write: number }) => dollarsPerMillion(units) / 1e6;

const SECTIONS: readonly (readonly [string, string])[] = [
  ['partitions', partitionTable()],
  ['million-users', millionUsersTable(dollars)],
  ['account', accountTable()],
  ['vendors', vendorTable()],
];

for (const [name, table] of SECTIONS) {
  console.log(`\n${name}\n\n${table}`);
  if (wantsReport()) writeSection('capacity.md', name, table);
}
