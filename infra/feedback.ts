import { Duration } from "aws-cdk-lib";
import { Rule } from "aws-cdk-lib/aws-events";
import { LambdaFunction } from "aws-cdk-lib/aws-events-targets";
import { SqsDestination } from "aws-cdk-lib/aws-lambda-destinations";
import { Construct } from "constructs";

import type { Alarms } from "./alarms.ts";
import { DeadLetters } from "./dead-letters.ts";
import type { ProgramFunction } from "./function.ts";

/** Brings what SES reports of this deployment's mails to a function. */
export class MailReports extends Construct {
  constructor(
    scope: Construct,
    id: string,
    props: {
      alarms: Alarms;
      to: ProgramFunction;
      configurationSetName: string;
      wiring: { eventBusSource: string; maxRetries: number };
    },
  ) {
    super(scope, id);
    const { lambda } = props.to;
    const { queue } = new DeadLetters(this, "DeadLetters", { alarms: props.alarms, of: "the mail reports" });

    new Rule(this, "Rule", {
      description: "What became of each mail",
      eventPattern: {
        source: [props.wiring.eventBusSource],
        detailType: [
          "Email Sent",
          "Email Delivered",
          "Email Bounced",
          "Email Complaint Received",
          "Email Rejected",
          "Email Delivery Delayed",
        ],
        // The account may send other mails than ours.
        detail: { mail: { tags: { "ses:configuration-set": [props.configurationSetName] } } },
      },
      targets: [
        new LambdaFunction(lambda, {
          deadLetterQueue: queue,
          retryAttempts: props.wiring.maxRetries,
          maxEventAge: Duration.hours(6),
        }),
      ],
    });
    // EventBridge only repeats handing over. A report that the function itself fails on is tried again by Lambda,
    // which allows two repetitions.
    lambda.configureAsyncInvoke({
      retryAttempts: 2,
      maxEventAge: Duration.hours(6),
      onFailure: new SqsDestination(queue),
    });
  }
}
