import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { ScimApi } from './api';
import { Events } from './events';
import { ScimFunctions } from './functions';
import { Observability } from './observability';
import { Offboarding } from './offboarding';
import { refuseOtherRegions } from './regions';
import { publishedAccessIn, SessionSinks } from './session-targets';
import { readSettings, type ScimStackProps } from './settings';
import { ScimTable } from './table';

/**
 * The SCIM service: table, functions, API and the work behind the stream.
 *
 * @example
 * new ScimStack(app, 'Scim', { production: false, logRetentionDays: 7 });
 */
export class ScimStack extends Stack {
  readonly settings: ScimStackProps;

  /** @throws SettingError when a setting cannot be used */
  constructor(scope: Construct, id: string, props: Partial<ScimStackProps> & StackProps = {}) {
    super(scope, id, props);
    this.settings = readSettings((name) => props[name]);
    refuseOtherRegions(this.settings, this.region);
    const { table } = new ScimTable(this, 'Data', this.settings);
    const functions = new ScimFunctions(this, 'Functions', table, this.settings);
    const http = new ScimApi(this, 'Http', functions, this.settings);
    const offboarding = new Offboarding(
      this,
      'Offboarding',
      table,
      functions,
      publishedAccessIn(this.settings),
    );
    new SessionSinks(this, 'SessionTargets', functions, offboarding, this.settings);
    new Events(this, 'Events', functions, this.settings);
    new Observability(
      this,
      'Observability',
      { api: http, functions, offboarding },
      this.settings.alarmTopicArn,
    );
    this.output('ScimBaseUrl', http.baseUrl, 'Base URL (tenant URL) for identity providers');
    this.output('TableName', table.tableName, 'Table that the admin command works on');
    this.output(
      'RestApiId',
      http.api.restApiId,
      'API whose authorizer cache is flushed when a token is revoked',
    );
    this.output(
      'DeadLetterQueues',
      [...offboarding.deadLetters].map(([name, { queueUrl }]) => `${name}=${queueUrl}`).join(' '),
      'Queues of work that was given up, by function; the admin command lists and redrives them',
    );
    this.output('StageName', http.api.deploymentStage.stageName, 'Stage of that API');
    const domain = http.api.domainName;
    if (domain === undefined) return;
    this.output(
      'DomainTarget',
      domain.domainNameAliasDomainName,
      'Target of the DNS alias (or CNAME) record for the domain',
    );
    this.output(
      'DomainTargetHostedZoneId',
      domain.domainNameAliasHostedZoneId,
      'Hosted zone of that target, for an alias record',
    );
  }

  private output(name: string, value: string, description: string): void {
    new CfnOutput(this, name, { value, description });
  }
}
