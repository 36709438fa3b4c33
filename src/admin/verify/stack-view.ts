/** What a deployed stack and its account say of themselves. All read, nothing changed. */
export interface StackView {
  readonly name: string;
  /** The service's name, the dimension of its metrics: the stack's, with its id where the stack is a company's. */
  readonly service: string;
  /** CloudFormation's word for the stack, as in `UPDATE_COMPLETE`. */
  status(): Promise<string>;
  alarms(): Promise<readonly { readonly name: string; readonly state: string }[]>;
  /** Names of the dashboards that exist. */
  dashboards(): Promise<readonly string[]>;
  /** The gateway's own answers that the API gives a form: their type, template, and status when one is set. */
  gatewayResponses(): Promise<
    readonly { readonly type: string; readonly body: string; readonly status: string | undefined }[]
  >;
  /** The role with which API Gateway writes logs, of the whole account; undefined when there is none. */
  logRole(): Promise<string | undefined>;
  /** The log group of the stage's access log; undefined when it has none. */
  accessLogGroup(): Promise<string | undefined>;
  tableSettings(): Promise<{
    readonly stream: string | undefined;
    /** The attribute that DynamoDB removes items by; undefined when it removes none. */
    readonly timeToLive: string | undefined;
    readonly pointInTimeRecovery: boolean;
    readonly deletionProtection: boolean;
  }>;
  /** A figure's sum over the last minutes; undefined when there is none. */
  sum: Figure;
  /** A figure's highest value in the last minutes; undefined when there is none. */
  maximum: Figure;
}

type Figure = (
  namespace: string,
  metricName: string,
  dimensions: Readonly<Record<string, string>>,
  minutes: number,
) => Promise<number | undefined>;
