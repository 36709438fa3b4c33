import { drawLines, drawPoints } from '../../bench/plot';

const centres = (svg: string) =>
  [...svg.matchAll(/<circle cx="([\d.]+)" cy="([\d.]+)" r="3"/g)].map(([, x, y]) => [Number(x), Number(y)]);

test('a chart of lines is to scale on both axes, and says the unit and that it is not of AWS', () => {
  const svg = drawLines({
    title: 'Time',
    measured: 'local run, not AWS',
    xTitle: 'users',
    yTitle: 'ms',
    xScale: 'logarithmic',
    series: [
      {
        name: 'get',
        points: [
          [100, 1],
          [10_000, 2],
          [100_000, 4],
        ],
      },
    ],
  });

  const [[x1 = 0, y1 = 0] = [], [x2 = 0, y2 = 0] = [], [x3 = 0, y3 = 0] = []] = centres(svg);
  // Two powers of ten are twice as far apart as one; 4 ms lie twice as far from 2 ms as those from 1 ms.
  expect((x2 - x1) / (x3 - x2)).toBeCloseTo(2, 2);
  expect((y2 - y3) / (y1 - y2)).toBeCloseTo(2, 2);
  expect(svg).toContain('Measured: local run, not AWS');
  expect(svg).toContain('>ms</text>');
  expect(svg).toContain('>users, logarithmic</text>');
});

test('a chart of points has each value at its place, and none for what is no number', () => {
  const svg = drawPoints({
    title: 'Rates',
    measured: 'local run, not AWS',
    xTitle: 'requests per second',
    labels: ['get', 'list'],
    series: [{ name: 'this project', values: [1_230, Number.NaN] }],
  });

  expect(svg).toContain('>1,230</text>');
  expect(svg.match(/<circle [^>]*cy="9\d/g)).toHaveLength(1);
  expect(svg).toContain('Measured: local run, not AWS');
  expect(svg).toContain('>requests per second, logarithmic</text>');
});
