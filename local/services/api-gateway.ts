import type { StoredKey, UsagePlans } from '../gateway/usage-plans';
import { numberOf, parseJson, recordOf, stringOf } from '../json';
import type { Service, ServiceAnswer, ServiceRequest } from './service-request';

const DEFAULT_PAGE = 25;

/**
 * API Gateway's management calls that administration makes: `FlushStageAuthorizersCache`, and the keys by which
 * requests are counted.
 *
 * @param flush false when there is no such API or stage
 */
export const apiGatewayService =
  (flush: (restApiId: string, stage: string) => boolean, usagePlans: UsagePlans): Service =>
  (request) => {
    const path = request.path.split('/').slice(1).map(decodeURIComponent);
    const call = `${request.method} /${path[0]}`;
    const [, id = ''] = path;
    switch (true) {
      case call === 'DELETE /restapis' && path.length === 6 && request.path.endsWith('/cache/authorizers'):
        return flush(id, path[3] ?? '') ? { status: 202 } : notFound('Invalid stage identifier specified');
      case call === 'POST /apikeys' && path.length === 1:
        return createKey(usagePlans, request);
      case call === 'GET /apikeys' && path.length === 1:
        return page(usagePlans.all(), request, ({ id, name, isEnabled, createdAt }) => ({
          id,
          name,
          enabled: isEnabled,
          createdDate: Math.floor(createdAt / 1000),
        }));
      case call === 'DELETE /apikeys' && path.length === 2:
        return usagePlans.delete(id) ? { status: 202 } : notFound('Invalid API Key identifier specified');
      case call === 'POST /usageplans' && path[2] === 'keys' && path.length === 3:
        return addToPlan(usagePlans, id, request);
      case call === 'GET /usageplans' && path[2] === 'keys' && path.length === 3: {
        if (usagePlans.plan(id) === undefined) return notFound(NO_PLAN);
        return page(
          usagePlans.all().filter(({ plans }) => plans.includes(id)),
          request,
          planKey,
        );
      }
      default:
        return undefined;
    }
  };

const NO_PLAN = 'Invalid Usage Plan ID specified';
/** What API Gateway asks of a value. */
const VALUE = /^.{20,128}$/s;

function createKey(usagePlans: UsagePlans, { body }: ServiceRequest): ServiceAnswer {
  const { name, value, enabled } = recordOf(parseJson(body.toString('utf8')));
  const text = stringOf(value) ?? '';
  if (!VALUE.test(text))
    return refusal(400, 'BadRequestException', 'API Key value should be at least 20 characters');
  const key = usagePlans.create({ name: stringOf(name) ?? '', value: text, isEnabled: enabled === true });
  if (key === undefined)
    return refusal(429, 'LimitExceededException', 'Maximum number of API keys is reached');
  if (key === 'taken') return refusal(409, 'ConflictException', 'API Key already exists');
  return { status: 201, body: { id: key.id, name: key.name, value: key.value, enabled: key.isEnabled } };
}

function addToPlan(usagePlans: UsagePlans, planId: string, { body }: ServiceRequest): ServiceAnswer {
  const { keyId } = recordOf(parseJson(body.toString('utf8')));
  const key = usagePlans.addToPlan(String(keyId), planId);
  if (key === undefined) return notFound('Invalid API Key identifier or Usage Plan ID specified');
  if (key === 'taken')
    return refusal(409, 'ConflictException', 'The key is in another usage plan of the same stage');
  return { status: 201, body: planKey(key) };
}

const planKey = ({ id, name }: StoredKey) => ({ id, name, type: 'API_KEY' });

function page(
  keys: readonly StoredKey[],
  { query }: ServiceRequest,
  shown: (key: StoredKey) => object,
): ServiceAnswer {
  const limit = numberOf(query.get('limit') ?? undefined) ?? DEFAULT_PAGE;
  const position = query.get('position');
  const rest = keys.filter(({ id }) => position === null || id > position);
  const item = rest.slice(0, limit);
  const next = rest.length > limit ? { position: item.at(-1)?.id } : {};
  return { status: 200, body: { item: item.map(shown), ...next } };
}

const notFound = (message: string): ServiceAnswer => refusal(404, 'NotFoundException', message);

const refusal = (status: number, type: string, message: string): ServiceAnswer => ({
  status,
  headers: { 'x-amzn-errortype': type },
  body: { message },
});
