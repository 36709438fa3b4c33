import { Aws } from 'aws-cdk-lib';
import {
  Alarm,
  type AlarmProps,
  ComparisonOperator,
  Dashboard,
  GraphWidget,
  type IMetric,
  TextWidget,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { pascalCase } from './functions';
import { scimMetric } from './metrics';
import { RequestMetrics } from './request-metrics';
import type { ServiceConfig } from './service-config';
import { FIVE_MINUTES, metricsOf, type Watched, type WatchedMetrics } from './watched-metrics';

/**
 * Sessions of a deactivated user are to be gone within seconds; IPSIE asks for 5 minutes, the alarm leaves room to
 * act before.
 */
const OLDEST_REVOCATION_SECONDS = 120;
/** In five minutes. Entra ID asks for a token once per cycle of forty. */
const REFUSED_CLIENTS = 100;
const SLOW_ANSWER_MS = 3_000;
const SERVER_ERROR_RATE = 0.01;
/** A backend whose rights are missing, or somebody who tries credentials out; one wrong request is neither. */
const MAX_ADMIN_REFUSALS = 20;

/** What on-call looks at (a dashboard) and is woken by (alarms, sent to a topic when there is one). */
export class Observability extends Construct {
  /** The alarms by their names in docs/operations.md. */
  readonly alarms = new Map<string, Alarm>();
  private readonly topic: ITopic | undefined;

  constructor(
    scope: Construct,
    id: string,
    watched: Watched,
    { name, alarmTopic, policyFunction }: Pick<ServiceConfig, 'name' | 'alarmTopic' | 'policyFunction'>,
  ) {
    super(scope, id);
    this.topic = alarmTopic;
    new RequestMetrics(this, 'Requests', watched.api.accessLogs);
    if (watched.adminApi !== undefined) {
      new RequestMetrics(this, 'AdminRequests', watched.adminApi.accessLogs, 'admin');
    }
    const metrics = metricsOf(name, watched);
    this.addAlarms(metrics);
    if (policyFunction !== undefined) this.addPolicyAlarm(name);
    this.addDashboard(name, metrics);
  }

  private addAlarms(metrics: WatchedMetrics): void {
    this.alarm('OldestPendingRevocation', metrics.oldestPendingRevocation, {
      alarmDescription:
        'Sessions of a deactivated or deleted user have been waiting for their revocation for over two minutes, or the sweep, which reports this every minute, does not run.',
      threshold: OLDEST_REVOCATION_SECONDS,
      evaluationPeriods: 3,
      datapointsToAlarm: 2,
      treatMissingData: TreatMissingData.BREACHING,
    });
    if (metrics.accessUnapplied !== undefined) {
      this.alarm('AccessWithoutUsername', metrics.accessUnapplied.withoutUsername, {
        alarmDescription:
          'The access of a user changed who lacks the attribute that is the username in the Cognito pool: nobody was disabled or enabled there. The log of cognito-target names the user.',
        threshold: 0,
        evaluationPeriods: 1,
      });
      this.alarm('AccessOfAmbiguousUsername', metrics.accessUnapplied.ambiguousUsername, {
        alarmDescription:
          'A user has the username of another one in the Cognito pool, or of one who had it lately: nobody was enabled there. The log of cognito-target names the user.',
        threshold: 0,
        evaluationPeriods: 1,
      });
    }
    this.alarm('ShortPathSwitchedOff', metrics.shortPathSwitchedOff, {
      alarmDescription:
        'DynamoDB refused the form of calls that skip the SDK, and took them the whole way of the SDK: requests succeed and cost more CPU. The log of the function names the refusal.',
      threshold: 0,
      evaluationPeriods: 1,
    });
    this.alarm('ProtectedUserTouched', metrics.protectedUserTouched, {
      alarmDescription:
        'SCIM tried to deactivate, delete or rename a protected user, and was refused. The log entry "a protected user was touched" names tenant and user.',
      threshold: 0,
      evaluationPeriods: 1,
    });
    this.alarm('RefusalsUnwritten', metrics.refusalsUnwritten, {
      alarmDescription:
        'Refusals are missing in the provisioning log: DynamoDB did not take them within the half second that an answer waits for it.',
      threshold: 0,
      evaluationPeriods: 3,
      datapointsToAlarm: 2,
    });
    this.addTenantAlarms(metrics);
    this.alarm('RefusedClients', metrics.refusedClients, {
      alarmDescription:
        'More than 100 requests for a token were refused within five minutes: somebody guesses at the secret of an OAuth client, or an identity provider goes on with one that has ended.',
      threshold: REFUSED_CLIENTS,
      evaluationPeriods: 1,
    });
    this.alarm('UnknownApiKeys', metrics.unknownApiKeys, {
      alarmDescription:
        'Requests of a tenant were refused (403), since the gateway does not know the API key that they are counted by. The access log names the tenant; "check --repair" gives it a key.',
      threshold: 0,
      evaluationPeriods: 1,
    });
    this.alarm('ServerErrors', metrics.serverErrors, {
      alarmDescription: 'More than 1 % of the requests are answered with a 5xx status other than 501.',
      threshold: SERVER_ERROR_RATE,
      evaluationPeriods: 3,
      datapointsToAlarm: 2,
    });
    if (metrics.admin !== undefined) {
      this.alarm('AdminServerErrors', metrics.admin.serverErrors, {
        alarmDescription: 'Requests to the admin API are answered with a 5xx status other than 501.',
        threshold: 0,
        evaluationPeriods: 3,
        datapointsToAlarm: 2,
      });
      this.alarm('AdminRefusals', metrics.admin.refusals, {
        alarmDescription:
          'The admin API has refused more than 20 requests in five minutes: credentials without the right to call it, or none.',
        threshold: MAX_ADMIN_REFUSALS,
        evaluationPeriods: 1,
      });
    }
    this.alarm('Latency', metrics.latency, {
      alarmDescription: 'The slowest 1 % of the answers take more than 3 seconds.',
      threshold: SLOW_ANSWER_MS,
      evaluationPeriods: 3,
      // The slowest percent of some dozen requests is one cold start, or one Bulk request of a thousand operations.
      evaluateLowSampleCountPercentile: 'ignore',
    });
    for (const [name, { errors, throttles }] of metrics.functions) {
      this.alarm(`${pascalCase(name)}Errors`, errors, {
        alarmDescription:
          name === 'authorizer'
            ? 'The function authorizer crashed, timed out or could not look a token up. Refused tokens do not count.'
            : `The function ${name} crashed, timed out or failed a batch.`,
        threshold: 0,
        evaluationPeriods: 3,
        datapointsToAlarm: 2,
      });
      this.alarm(`${pascalCase(name)}Throttles`, throttles, {
        alarmDescription: `Lambda refuses to run the function ${name}: the account's concurrency is used up.`,
        threshold: 0,
        evaluationPeriods: 3,
        datapointsToAlarm: 2,
      });
    }
    for (const [name, age] of metrics.iteratorAges) {
      this.alarm(`${pascalCase(name)}IteratorAge`, age, {
        alarmDescription: `The function ${name} is more than two minutes behind the table's stream (milliseconds).`,
        threshold: OLDEST_REVOCATION_SECONDS * 1000,
        evaluationPeriods: 2,
      });
    }
    for (const [name, depth] of metrics.deadLetters) {
      this.alarm(`${pascalCase(name)}DeadLetters`, depth, {
        alarmDescription: `The function ${name} gave work up; it lies in its dead-letter queue for 14 days.`,
        threshold: 0,
        evaluationPeriods: 1,
      });
    }
  }

  /** What the sweep over all tenants has seen; its log and its events name the tenants. */
  private addTenantAlarms({ tenants }: WatchedMetrics): void {
    this.alarm('UnusualTenants', tenants.unusual, {
      alarmDescription:
        'A tenant has an unusual number of deactivations or deletions in a quarter of an hour. Nothing was held back. The log of tenant-sweep names the tenant.',
      threshold: 0,
      evaluationPeriods: 1,
    });
    this.alarm('RefusingTenants', tenants.refusing, {
      alarmDescription:
        'An unusual number of requests of a tenant is refused. The log of tenant-sweep names the tenant.',
      threshold: 0,
      evaluationPeriods: 1,
    });
    this.alarm('SilentTenants', tenants.silent, {
      alarmDescription:
        'No request has come for long from a tenant that used to ask. The log of tenant-sweep names the tenant.',
      threshold: 0,
      evaluationPeriods: 1,
    });
    this.alarm('ExpiringCredentials', tenants.expiring, {
      alarmDescription:
        'A token or OAuth client ends soon, and no other one of its label is in use: the log of tenant-sweep names it as its end comes nearer.',
      threshold: 0,
      evaluationPeriods: 1,
    });
  }

  private addPolicyAlarm(service: string): void {
    const failures = scimMetric(service, 'PolicyFunctionFailures', { period: FIVE_MINUTES });
    this.alarm('PolicyFunctionFailures', failures, {
      alarmDescription:
        'The policy function gave no answer: it failed, took over two seconds, or answered something else. Creations and new memberships are refused with 503 meanwhile. The log entry "the policy function gave no answer" has the reason.',
      threshold: 0,
      evaluationPeriods: 1,
    });
  }

  /** An alarm above a threshold; silence is health unless the properties say otherwise. */
  private alarm(id: string, metric: IMetric, props: Omit<AlarmProps, 'metric'>): void {
    const alarm = new Alarm(this, id, {
      metric,
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      treatMissingData: TreatMissingData.NOT_BREACHING,
      ...props,
    });
    this.alarms.set(id, alarm);
    if (this.topic !== undefined) alarm.addAlarmAction(new SnsAction(this.topic));
  }

  private addDashboard(name: string, metrics: WatchedMetrics): void {
    const graph = (title: string, left: IMetric[], width = 8) =>
      new GraphWidget({ title, left, width, height: 6 });
    const functions = [...metrics.functions.values()];
    const { refusedTokens, refusedClients, refusedScans, refusedLinks } = metrics;
    const refused = [refusedTokens, refusedClients, refusedScans, ...refusedLinks];
    new Dashboard(this, 'Dashboard', {
      // Dashboards are the account's, whatever the region.
      dashboardName: `${name}-${Aws.REGION}`,
      widgets: [
        [new TextWidget({ markdown: '# SCIM: requests', width: 24, height: 1 })],
        [
          graph('Requests', [metrics.requests, ...metrics.blocked], 6),
          graph('Errors', [metrics.clientErrorCount, metrics.serverErrorCount], 6),
          graph('Refused', refused, 6),
          graph('Latency (ms)', [metrics.medianLatency, metrics.latency], 6),
        ],
        [new TextWidget({ markdown: '# Off-boarding', width: 24, height: 1 })],
        [
          graph('Deactivation to last session gone (ms)', metrics.revocationLag, 6),
          graph('Oldest pending revocation (s)', [metrics.oldestPendingRevocation], 6),
          graph('Behind the stream (ms)', [...metrics.iteratorAges.values()], 6),
          graph('Dead letters', [...metrics.deadLetters.values()], 6),
        ],
        [new TextWidget({ markdown: '# Functions', width: 24, height: 1 })],
        [
          graph(
            'Errors',
            functions.map(({ errors }) => errors),
          ),
          graph(
            'Throttles',
            functions.map(({ throttles }) => throttles),
          ),
          graph(
            'Duration p99 (ms)',
            functions.map(({ duration }) => duration),
          ),
        ],
      ],
    });
  }
}
