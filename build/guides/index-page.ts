import { GUIDES } from '../../console/guides';
import { wrapMarkdown } from '../wrap-markdown';
import { markdown, statement, table } from './words';

/** The page that lists the guides, and what differs from one identity provider to the next. */
export function indexPage(): string {
  const works = (name: string) => (guide: (typeof GUIDES)[number]) => {
    const feature = guide.features.find((each) => each.name === name);
    if (feature === undefined) return '';
    return feature.note === undefined ? feature.works : `${feature.works}: ${markdown(feature.note)}`;
  };
  const groups = works('Groups and their members');
  const deletes = works('Delete people');
  const lines = [
    '<!-- Written by npm run docs:guides from console/guides/: change it there. -->',
    '',
    '# Setting up an identity provider',
    '',
    'One page for each, short enough to be sent to the customer’s administrator. The set-up page shows the same, step by step.',
    '',
    ...table(
      ['Identity provider', 'Ways to connect', 'Whoever leaves is out', 'Groups', 'Deletes'],
      GUIDES.map((guide) => [
        `[${guide.name}](${guide.id}.md)`,
        guide.methods.map(({ name }) => name).join('; '),
        statement(guide.accessEnds),
        groups(guide),
        deletes(guide),
      ]),
    ),
    '',
    'Another identity provider than before, or a client in place of a token: [moving a tenant](../moving.md).',
    '',
    'From the moment at which the service is told, access ends at once ([off-boarding](../offboarding.md)). Where that comes too late, take it away by hand: [operations](../operations.md).',
    '',
  ];
  return wrapMarkdown(lines.join('\n'));
}
