import type { Guide, Mapping, Method } from '../../console/guides';
import { LEAVING_RESULTS, NEEDS, SERVICE_LIMITS, WHO_ACTS } from '../../console/guides';
import { wrapMarkdown } from '../wrap-markdown';
import { commandsSection, renewalCommands } from './commands';
import { mappingHeading, stepsSection } from './steps';
import { bullets, mark, markdown, menu, numbered, statement, table } from './words';

const WORKS = { yes: 'yes', no: 'no', unconfirmed: 'unconfirmed' } as const;

/** The page of a guide in `docs/setup/`. */
export function guidePage(guide: Guide): string {
  const { before } = guide;
  const lines = [
    '<!-- Written by npm run docs:guides from console/guides/: change it there. -->',
    '',
    `# Setting up ${guide.name.replace(/^Another/, 'another')}`,
    '',
    `For the customer’s administrator, and whoever helps them. ${markdown(guide.summary)}`,
    '',
    '“Here” is the set-up page, if you were sent a link to one, and otherwise whoever runs the service. *Reported* is what others describe and the provider’s own documentation does not; *unconfirmed* is what neither says. Menus and labels are those of November 2026.',
    '',
    '## What works',
    '',
    ...table(
      ['', '', ''],
      guide.features.map(({ name, works, note }) => [
        name,
        WORKS[works],
        note === undefined ? '' : markdown(note),
      ]),
    ),
    '',
    '## Before you start',
    '',
    `- Role: ${statement(before.role)}`,
    `- Edition: ${statement(before.edition)}`,
    ...bullets(before.further),
    '',
    ...commandsSection(guide),
    '## Steps',
    '',
    ...methodsTable(guide.methods),
    ...stepsSection(guide),
    ...guide.mappings.flatMap(mappingSection),
    '## Who is provisioned',
    '',
    ...bullets(guide.scope),
    '',
    '## Groups',
    '',
    ...bullets(guide.groups),
    '',
    '## How long it takes',
    '',
    `- Whoever leaves is out: ${statement(guide.accessEnds).replace(/^./, (first) => first.toLowerCase())}`,
    ...bullets(guide.timing),
    '',
    '## When somebody leaves or comes back',
    '',
    ...table(
      ['At the provider', 'What is sent', 'When', 'What happens here'],
      guide.leaving.map(({ event, sends, result, when, confidence }) => [
        markdown(event) + mark(confidence),
        markdown(sends),
        when === undefined ? '' : markdown(when),
        LEAVING_RESULTS[result],
      ]),
    ),
    '',
    'Why a leaver has no session, and how it is proven: [off-boarding](../offboarding.md).',
    '',
    '## Renewing the credential',
    '',
    ...renewals(guide.methods),
    ...renewalCommands(guide),
    '## Errors',
    '',
    ...table(
      ['What you see', 'What it means', 'What to do', 'Who'],
      guide.errors.map(({ seen, means, act, who, confidence }) => [
        seen.replaceAll('<', '\\<') + mark(confidence),
        markdown(means),
        markdown(act),
        WHO_ACTS[who],
      ]),
    ),
    '',
    '## Limits',
    '',
    'At the provider:',
    '',
    ...bullets(guide.limits),
    '',
    'Here ([rates](../fairness.md), [all others](../http.md#bounds)):',
    '',
    ...bullets(SERVICE_LIMITS),
    '',
    '## Disconnecting',
    '',
    ...numbered(guide.disconnecting.map(statement)),
    '',
    '## Sources',
    '',
    ...table(
      ['Facts are from'],
      guide.sources.map(({ title, url }) => [url === undefined ? title : `[${title}](${url})`]),
    ),
    '',
  ];
  return wrapMarkdown(lines.join('\n'));
}

const methodsTable = (methods: readonly Method[]): string[] =>
  methods.length === 1
    ? []
    : [
        ...table(
          ['Way to authenticate', 'When to choose it'],
          methods.map(({ name, choose }) => [`[${name}](#connection-${anchor(name)})`, markdown(choose)]),
        ),
        '',
      ];

/** As GitHub makes the anchor of a heading. */
const anchor = (heading: string) =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}_\- ]/gu, '')
    .replaceAll(' ', '-');

function mappingSection({ resourceType, menu: path, rows, notes }: Mapping): string[] {
  return [
    `## ${mappingHeading(resourceType)}`,
    '',
    ...(path === undefined ? [] : [`${menu(path)}.`, '']),
    ...table(
      ['At the provider', 'Here', 'Needed', ''],
      rows.map(({ source, targets, need, change, note }) => [
        markdown(source),
        targets.map((target) => `\`${target}\``).join(', '),
        NEEDS[need].toLowerCase(),
        [change, note].flatMap((text) => (text === undefined ? [] : [markdown(text)])).join(' '),
      ]),
    ),
    '',
    ...bullets(notes),
    ...(notes.length === 0 ? [] : ['']),
  ];
}

/** How each credential is renewed; once, where all are alike. */
function renewals(methods: readonly Method[]): string[] {
  const [first] = methods;
  if (first === undefined) return [];
  const lines = ({ renewal }: Method) => [...numbered(renewal.map(statement)), ''];
  const areAlike = methods.every((method) => lines(method).join() === lines(first).join());
  return areAlike
    ? lines(first)
    : methods.flatMap((method) => [`### Renewal: ${method.name}`, '', ...lines(method)]);
}
