import { Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { propsOf } from './props-of-settings';
import { readSettings } from './read-settings';
import { refuseOtherRegions } from './regions';
import { ScimService } from './scim-service';
import type { ScimStackProps } from './settings';

/**
 * The SCIM service in a stack of its own, made from settings as they stand in CDK context (docs/deploy.md). In an app
 * of yours, {@link ScimService} takes CDK's own types.
 *
 * @example
 * new ScimStack(app, 'Scim', { production: false, logRetentionDays: 7 });
 */
export class ScimStack extends Stack {
  readonly settings: ScimStackProps;
  readonly service: ScimService;

  /** @throws SettingError when a setting cannot be used */
  constructor(scope: Construct, id: string, props: Partial<ScimStackProps> & StackProps = {}) {
    super(scope, id, props);
    this.settings = readSettings((name) => props[name]);
    refuseOtherRegions(this.settings, this.region);
    // CDK leaves `Default` out of logical ids: what holds data is called as if it stood in the stack itself.
    this.service = new ScimService(this, 'Default', propsOf(this, this.settings));
  }
}
