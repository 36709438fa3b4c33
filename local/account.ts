/** The account and region that the local run pretends to be in. Nothing outside this machine ever sees them. */
export const LOCAL_ACCOUNT = '123456789012';
export const LOCAL_REGION = 'us-east-1';
export const LOCAL_PARTITION = 'aws';

/** Credentials that no service accepts: every endpoint the handlers are given is on loopback. */
export const LOCAL_CREDENTIALS = { accessKeyId: 'local', secretAccessKey: 'local' } as const;

/**
 * An ARN in the local account.
 *
 * @example
 * localArn('sqs', 'dead-letters') // 'arn:aws:sqs:us-east-1:123456789012:dead-letters'
 */
export const localArn = (service: string, resource: string): string =>
  `arn:${LOCAL_PARTITION}:${service}:${LOCAL_REGION}:${LOCAL_ACCOUNT}:${resource}`;

/** Somebody who has AWS credentials on this machine. */
export interface LocalCaller {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** As in `arn:aws:iam::123456789012:user/grace` or `arn:aws:sts::123456789012:assumed-role/BackOffice/session`. */
  readonly userArn: string;
  /** IAM policy with what they may invoke; everything when absent. */
  readonly policy?: object;
}
