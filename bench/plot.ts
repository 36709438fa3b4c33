import { significant } from './statistics';

/** One line of a chart: a y value for each x. */
export interface Series {
  readonly name: string;
  readonly values: readonly number[];
}

/** A chart of lines over labelled positions, for example medians over tenant sizes. */
export interface LineChart {
  readonly title: string;
  readonly xTitle: string;
  readonly yTitle: string;
  readonly labels: readonly string[];
  readonly series: readonly Series[];
}

/** A chart of horizontal bars in groups, on a logarithmic scale: one group a label, one bar a series. */
export interface BarChart {
  readonly title: string;
  readonly xTitle: string;
  readonly labels: readonly string[];
  readonly series: readonly Series[];
}

const FONT = 'font-family="system-ui, sans-serif" font-size="12"';
/** Legible on white and on black alike, and told apart by the colour-blind (Okabe and Ito). */
const COLOURS = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9', '#7f7f7f', '#b09000'];
const INK = '#808080';

const escaped = (text: string) => text.replace(/[<>&"]/g, (character) => `&#${character.charCodeAt(0)};`);

const colourOf = (position: number) => COLOURS[position % COLOURS.length] ?? INK;

function text(
  x: number,
  y: number,
  content: string,
  anchor: 'start' | 'middle' | 'end' = 'start',
  more = '',
): string {
  return `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" text-anchor="${anchor}" fill="${INK}" ${more}>${escaped(content)}</text>`;
}

function line(x1: number, y1: number, x2: number, y2: number): string {
  return `<line x1="${x1.toFixed(1)}" y1="${y1.toFixed(1)}" x2="${x2.toFixed(1)}" y2="${y2.toFixed(1)}" stroke="${INK}" stroke-opacity="0.35"/>`;
}

function document(width: number, height: number, title: string, parts: readonly string[]): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${escaped(title)}" ${FONT}>
${text(16, 22, title, 'start', 'font-weight="bold" font-size="14"')}
${parts.join('\n')}
</svg>
`;
}

/** Draws lines over equally spaced labels; y begins at 0, so that a flat line looks flat and a steep one steep. */
export function drawLines({ title, xTitle, yTitle, labels, series }: LineChart): string {
  const [left, top, plotWidth, plotHeight, legend] = [64, 48, 420, 300, 290];
  const ticks = niceTicks(Math.max(...series.flatMap(({ values }) => values.filter(Number.isFinite)), 0));
  const highest = ticks.at(-1) ?? 1;
  const x = (position: number) =>
    left + (labels.length < 2 ? 0.5 : position / (labels.length - 1)) * plotWidth;
  const y = (value: number) => top + plotHeight * (1 - value / highest);
  const parts: string[] = [];
  for (const tick of ticks) {
    parts.push(
      line(left, y(tick), left + plotWidth, y(tick)),
      text(left - 8, y(tick) + 4, String(tick), 'end'),
    );
  }
  labels.forEach((label, position) => {
    parts.push(text(x(position), top + plotHeight + 20, label, 'middle'));
  });
  series.forEach(({ name, values }, position) => {
    const colour = colourOf(position);
    const points = values.flatMap((value, at) =>
      Number.isFinite(value) ? [[x(at), y(value)] as const] : [],
    );
    const path = points.map(([px, py]) => `${px.toFixed(1)},${py.toFixed(1)}`).join(' ');
    // After eight colours the lines are dashed, so that each still has a look of its own.
    const dash = position < COLOURS.length ? '' : ' stroke-dasharray="6 4"';
    parts.push(`<polyline points="${path}" fill="none" stroke="${colour}" stroke-width="2"${dash}/>`);
    for (const [px, py] of points) {
      parts.push(`<circle cx="${px.toFixed(1)}" cy="${py.toFixed(1)}" r="3" fill="${colour}"/>`);
    }
    const row = top + 8 + position * 20;
    const swatch = left + plotWidth + 24;
    parts.push(
      `<line x1="${swatch}" y1="${row}" x2="${swatch + 22}" y2="${row}" stroke="${colour}" stroke-width="3"${dash}/>`,
      text(swatch + 30, row + 4, name),
    );
  });
  const height = Math.max(top + plotHeight + 60, top + series.length * 20 + 20);
  parts.push(
    text(left + plotWidth / 2, top + plotHeight + 44, xTitle, 'middle'),
    text(0, 0, yTitle, 'middle', `transform="translate(18 ${top + plotHeight / 2}) rotate(-90)"`),
  );
  return document(left + plotWidth + legend, height, title, parts);
}

/**
 * Draws horizontal bars on a logarithmic scale, each with its value beside it. A value that is not a number has no bar.
 */
export function drawBars({ title, xTitle, labels, series }: BarChart): string {
  const [left, top, plotWidth, bar] = [250, 74, 420, 15];
  const finite = series.flatMap(({ values }) =>
    values.filter((value) => Number.isFinite(value) && value > 0),
  );
  const lowest = Math.floor(Math.log10(Math.min(...finite)));
  const highest = Math.max(lowest + 1, Math.ceil(Math.log10(Math.max(...finite))));
  const x = (value: number) => left + ((Math.log10(value) - lowest) / (highest - lowest)) * plotWidth;
  const group = series.length * bar + 12;
  const bottom = top + labels.length * group;
  const parts: string[] = [];
  series.forEach(({ name }, position) => {
    const swatch = 16 + position * 170;
    parts.push(
      `<rect x="${swatch}" y="38" width="14" height="12" fill="${colourOf(position)}"/>`,
      text(swatch + 20, 49, name),
    );
  });
  for (let power = lowest; power <= highest; power++) {
    const at = x(10 ** power);
    parts.push(line(at, top - 4, at, bottom), text(at, bottom + 18, significantPower(power), 'middle'));
  }
  labels.forEach((label, row) => {
    parts.push(text(left - 10, top + row * group + (series.length * bar) / 2 + 4, label, 'end'));
    series.forEach(({ values }, position) => {
      const value = values[row] ?? Number.NaN;
      if (!Number.isFinite(value) || value <= 0) return;
      const y = top + row * group + position * bar;
      const width = Math.max(1, x(value) - left);
      parts.push(
        `<rect x="${left}" y="${y}" width="${width.toFixed(1)}" height="${bar - 2}" fill="${colourOf(position)}"/>`,
        text(left + width + 6, y + 11, significant(value)),
      );
    });
  });
  parts.push(text(left + plotWidth / 2, bottom + 40, xTitle, 'middle'));
  return document(left + plotWidth + 70, bottom + 56, title, parts);
}

const significantPower = (power: number) =>
  power < 0 ? (10 ** power).toFixed(-power) : (10 ** power).toLocaleString('en-US');

/** About five round steps from 0 to at least the highest value. */
function niceTicks(highest: number): number[] {
  if (highest <= 0) return [0, 1];
  const rough = highest / 5;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 5, 10].find((factor) => factor * power >= rough) ?? 10) * power;
  const ticks: number[] = [];
  for (let position = 0; position === 0 || (ticks.at(-1) ?? 0) < highest; position++) {
    ticks.push(Number((position * step).toPrecision(6)));
  }
  return ticks;
}
