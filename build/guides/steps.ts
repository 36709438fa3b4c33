import type { Field, Guide, Method, Step } from '../../console/guides';
import { TAKEN_VALUES } from '../../console/guides';
import { mark, markdown, menu, numbered, plain, table } from './words';

/** The steps as a page tells them: what all ways to authenticate have in common once, around what differs. */
export interface StepSequence {
  readonly before: readonly Step[];
  readonly differing: readonly { readonly method: Method; readonly steps: readonly Step[] }[];
  readonly after: readonly Step[];
}

/** Finds the steps with which all methods begin and end alike. */
export function sequenceOf({ methods }: Guide): StepSequence {
  const [first] = methods;
  if (first === undefined || methods.length === 1)
    return { before: first?.steps ?? [], differing: [], after: [] };
  const isCommon = (position: number) => (step: Step) =>
    methods.every(({ steps }) => JSON.stringify(steps.at(position)) === JSON.stringify(step));
  const before = first.steps.findIndex((step, position) => !isCommon(position)(step));
  const fromEnd = [...first.steps].reverse();
  const after = fromEnd.findIndex((step, position) => !isCommon(-1 - position)(step));
  return {
    before: first.steps.slice(0, before),
    differing: methods.map((method) => ({
      method,
      steps: method.steps.slice(before, method.steps.length - after),
    })),
    after: fromEnd.slice(0, after).reverse(),
  };
}

/** The file of a step's picture, beside the pages. */
export const pictureFile = (guide: Guide, step: Step, method?: Method): string =>
  `forms/${[guide.id, ...(method === undefined ? [] : [method.id]), step.id].join('-')}.svg`;

/** Every step that has a form, once, with the file of its picture. */
export function pictured(guide: Guide): { readonly file: string; readonly step: Step }[] {
  const { before, differing, after } = sequenceOf(guide);
  return [
    ...[...before, ...after].map((step) => ({ file: pictureFile(guide, step), step })),
    ...differing.flatMap(({ method, steps }) =>
      steps.map((step) => ({ file: pictureFile(guide, step, method), step })),
    ),
  ].filter(({ step }) => step.form !== undefined);
}

/** The section with the steps. */
export function stepsSection(guide: Guide): string[] {
  const { before, differing, after } = sequenceOf(guide);
  return [
    ...before.flatMap((step) => stepLines(guide, step, '###')),
    ...differing.flatMap(({ method, steps }) => [
      `### Connection: ${method.name}`,
      '',
      ...steps.flatMap((step) => stepLines(guide, step, '####', method)),
    ]),
    ...after.flatMap((step) => stepLines(guide, step, '###')),
  ];
}

function stepLines(guide: Guide, step: Step, heading: string, method?: Method): string[] {
  return [
    `${heading} ${plain(step.title)}`,
    '',
    ...whereLines(step),
    ...numbered(step.instructions.map(markdown)),
    '',
    ...formLines(step, pictureFile(guide, step, method)),
    ...(step.mapping === undefined ? [] : [`The table is [below](#${mappingAnchor(step.mapping)}).`, '']),
    ...(step.seen === undefined
      ? []
      : [`**When it works:** ${markdown(step.seen)}${/[.!]$/.test(step.seen) ? '' : '.'}`, '']),
  ];
}

export const mappingHeading = (resourceType: 'User' | 'Group'): string =>
  resourceType === 'User' ? 'Attributes of people' : 'Attributes of groups';

const mappingAnchor = (resourceType: 'User' | 'Group') =>
  mappingHeading(resourceType).toLowerCase().replaceAll(' ', '-');

function whereLines({ menu: path, formerMenu, confidence }: Step): string[] {
  if (path === undefined) return [];
  const former = formerMenu === undefined ? '' : ` Older page: ${menu(formerMenu)}.`;
  return [`${menu(path)}.${mark(confidence)}${former}`, ''];
}

function formLines({ form }: Step, file: string): string[] {
  if (form === undefined) return [];
  const rows = form.fields.map((field) => [
    [`**${field.label}**`, ...(field.otherLabels ?? []).map((label) => `or **${label}**`)].join(' '),
    enteredText(field),
    field.note === undefined ? '' : markdown(field.note),
  ]);
  return [
    ...table(['Field', 'Value', ''], rows),
    '',
    ...form.fields.flatMap((field) =>
      field.kind === 'lines' ? [`${field.label}:`, '', '```json', plain(field.value), '```', ''] : [],
    ),
    `![${form.title}: ${form.fields.map(({ label }) => label).join(', ')}](${file})`,
    '',
  ];
}

function enteredText(field: Field): string {
  if (field.kind === 'check') return field.isOn ? 'on' : '**off**';
  if (field.kind === 'choice') return field.value;
  if (field.kind === 'taken')
    return `shown by the provider: enter it here, as “${TAKEN_VALUES[field.takes].label}”`;
  if (field.kind === 'lines') return 'below';
  return `\`${plain(field.value)}\``;
}
