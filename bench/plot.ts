import { significant } from '../testing/statistics';

/** What every chart says of itself. */
interface Chart {
  readonly title: string;
  /** Where it was measured, since nobody may take a figure of this machine for one of AWS. */
  readonly measured: 'local run, not AWS' | 'one process on this machine, not AWS';
  /** What is measured, with its unit. */
  readonly xTitle: string;
}

/** A chart of lines, for example medians over tenant sizes. */
export interface LineChart extends Chart {
  readonly yTitle: string;
  /** Sizes over several powers of ten are drawn on a logarithmic scale, anything else on one that begins at 0. */
  readonly xScale: 'linear' | 'logarithmic';
  readonly series: readonly {
    readonly name: string;
    readonly points: readonly (readonly [x: number, y: number])[];
  }[];
}

/** A chart of points in rows on a logarithmic scale: a row per label, a point per series. */
export interface PointChart extends Chart {
  readonly labels: readonly string[];
  readonly series: readonly { readonly name: string; readonly values: readonly number[] }[];
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

function document(
  width: number,
  height: number,
  { title, measured }: Chart,
  parts: readonly string[],
): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${escaped(`${title} (${measured})`)}" ${FONT}>
${text(16, 22, title, 'start', 'font-weight="bold" font-size="14"')}
${text(16, 40, `Measured: ${measured}`, 'start', 'font-style="italic"')}
${parts.join('\n')}
</svg>
`;
}

/** Draws lines to scale; y begins at 0, so that a flat line looks flat and a steep one steep. */
export function drawLines(chart: LineChart): string {
  const { xTitle, yTitle, xScale, series } = chart;
  const [left, top, plotWidth, plotHeight, legend] = [64, 64, 420, 300, 290];
  const points = series.flatMap(({ points }) => points.filter(([, value]) => Number.isFinite(value)));
  const yTicks = niceTicks(Math.max(...points.map(([, value]) => value), 0));
  const x = xScale === 'linear' ? linearScale(points) : logarithmicScale(points.map(([at]) => at));
  const xOf = (at: number) => left + x.part(at) * plotWidth;
  const yOf = (value: number) => top + plotHeight * (1 - value / (yTicks.at(-1) ?? 1));
  const parts: string[] = [];
  for (const tick of yTicks) {
    parts.push(
      line(left, yOf(tick), left + plotWidth, yOf(tick)),
      text(left - 8, yOf(tick) + 4, String(tick), 'end'),
    );
  }
  for (const tick of x.ticks) {
    parts.push(
      line(xOf(tick), top + plotHeight, xOf(tick), top + plotHeight + 5),
      text(xOf(tick), top + plotHeight + 20, tickText(tick), 'middle'),
    );
  }
  series.forEach(({ name, points }, position) => {
    const colour = colourOf(position);
    const at = points
      .filter(([, value]) => Number.isFinite(value))
      .map(([px, py]) => [xOf(px).toFixed(1), yOf(py).toFixed(1)]);
    // After eight colours the lines are dashed, so that each still has a look of its own.
    const dash = position < COLOURS.length ? '' : ' stroke-dasharray="6 4"';
    parts.push(
      `<polyline points="${at.map((pair) => pair.join(',')).join(' ')}" fill="none" stroke="${colour}" stroke-width="2"${dash}/>`,
      ...at.map(([cx, cy]) => `<circle cx="${cx}" cy="${cy}" r="3" fill="${colour}"/>`),
    );
    const row = top + 8 + position * 20;
    const swatch = left + plotWidth + 24;
    parts.push(
      `<line x1="${swatch}" y1="${row}" x2="${swatch + 22}" y2="${row}" stroke="${colour}" stroke-width="3"${dash}/>`,
      text(swatch + 30, row + 4, name),
    );
  });
  const height = Math.max(top + plotHeight + 60, top + series.length * 20 + 20);
  const scale = xScale === 'linear' ? '' : ', logarithmic';
  parts.push(
    text(left + plotWidth / 2, top + plotHeight + 44, `${xTitle}${scale}`, 'middle'),
    text(0, 0, yTitle, 'middle', `transform="translate(18 ${top + plotHeight / 2}) rotate(-90)"`),
  );
  return document(left + plotWidth + legend, height, chart, parts);
}

/**
 * Draws points on a logarithmic scale, each with its value beside it: the length of a bar would mean nothing there. A
 * value that is not a number has no point.
 */
export function drawPoints(chart: PointChart): string {
  const { xTitle, labels, series } = chart;
  const [left, top, plotWidth, row] = [250, 90, 420, 15];
  const finite = series.flatMap(({ values }) =>
    values.filter((value) => Number.isFinite(value) && value > 0),
  );
  const x = logarithmicScale(finite);
  const xOf = (value: number) => left + x.part(value) * plotWidth;
  const group = series.length * row + 12;
  const bottom = top + labels.length * group;
  const parts: string[] = [];
  series.forEach(({ name }, position) => {
    const swatch = 22 + position * 170;
    parts.push(
      `<circle cx="${swatch}" cy="61" r="5" fill="${colourOf(position)}"/>`,
      text(swatch + 14, 65, name),
    );
  });
  for (const tick of x.ticks) {
    parts.push(
      line(xOf(tick), top - 4, xOf(tick), bottom),
      text(xOf(tick), bottom + 18, tickText(tick), 'middle'),
    );
  }
  labels.forEach((label, position) => {
    const first = top + position * group;
    parts.push(
      line(left, first - 6, left + plotWidth, first - 6),
      text(left - 10, first + (series.length * row) / 2 + 4, label, 'end'),
    );
    series.forEach(({ values }, at) => {
      const value = values[position] ?? Number.NaN;
      if (!Number.isFinite(value) || value <= 0) return;
      const y = first + at * row + row / 2;
      parts.push(
        `<circle cx="${xOf(value).toFixed(1)}" cy="${y}" r="5" fill="${colourOf(at)}"/>`,
        text(xOf(value) + 10, y + 4, significant(value)),
      );
    });
  });
  parts.push(text(left + plotWidth / 2, bottom + 40, `${xTitle}, logarithmic`, 'middle'));
  return document(left + plotWidth + 70, bottom + 56, chart, parts);
}

/** Where a value lies on an axis, as a part of its length, and what is written at the axis. */
interface Scale {
  readonly ticks: readonly number[];
  part(value: number): number;
}

function linearScale(points: readonly (readonly [number, number])[]): Scale {
  const ticks = niceTicks(Math.max(...points.map(([at]) => at), 0));
  return { ticks, part: (value) => value / (ticks.at(-1) ?? 1) };
}

/** From the power of ten below the lowest value to that above the highest. */
function logarithmicScale(values: readonly number[]): Scale {
  const lowest = Math.floor(Math.log10(Math.min(...values)));
  const highest = Math.max(lowest + 1, Math.ceil(Math.log10(Math.max(...values))));
  const ticks = Array.from({ length: highest - lowest + 1 }, (_, power) => 10 ** (lowest + power));
  return { ticks, part: (value) => (Math.log10(value) - lowest) / (highest - lowest) };
}

const tickText = (tick: number) => tick.toLocaleString('en-US', { maximumFractionDigits: 9 });

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
