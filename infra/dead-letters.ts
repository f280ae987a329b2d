import { Duration, Validations } from "aws-cdk-lib";
import { Queue, QueueEncryption } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";

import type { Alarms } from "./alarms.ts";

/** Where what could not be handled waits for a person, for 14 days. */
export class DeadLetters extends Construct {
  readonly queue: Queue;

  constructor(scope: Construct, id: string, props: { alarms: Alarms; of: string }) {
    super(scope, id);
    this.queue = new Queue(this, "Queue", {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
    });
    Validations.of(this.queue).acknowledge(
      { id: "AwsSolutions-SQS3", reason: "This is itself a dead-letter queue." },
      { id: "Serverless-SQSRedrivePolicy", reason: "This is itself a dead-letter queue." },
    );
    props.alarms.add(this, "NotEmpty", {
      metric: this.queue.metricApproximateNumberOfMessagesVisible({
        period: Duration.minutes(5),
        statistic: "Maximum",
      }),
      threshold: 1,
      meaning: `Work of ${props.of} was given up. Read the queue, look for the cause in the function's log, mend it.`,
    });
  }
}
