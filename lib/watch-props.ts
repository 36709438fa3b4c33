import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { ScimStackProps } from './settings';

/** What a service logs, and what its operators are told of. */
export interface WatchProps {
  /**
   * How long logs are kept.
   *
   * @default RetentionDays.THREE_MONTHS
   */
  readonly logRetention?: RetentionDays;
  /**
   * Least severe level that the functions log. No level logs tokens, bodies, names or addresses.
   *
   * @default 'INFO'
   */
  readonly logLevel?: ScimStackProps['logLevel'];
  /**
   * X-Ray traces of the API and the functions.
   *
   * @default true
   */
  readonly tracing?: boolean;
  /**
   * Topic that the alarms notify.
   *
   * @default nobody is notified; `alarms` has them, for actions of your own
   */
  readonly alarmTopic?: ITopic;

  /**
   * Deactivations, and deletions, of one tenant in 15 minutes above which they are told as unusual, 1 to 1000000.
   *
   * @default 100
   */
  readonly unusualLosses?: number;
  /**
   * The same in percent of the tenant's users, from 10 on, 1 to 100.
   *
   * @default 20
   */
  readonly unusualLossPercent?: number;
  /**
   * Refused requests of one tenant in 15 minutes, above which they are unusual, 1 to 1000000.
   *
   * @default 100
   */
  readonly unusualRefusals?: number;
  /**
   * Hours without a request after which a connection counts as silent, 0 to 8760; with 0 none does.
   *
   * @default 168
   */
  readonly silentHours?: number;
  /**
   * Days before its end from which the alarm `ExpiringCredentials` counts a token or OAuth client, 1 to 365.
   *
   * @default 20
   */
  readonly expiringDays?: number;
}
