import { Validations } from 'aws-cdk-lib';
import {
  AuthorizationType,
  MockIntegration,
  PassthroughBehavior,
  type RestApi,
} from 'aws-cdk-lib/aws-apigateway';

/** Where a service is reached: a domain of its own, below its stage. */
export interface OwnDomain {
  readonly domainName: string;
  readonly stageName: string;
}

/** What RFC 8615 keeps free at the root of a host. API Gateway takes it for the base path of a mapping. */
const WELL_KNOWN = '.well-known';
const SCOPES = ['scim', 'scim.read'];
const CACHE_CONTROL = 'public, max-age=3600';

/** A metadata document, and its path below `/.well-known`. */
interface Metadata {
  readonly path: string;
  readonly document: Readonly<Record<string, unknown>>;
}

/**
 * How a client finds the token endpoint and what it takes (RFC 8414), and which one an API belongs to (RFC 9728). The
 * issuer and the API have a path, which their documents' well-known URIs end with (RFC 8414 section 3.1, RFC 9728
 * section 3.1).
 *
 * How a client shows who it is is told as far as there are registered names: for an assertion that somebody else has
 * signed there is none (`private_key_jwt` is one that the client signs itself).
 */
export function oauthMetadata({ domainName, stageName }: OwnDomain): readonly Metadata[] {
  const issuer = `https://${domainName}/${stageName}`;
  return [
    {
      path: `/oauth-authorization-server/${stageName}`,
      document: {
        issuer,
        token_endpoint: `${issuer}/oauth2/token`,
        token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post'],
        grant_types_supported: ['client_credentials'],
        // There is no authorization endpoint; the member is required.
        response_types_supported: [],
        scopes_supported: SCOPES,
      },
    },
    {
      path: `/oauth-protected-resource/${stageName}/v2`,
      document: {
        resource: `${issuer}/v2`,
        authorization_servers: [issuer],
        scopes_supported: SCOPES,
        bearer_methods_supported: ['header'],
        resource_name: 'SCIM 2.0',
      },
    },
  ];
}

/** The URL of the metadata of the API, which a challenge names (RFC 9728 section 5.1). */
export const resourceMetadataUrl = ({ domainName, stageName }: OwnDomain): string =>
  `https://${domainName}/${WELL_KNOWN}/oauth-protected-resource/${stageName}/v2`;

/**
 * Serves the metadata at the root of the domain, where alone clients look for it: a second mapping of the domain, whose
 * base path API Gateway takes off. The gateway answers by itself, so that no function runs for whoever asks.
 */
export function addOAuthMetadata(api: RestApi, place: OwnDomain): void {
  api.domainName?.addBasePathMapping(api, { basePath: WELL_KNOWN, stage: api.deploymentStage });
  for (const { path, document } of oauthMetadata(place)) {
    const method = api.root.resourceForPath(path).addMethod('GET', answering(document), {
      authorizationType: AuthorizationType.NONE,
      methodResponses: [
        { statusCode: '200', responseParameters: { 'method.response.header.Cache-Control': true } },
      ],
    });
    Validations.of(method).acknowledge({
      id: 'AwsSolutions-APIG4',
      reason:
        'Metadata is for clients that have no token yet (RFC 8414 section 3), and the same for everybody.',
    });
  }
}

const answering = (document: Readonly<Record<string, unknown>>) =>
  new MockIntegration({
    passthroughBehavior: PassthroughBehavior.NEVER,
    requestTemplates: { 'application/json': '{"statusCode":200}' },
    integrationResponses: [
      {
        statusCode: '200',
        responseTemplates: { 'application/json': JSON.stringify(document) },
        responseParameters: { 'method.response.header.Cache-Control': `'${CACHE_CONTROL}'` },
      },
    ],
  });
