import type { LocalStack } from '../assembly/cloud-assembly';
import { type Resource, ROOT_RESOURCE } from '../assembly/physical-names';
import type { Functions } from '../functions/functions';
import type { LocalFunction } from '../functions/local-function';
import { booleanOf, isRecord, listOf, numberOf, recordOf, stringOf } from '../json';
import { LocalError } from '../local-error';
import { Firewall, readFirewall } from './firewall';
import type { GatewayResponseDefinition } from './gateway-responses';
import { type Route, RouteTable } from './routes';

/** A method's integration and who may call it. */
export interface MethodTarget {
  readonly resourceId: string;
  readonly function: LocalFunction;
  readonly timeoutMs: number;
  readonly authorizer: AuthorizerDefinition | undefined;
  /** Whether its requests are counted by an API key. */
  readonly isCounted: boolean;
  /** Whether IAM decides by the request's signature. */
  readonly isIam: boolean;
}

export interface AuthorizerDefinition {
  readonly id: string;
  readonly function: LocalFunction;
  /** Lower-case name of the header that holds the token. */
  readonly header: string;
  readonly validation: RegExp | undefined;
  readonly cacheSeconds: number;
}

/** Requests a second that a stage, or one of its methods, takes. */
export interface ThrottleSetting {
  /** `*` for all. */
  readonly method: string;
  /** Resource path, or `/*` for all. */
  readonly resourcePath: string;
  readonly rate: number;
  readonly burst: number;
}

/** A REST API with one stage, read from the template. */
export interface RestApi {
  readonly id: string;
  /** By which CloudWatch knows it. */
  readonly name: string;
  readonly stage: string;
  readonly routes: RouteTable<MethodTarget>;
  readonly responses: ReadonlyMap<string, GatewayResponseDefinition>;
  readonly throttles: readonly ThrottleSetting[];
  readonly firewall: Firewall;
  readonly binaryMediaTypes: readonly string[];
  /** Where the key that a request is counted by comes from. */
  readonly apiKeySource: 'HEADER' | 'AUTHORIZER';
  /** Smallest body, in bytes, that is compressed; undefined when compression is off. */
  readonly minimumCompressionSize: number | undefined;
}

/** The longest a REST API waits for its integration unless a method says less. */
const INTEGRATION_TIMEOUT_MS = 29_000;
const DEFAULT_CACHE_SECONDS = 300;
const AUTHORIZATION_TYPES = ['NONE', 'CUSTOM', 'AWS_IAM'];

/**
 * Reads the stack's REST APIs, each with its stage, in the template's order.
 *
 * @throws LocalError naming the resource, when one uses something of API Gateway that the local run does not serve
 */
export function readRestApis(stack: LocalStack, functions: Functions): RestApi[] {
  return stack.ofType('AWS::ApiGateway::RestApi').map((api) => readRestApi(stack, api, functions));
}

function readRestApi(stack: LocalStack, api: Resource, functions: Functions): RestApi {
  const id = stack.ref(api);
  const parts = (type: string) =>
    stack.ofType(type).filter((resource) => stack.property(resource, 'RestApiId') === id);
  const [stage] = parts('AWS::ApiGateway::Stage');
  if (stage === undefined)
    throw new LocalError(`The template's ${api.logicalId} has no stage (AWS::ApiGateway::Stage).`);
  return {
    id,
    name: stringOf(stack.property(api, 'Name')) ?? id,
    stage: stack.ref(stage),
    routes: new RouteTable(readRoutes(stack, parts, functions)),
    responses: readGatewayResponses(stack, parts),
    throttles: readThrottles(stack, stage),
    firewall: new Firewall(readFirewall(stack, id)),
    binaryMediaTypes: listOf(stack.property(api, 'BinaryMediaTypes')).map(String),
    apiKeySource: stack.property(api, 'ApiKeySourceType') === 'AUTHORIZER' ? 'AUTHORIZER' : 'HEADER',
    minimumCompressionSize: numberOf(stack.property(api, 'MinimumCompressionSize')),
  };
}

/** The resources of a type that belong to one API. */
type Parts = (type: string) => Resource[];

function readRoutes(stack: LocalStack, parts: Parts, functions: Functions): Route<MethodTarget>[] {
  const paths = resourcePaths(stack, parts);
  const authorizers = new Map(
    parts('AWS::ApiGateway::Authorizer').map((resource) => {
      return [stack.ref(resource), readAuthorizer(stack, resource, functions)];
    }),
  );
  return parts('AWS::ApiGateway::Method').flatMap((method) => {
    const resourceId = stringOf(stack.property(method, 'ResourceId')) ?? ROOT_RESOURCE;
    const integration = recordOf(stack.property(method, 'Integration'));
    const where = `${method.logicalId}.Integration`;
    // What stands at the root of a custom domain, which this machine does not have.
    if (integration.Type === 'MOCK') return [];
    if (integration.Type !== 'AWS_PROXY') {
      throw new LocalError(
        `The template's ${where}.Type is "${integration.Type}"; the local run serves AWS_PROXY.`,
      );
    }
    const authorization = stringOf(stack.property(method, 'AuthorizationType')) ?? 'NONE';
    if (!AUTHORIZATION_TYPES.includes(authorization)) {
      throw new LocalError(
        `The template's ${method.logicalId}.AuthorizationType is "${authorization}"; the local run knows ${AUTHORIZATION_TYPES.join(', ')}.`,
      );
    }
    return {
      method: (stringOf(stack.property(method, 'HttpMethod')) ?? 'ANY').toUpperCase(),
      resourcePath: paths.get(resourceId) ?? '/',
      target: {
        resourceId,
        function: functions.find(functionArnOf(integration.Uri), where),
        timeoutMs: numberOf(integration.TimeoutInMillis) ?? INTEGRATION_TIMEOUT_MS,
        authorizer:
          authorization === 'CUSTOM'
            ? authorizers.get(stringOf(stack.property(method, 'AuthorizerId')) ?? '')
            : undefined,
        isCounted: booleanOf(stack.property(method, 'ApiKeyRequired')) === true,
        isIam: authorization === 'AWS_IAM',
      },
    };
  });
}

/** The paths of the resources by their ids, put together from their parents'. */
function resourcePaths(stack: LocalStack, parts: Parts): Map<string, string> {
  const resources = new Map(
    parts('AWS::ApiGateway::Resource').map((resource) => [
      stack.ref(resource),
      {
        parent: stringOf(stack.property(resource, 'ParentId')) ?? ROOT_RESOURCE,
        part: stringOf(stack.property(resource, 'PathPart')) ?? '',
      },
    ]),
  );
  const pathOf = (id: string): string => {
    const own = resources.get(id);
    return own === undefined ? '' : `${pathOf(own.parent)}/${own.part}`;
  };
  return new Map([[ROOT_RESOURCE, '/'], ...[...resources.keys()].map((id) => [id, pathOf(id)] as const)]);
}

function readAuthorizer(stack: LocalStack, resource: Resource, functions: Functions): AuthorizerDefinition {
  const { logicalId } = resource;
  const type = stack.property(resource, 'Type');
  if (type !== 'TOKEN')
    throw new LocalError(`The template's ${logicalId}.Type is "${type}"; the local run knows TOKEN.`);
  const source = stringOf(stack.property(resource, 'IdentitySource')) ?? '';
  const header = /^method\.request\.header\.(.+)$/.exec(source)?.[1];
  if (header === undefined) {
    throw new LocalError(
      `The template's ${logicalId}.IdentitySource is "${source}", which does not name a header.`,
    );
  }
  const validation = stringOf(stack.property(resource, 'IdentityValidationExpression'));
  return {
    id: stack.ref(resource),
    function: functions.find(
      functionArnOf(stack.property(resource, 'AuthorizerUri')),
      `${logicalId}.AuthorizerUri`,
    ),
    header: header.toLowerCase(),
    // The whole token must match.
    validation: validation === undefined ? undefined : new RegExp(`^(?:${validation})$`),
    cacheSeconds: numberOf(stack.property(resource, 'AuthorizerResultTtlInSeconds')) ?? DEFAULT_CACHE_SECONDS,
  };
}

function readGatewayResponses(stack: LocalStack, parts: Parts): Map<string, GatewayResponseDefinition> {
  return new Map(
    parts('AWS::ApiGateway::GatewayResponse').map((resource) => {
      const parameters = recordOf(stack.property(resource, 'ResponseParameters'));
      const templates = recordOf(stack.property(resource, 'ResponseTemplates'));
      return [
        String(stack.property(resource, 'ResponseType')),
        {
          status: numberOf(stack.property(resource, 'StatusCode')),
          headers: Object.entries(parameters).flatMap(([name, value]) => {
            const header = /^gatewayresponse\.header\.(.+)$/.exec(name)?.[1];
            return header === undefined ? [] : [[header, String(value)] as const];
          }),
          template: stringOf(templates['application/json']),
        },
      ];
    }),
  );
}

function readThrottles(stack: LocalStack, stage: Resource): ThrottleSetting[] {
  return listOf(stack.property(stage, 'MethodSettings')).flatMap((setting) => {
    if (!isRecord(setting)) return [];
    const rate = numberOf(setting.ThrottlingRateLimit);
    const burst = numberOf(setting.ThrottlingBurstLimit);
    if (rate === undefined || burst === undefined || rate < 0) return [];
    const path = stringOf(setting.ResourcePath) ?? '/*';
    return [
      {
        method: stringOf(setting.HttpMethod) ?? '*',
        // CloudFormation writes "/" inside a resource path as "~1".
        resourcePath: path.replaceAll('~1', '/').replace(/^\/\//, '/'),
        rate,
        burst,
      },
    ];
  });
}

/** `arn:…:apigateway:…:path/2015-03-31/functions/<function ARN>/invocations` -> the function's ARN. */
const functionArnOf = (uri: unknown): string =>
  /\/functions\/(.+)\/invocations$/.exec(stringOf(uri) ?? '')?.[1] ?? String(uri);
