import { type App, CloudFormationValidatePlugin, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';

/**
 * Has the synth check the template: cdk-nag's AwsSolutions pack (each rule that is not followed is acknowledged with
 * its reason where the construct is made) and CDK's own rules for templates. A violation fails the synth.
 */
export function validateBestPractices(app: App): void {
  Validations.of(app).addPlugins(
    new AwsSolutionsChecks(app, { verbose: true }),
    new CloudFormationValidatePlugin(),
  );
}
