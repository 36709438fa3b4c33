import { cpSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { Stack } from 'aws-cdk-lib';
import type { RestApi } from 'aws-cdk-lib/aws-apigateway';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { BRANDING_FILE, PAGE_FOLDER } from '../src/setup-api/files';
import { pageFolder } from './pages';
import { readSetting } from './read-settings';
import type { ServiceConfig } from './service-config';
import type { SetupPage } from './service-props';
import { SettingError } from './settings';

/** Largest logo in bytes: it is a part of an answer. */
const MAX_LOGO_BYTES = 65_536;
const LOGO_TYPES: Readonly<Record<string, string>> = { '.svg': 'image/svg+xml', '.png': 'image/png' };
/** How the page calls a vendor that has not said. */
const UNNAMED_VENDOR = 'The vendor';

/**
 * Lays the page's files, and how it looks, beside the bundle of its function.
 *
 * @throws SettingError when something of it cannot be used
 */
export function stageSetupPage(folder: string, { vendor, logo, accent, support }: SetupPage = {}): void {
  const branding = {
    vendor: readSetting('setupVendor', vendor, 'setupPage.vendor') ?? UNNAMED_VENDOR,
    logo: logo === undefined ? undefined : logoUri(logo),
    accent: readSetting('setupAccent', accent, 'setupPage.accent'),
    support: readSetting('setupSupport', support, 'setupPage.support'),
  };
  writeFileSync(join(folder, BRANDING_FILE), JSON.stringify(branding));
  cpSync(pageFolder('setup'), join(folder, PAGE_FOLDER), { recursive: true });
}

/** The logo as a `data:` URI, which the page's policy allows in place of a foreign host. @throws SettingError */
function logoUri(path: string): string {
  const type = LOGO_TYPES[extname(path).toLowerCase()];
  const size = statSync(path, { throwIfNoEntry: false })?.size;
  if (type === undefined || size === undefined || size > MAX_LOGO_BYTES) {
    throw new SettingError(
      `The logo of the set-up page is ${JSON.stringify(path)}, ${faultOf(type, size)}; a file in SVG or PNG of up to ${MAX_LOGO_BYTES} bytes is accepted.`,
    );
  }
  return `data:${type};base64,${readFileSync(path).toString('base64')}`;
}

function faultOf(type: string | undefined, size: number | undefined): string {
  if (size === undefined) return `which is no file in ${process.cwd()}`;
  return type === undefined ? 'whose name ends in neither .svg nor .png' : `which has ${size} bytes`;
}

/**
 * Lets the page's function have the gateway forget what it knows of a credential that was revoked, and tells it how
 * long that lasts by itself. The stage is named and not referred to: it rests on the methods, and these on the
 * function.
 */
export function allowCacheFlush(
  handler: LambdaFunction,
  { restApiId }: RestApi,
  { stageName, authorizerCacheSeconds }: Pick<ServiceConfig, 'stageName' | 'authorizerCacheSeconds'>,
): void {
  const { partition, region } = Stack.of(handler);
  const stage = `arn:${partition}:apigateway:${region}::/restapis/${restApiId}/stages/${stageName}`;
  handler.addEnvironment('AUTHORIZER_CACHE_SECONDS', String(authorizerCacheSeconds));
  handler.addToRolePolicy(
    new PolicyStatement({ actions: ['apigateway:DELETE'], resources: [`${stage}/cache/authorizers`] }),
  );
}
