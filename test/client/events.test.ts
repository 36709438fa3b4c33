import Ajv2020 from 'ajv/dist/2020';
import { EVENT_TYPES, eventSchema, verifyWebhook, WebhookRefused } from '../../src/client/events';
import { signatureHeaders } from '../../src/offboarding/sinks/webhook-message';

const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const OTHER_SECRET = `whsec_${Buffer.alloc(24, 7).toString('base64')}`;
const NOW = Date.parse('2026-11-23T12:00:00Z');
const body = JSON.stringify({
  type: 'access.ended',
  timestamp: '2026-11-23T12:00:00.000Z',
  data: { tenantId: 'acme', userId: '2819c223-7f76-453a-919d-413861904646', deleted: true, sessionEpoch: 3 },
});
const headersAt = (ms: number) => signatureHeaders('m-1', new Date(ms), body, SECRET);
const request = { body, headers: headersAt(NOW), secrets: [SECRET], now: () => NOW };
const refusal = (reason: 'signature' | 'time') => new WebhookRefused(reason);

describe('verifyWebhook', () => {
  test('reads a signed message, whatever form its body and headers have', () => {
    const message = { id: 'm-1', ...JSON.parse(body) };
    const upperCase = Object.fromEntries(
      Object.entries(request.headers).map(([name, value]) => [name.toUpperCase(), [value]]),
    );

    expect(verifyWebhook(request)).toEqual(message);
    expect(verifyWebhook({ ...request, body: Buffer.from(body) })).toEqual(message);
    expect(verifyWebhook({ ...request, headers: new Headers(request.headers) })).toEqual(message);
    expect(verifyWebhook({ ...request, headers: upperCase })).toEqual(message);
  });

  test('accepts either secret while it is being changed, and messages signed with both', () => {
    const both = signatureHeaders('m-1', new Date(NOW), body, `${OTHER_SECRET} ${SECRET}`);
    expect(verifyWebhook({ ...request, secrets: [OTHER_SECRET, SECRET] }).type).toBe('access.ended');
    expect(verifyWebhook({ ...request, headers: both }).type).toBe('access.ended');
  });

  test.each([
    ['another body', { body: body.replace('"deleted":true', '"deleted":false') }],
    ['another id', { headers: { ...request.headers, 'webhook-id': 'm-2' } }],
    ['another time', { headers: { ...request.headers, 'webhook-timestamp': String(NOW / 1000 + 1) } }],
    ['another secret', { secrets: [OTHER_SECRET] }],
    ['no signature', { headers: { ...request.headers, 'webhook-signature': '' } }],
    ['no headers', { headers: {} }],
  ])('refuses %s', (_, changed) => {
    expect(() => verifyWebhook({ ...request, ...changed })).toThrow(refusal('signature'));
  });

  test.each([
    ['300 s old', NOW - 300_000, true],
    ['301 s old', NOW - 301_000, false],
    ['300 s ahead', NOW + 300_000, true],
    ['301 s ahead', NOW + 301_000, false],
  ])('of a message %s', (_, at, accepted) => {
    const verify = () => verifyWebhook({ ...request, headers: headersAt(at) });
    if (accepted) expect(verify().id).toBe('m-1');
    else expect(verify).toThrow(refusal('time'));
  });

  test('refuses a time that is no number, although it is signed', () => {
    const headers = signatureHeaders('m-1', new Date(Number.NaN), body, SECRET);
    expect(() => verifyWebhook({ ...request, headers })).toThrow(refusal('time'));
  });

  test('says that no secret is one, in place of refusing every message', () => {
    expect(() => verifyWebhook({ ...request, secrets: [''] })).toThrow('"whsec_" and base64');
  });
});

describe('eventSchema', () => {
  test.each(EVENT_TYPES)('has a schema that compiles for %s', (type) => {
    const ajv = new Ajv2020({ strict: false, formats: { 'date-time': true } });
    expect(() => ajv.compile(eventSchema(type))).not.toThrow();
    expect(eventSchema(type)).toMatchObject({ required: expect.arrayContaining(['tenantId', 'data']) });
  });
});
