import { LocalError } from '../../local/local-error';
import { rateInMs } from '../../local/schedules';

test.each([
  ['rate(1 minute)', 60_000],
  ['rate(5 minutes)', 300_000],
  ['rate(2 hours)', 7_200_000],
  ['rate(1 day)', 86_400_000],
  ['rate(365 days)', 2 ** 31 - 1],
])('%s is %d ms', (expression, milliseconds) => {
  expect(rateInMs(expression, 'Rule')).toBe(milliseconds);
});

test.each(['cron(0 * * * ? *)', 'rate(5 weeks)', 'rate(minute)'])('%s is refused', (expression) => {
  expect(() => rateInMs(expression, 'Rule')).toThrow(LocalError);
});
