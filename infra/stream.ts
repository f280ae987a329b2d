import { Duration } from "aws-cdk-lib";
import { PolicyStatement } from "aws-cdk-lib/aws-iam";
import { EventSourceMapping, StartingPosition } from "aws-cdk-lib/aws-lambda";
import { SqsDlq } from "aws-cdk-lib/aws-lambda-event-sources";
import { Construct } from "constructs";

import type { Alarms } from "./alarms.ts";
import { DeadLetters } from "./dead-letters.ts";
import type { ProgramFunction } from "./function.ts";

/** The part of `WIRING` that describes one consumer of the stream. */
export interface StreamWiring {
  stream: object;
  batchSize: number;
  maxRetries: number;
}

/** Feeds a function with those stream records that its filter lets through. */
export class StreamSource extends Construct {
  constructor(
    scope: Construct,
    id: string,
    props: { alarms: Alarms; to: ProgramFunction; streamArn: string; wiring: StreamWiring; isEnabled: boolean },
  ) {
    super(scope, id);
    const { lambda, role } = props.to;
    const deadLetters = new DeadLetters(this, "DeadLetters", { alarms: props.alarms, of: `the stream source ${id}` });

    role.addToPolicy(
      new PolicyStatement({
        actions: ["dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator"],
        resources: [props.streamArn],
      }),
    );
    // The action knows no resources, and Lambda refuses the mapping of a role that lacks it.
    role.addToPolicy(new PolicyStatement({ actions: ["dynamodb:ListStreams"], resources: ["*"] }));

    new EventSourceMapping(this, "Mapping", {
      target: lambda,
      eventSourceArn: props.streamArn,
      enabled: props.isEnabled,
      startingPosition: StartingPosition.TRIM_HORIZON,
      filters: [{ pattern: JSON.stringify(props.wiring.stream) }],
      batchSize: props.wiring.batchSize,
      retryAttempts: props.wiring.maxRetries,
      reportBatchItemFailures: true,
      bisectBatchOnError: true,
      // The stream forgets after 24 hours. Giving up before that leaves the dead letter's record readable.
      maxRecordAge: Duration.hours(6),
      onFailure: new SqsDlq(deadLetters.queue),
    });

    props.alarms.add(this, "Behind", {
      metric: lambda.metric("IteratorAge", { period: Duration.minutes(5), statistic: "Maximum" }),
      threshold: Duration.minutes(15).toMilliseconds(),
      meaning:
        "The stream's records wait for more than 15 minutes. Something fails again and again: read the function's log.",
    });
  }
}
