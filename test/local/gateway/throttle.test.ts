import { Throttle, TokenBucket } from '../../../local/gateway/throttle';

test('a bucket gives its burst, then its rate', () => {
  let now = 0;
  const bucket = new TokenBucket(2, 3, () => now);

  expect([bucket.take(), bucket.take(), bucket.take(), bucket.take()]).toEqual([true, true, true, false]);
  now = 500;
  expect([bucket.take(), bucket.take()]).toEqual([true, false]);
});

test('a bucket that was left alone holds its burst and no more', () => {
  let now = 0;
  const bucket = new TokenBucket(100, 2, () => now);
  now = 60_000;

  expect([bucket.take(), bucket.take(), bucket.take()]).toEqual([true, true, false]);
});

test('the setting of a method goes before the one of the stage', () => {
  const throttle = new Throttle(
    [
      { method: '*', resourcePath: '/*', rate: 0, burst: 2 },
      { method: 'GET', resourcePath: '/a', rate: 0, burst: 1 },
    ],
    () => 0,
  );

  expect([throttle.admits('GET', '/a'), throttle.admits('GET', '/a')]).toEqual([true, false]);
  expect(['GET', 'GET', 'GET'].map((method) => throttle.admits(method, '/b'))).toEqual([true, true, false]);
});

test('the setting of the stage holds for each of its methods by itself, as API Gateway applies it', () => {
  const throttle = new Throttle([{ method: '*', resourcePath: '/*', rate: 0, burst: 1 }], () => 0);

  expect([throttle.admits('GET', '/a'), throttle.admits('GET', '/a')]).toEqual([true, false]);
  expect([throttle.admits('PUT', '/a'), throttle.admits('GET', '/b')]).toEqual([true, true]);
});

test('without settings everything is admitted', () => {
  expect(new Throttle([]).admits('GET', '/')).toBe(true);
});
