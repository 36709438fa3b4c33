/**
 * What makes a line of a function's log count in a metric of the service, in CloudWatch's embedded metric format.
 * Powertools' metrics are not used where a function has no other, since it would start slower. The line is to be an
 * error, so that no level keeps it back.
 *
 * @example logger.error('DynamoDB refused the form of a call', { ...countedAs('ShortPathSwitchedOff') });
 * @see
 *   https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export const countedAs = (metric: string) => ({
  [metric]: 1,
  _aws: {
    Timestamp: Date.now(),
    CloudWatchMetrics: [
      {
        Namespace: process.env.POWERTOOLS_METRICS_NAMESPACE,
        // The logger writes `service` into every entry.
        Dimensions: [['service']],
        Metrics: [{ Name: metric, Unit: 'Count' }],
      },
    ],
  },
});
