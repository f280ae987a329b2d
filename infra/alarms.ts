import { ArnFormat, Duration, RemovalPolicy, Stack, Validations } from "aws-cdk-lib";
import { Alarm, ComparisonOperator, TreatMissingData, type IMetric } from "aws-cdk-lib/aws-cloudwatch";
import { SnsAction } from "aws-cdk-lib/aws-cloudwatch-actions";
import { PolicyStatement, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { Key } from "aws-cdk-lib/aws-kms";
import { Subscription, SubscriptionProtocol, Topic } from "aws-cdk-lib/aws-sns";
import { Construct } from "constructs";

/** One thing worth waking somebody for. */
export interface AlarmOptions {
  /** The figure that is watched, with its period and statistic. */
  metric: IMetric;
  /** The alarm rings at this value and beyond. */
  threshold: number;
  /** What it means and what to do, in words for the person who gets the mail. */
  meaning: string;
  /** Rings below the threshold instead, and when the figure stops coming. */
  ringsBelow?: boolean;
}

/** The topic that every alarm speaks to, and the one way to make an alarm. */
export class Alarms extends Construct {
  readonly topic: Topic;

  constructor(scope: Construct, id: string, props: { email: string }) {
    super(scope, id);
    const stack = Stack.of(this);
    const cloudWatch = new ServicePrincipal("cloudwatch.amazonaws.com");

    // The key that AWS manages for SNS does not let CloudWatch in, and then alarms vanish without a trace.
    const encryption = new Key(this, "Key", {
      description: "Encrypts the alarms on their way",
      enableKeyRotation: true,
      pendingWindow: Duration.days(7),
      removalPolicy: RemovalPolicy.DESTROY,
    });
    // No condition on the account here: CloudWatch need not tell KMS about it. The topic's policy keeps others out.
    encryption.addToResourcePolicy(
      new PolicyStatement({
        principals: [cloudWatch],
        actions: ["kms:Decrypt", "kms:GenerateDataKey"],
        resources: ["*"],
      }),
    );

    this.topic = new Topic(this, "Topic", { masterKey: encryption, enforceSSL: true });
    // Enforcing TLS gives the topic a policy, which ends the default one that let the account's alarms in.
    this.topic.addToResourcePolicy(
      new PolicyStatement({
        principals: [cloudWatch],
        actions: ["sns:Publish"],
        resources: [this.topic.topicArn],
        conditions: {
          StringEquals: { "aws:SourceAccount": stack.account },
          ArnLike: {
            "aws:SourceArn": stack.formatArn({
              service: "cloudwatch",
              resource: "alarm",
              resourceName: "*",
              arnFormat: ArnFormat.COLON_RESOURCE_NAME,
            }),
          },
        },
      }),
    );

    const mail = new Subscription(this, "Mail", {
      topic: this.topic,
      protocol: SubscriptionProtocol.EMAIL,
      endpoint: props.email,
    });
    Validations.of(mail).acknowledge({
      id: "Serverless-SNSRedrivePolicy",
      reason:
        "A queue of undelivered alarms could only be watched by another alarm. CloudWatch keeps state and history.",
    });
  }

  /** Makes an alarm beside the thing it watches. Silence counts as health, except when it rings below. */
  add(scope: Construct, id: string, options: AlarmOptions): void {
    const alarm = new Alarm(scope, id, {
      metric: options.metric,
      threshold: options.threshold,
      evaluationPeriods: 1,
      alarmDescription: options.meaning,
      comparisonOperator: options.ringsBelow
        ? ComparisonOperator.LESS_THAN_THRESHOLD
        : ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: options.ringsBelow ? TreatMissingData.BREACHING : TreatMissingData.NOT_BREACHING,
    });
    alarm.addAlarmAction(new SnsAction(this.topic));
  }
}
