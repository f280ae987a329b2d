import { Duration, Stack } from "aws-cdk-lib";
import { PolicyStatement, Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { SqsDestination } from "aws-cdk-lib/aws-lambda-destinations";
import { Schedule, ScheduleExpression } from "aws-cdk-lib/aws-scheduler";
import { LambdaInvoke } from "aws-cdk-lib/aws-scheduler-targets";
import { Construct } from "constructs";

import type { Alarms } from "./alarms.ts";
import { DeadLetters } from "./dead-letters.ts";
import type { ProgramFunction } from "./function.ts";

/** Calls a function again and again. A call that fails is not repeated: the next one does the same work. */
export class RegularCall extends Construct {
  constructor(
    scope: Construct,
    id: string,
    props: { alarms: Alarms; of: ProgramFunction; everyMinutes: number; isEnabled: boolean },
  ) {
    super(scope, id);
    const { lambda } = props.of;
    const every = Duration.minutes(props.everyMinutes);
    const { queue } = new DeadLetters(this, "DeadLetters", { alarms: props.alarms, of: `the schedule ${id}` });

    const invoker = new Role(this, "Invoker", {
      assumedBy: new ServicePrincipal("scheduler.amazonaws.com", {
        conditions: { StringEquals: { "aws:SourceAccount": Stack.of(this).account } },
      }),
    });
    invoker.addToPolicy(new PolicyStatement({ actions: ["lambda:InvokeFunction"], resources: [lambda.functionArn] }));
    invoker.addToPolicy(new PolicyStatement({ actions: ["sqs:SendMessage"], resources: [queue.queueArn] }));

    new Schedule(this, "Schedule", {
      description: `Calls the function every ${props.everyMinutes} minutes`,
      schedule: ScheduleExpression.rate(every),
      enabled: props.isEnabled,
      target: new LambdaInvoke(lambda, {
        // Left to itself the target would also allow every version of the function.
        role: invoker.withoutPolicyUpdates(),
        deadLetterQueue: queue,
        maxEventAge: every,
        retryAttempts: 2,
      }),
    });
    lambda.configureAsyncInvoke({ retryAttempts: 0, maxEventAge: every, onFailure: new SqsDestination(queue) });

    if (props.isEnabled) {
      props.alarms.add(this, "Silent", {
        metric: lambda.metricInvocations({ period: Duration.minutes(30) }),
        threshold: 1,
        ringsBelow: true,
        meaning: "Nothing has become due for 30 minutes, because the function was not called. Is the schedule enabled?",
      });
    }
  }
}
