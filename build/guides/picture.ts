import type { Field, Form } from '../../console/guides';
import { TAKEN_VALUES } from '../../console/guides';
import { plain } from './words';

const WIDTH = 680;
const MARGIN = 24;
const INNER = WIDTH - 2 * MARGIN;
const LINE = 20;
/** A digit of the fixed-width font of 13 pixels, with some room: no viewer's font is measured. */
const DIGIT = 8;
const MAX_COLUMNS = Math.floor((INNER - 24) / DIGIT);

/** Colours for both themes: the viewer's `prefers-color-scheme` chooses, in a page and as a picture alike. */
const STYLE = `
.page { fill: #ffffff; stroke: #d0d7de; }
.field { fill: #f6f8fa; stroke: #8c959f; }
.title { fill: #1f2328; font: 600 16px system-ui, sans-serif; }
.label { fill: #1f2328; font: 600 13px system-ui, sans-serif; }
.value { fill: #0a3069; font: 13px ui-monospace, monospace; }
.hint { fill: #59636e; font: 12px system-ui, sans-serif; }
.mark { fill: none; stroke: #1f2328; stroke-width: 2; }
.button { fill: #0969da; }
.button-text { fill: #ffffff; font: 600 13px system-ui, sans-serif; }
@media (prefers-color-scheme: dark) {
  .page { fill: #0d1117; stroke: #3d444d; }
  .field { fill: #151b23; stroke: #656c76; }
  .title, .label { fill: #f0f6fc; }
  .value { fill: #a5d6ff; }
  .hint { fill: #9198a1; }
  .mark { stroke: #f0f6fc; }
  .button { fill: #1f6feb; }
}`.trim();

/** Draws a form as it will look at the provider once it is filled in: its labels, and our values as examples. */
export function drawForm({ title, fields, buttons = [] }: Form): string {
  const parts: string[] = [text('title', MARGIN, 36, title)];
  let y = 64;
  for (const field of fields) {
    const drawn = drawField(field, y);
    parts.push(...drawn.parts);
    y += drawn.height;
  }
  if (buttons.length > 0) {
    parts.push(...drawButtons(buttons, y));
    y += 44;
  }
  const described = [title, ...fields.map((field) => `${field.label}: ${entered(field)}`)].join('. ');
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${y + 8}" width="${WIDTH}" height="${y + 8}" role="img">`,
    `<title>${escaped(title)}</title>`,
    `<desc>${escaped(described)}</desc>`,
    `<style>${STYLE}</style>`,
    `<rect class="page" x="0.5" y="0.5" width="${WIDTH - 1}" height="${y + 7}" rx="8"/>`,
    ...parts,
    '</svg>',
    '',
  ].join('\n');
}

interface Drawn {
  readonly parts: readonly string[];
  readonly height: number;
}

function drawField(field: Field, y: number): Drawn {
  if (field.kind === 'check') return drawCheck(field.label, field.isOn, y);
  const lines = entered(field).split('\n').flatMap(brokenLines);
  const height = lines.length * LINE + 12;
  return {
    parts: [
      text('label', MARGIN, y, field.label),
      `<rect class="field" x="${MARGIN}" y="${y + 8}" width="${INNER}" height="${height}" rx="4"/>`,
      ...lines.map((line, position) => text('value', MARGIN + 12, y + 27 + position * LINE, line)),
      ...(field.kind === 'choice' ? [arrow(WIDTH - MARGIN - 24, y + 22)] : []),
      ...(field.kind === 'taken'
        ? [
            text(
              'hint',
              MARGIN,
              y + height + 24,
              `Filled in by the provider: copy it, and enter it as “${TAKEN_VALUES[field.takes].label}”.`,
            ),
          ]
        : []),
    ],
    height: height + (field.kind === 'taken' ? 56 : 36),
  };
}

function drawCheck(label: string, isOn: boolean, y: number): Drawn {
  const top = y - 13;
  return {
    parts: [
      `<rect class="field" x="${MARGIN}" y="${top}" width="16" height="16" rx="3"/>`,
      ...(isOn ? [`<path class="mark" d="M${MARGIN + 3} ${top + 8}l4 4l6 -8"/>`] : []),
      text('label', MARGIN + 26, y, label),
    ],
    height: 32,
  };
}

function drawButtons(labels: readonly string[], y: number): string[] {
  let x = MARGIN;
  return labels.flatMap((label) => {
    const width = label.length * DIGIT + 32;
    const parts = [
      `<rect class="button" x="${x}" y="${y - 8}" width="${width}" height="32" rx="6"/>`,
      `<text class="button-text" x="${x + width / 2}" y="${y + 13}" text-anchor="middle">${escaped(label)}</text>`,
    ];
    x += width + 12;
    return parts;
  });
}

/** What stands in a field. */
function entered(field: Field): string {
  if (field.kind === 'check') return field.isOn ? 'on' : 'off';
  if (field.kind === 'taken') return field.example;
  return plain(field.value);
}

/** A line in pieces that fit a field. */
const brokenLines = (line: string): string[] => line.match(new RegExp(`.{1,${MAX_COLUMNS}}`, 'g')) ?? [''];

const arrow = (x: number, y: number) => `<path class="mark" d="M${x} ${y}l5 5l5 -5"/>`;

const text = (style: string, x: number, y: number, words: string) =>
  `<text class="${style}" x="${x}" y="${y}" xml:space="preserve">${escaped(words)}</text>`;

const escaped = (words: string) =>
  words.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
