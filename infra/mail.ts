import { CfnOutput, Duration, Stack } from "aws-cdk-lib";
import { Metric } from "aws-cdk-lib/aws-cloudwatch";
import { EventBus } from "aws-cdk-lib/aws-events";
import { PolicyStatement } from "aws-cdk-lib/aws-iam";
import { PublicHostedZone } from "aws-cdk-lib/aws-route53";
import {
  ConfigurationSet,
  ConfigurationSetTlsPolicy,
  EmailIdentity,
  EmailSendingEvent,
  EventDestination,
  Identity,
  MailFromBehaviorOnMxFailure,
} from "aws-cdk-lib/aws-ses";
import { Construct } from "constructs";

import type { Alarms } from "./alarms.ts";
import type { Settings } from "./settings.ts";

/** The right to send mail as the program: our domain in SES, and the reports of what became of each mail. */
export class Mail extends Construct {
  readonly configurationSetName: string;
  readonly sending: PolicyStatement;
  /** Asking how many mails a second SES takes: a question about the account, which cannot be narrowed. */
  readonly quota: PolicyStatement;

  constructor(scope: Construct, id: string, props: { alarms: Alarms; settings: Settings }) {
    super(scope, id);
    const { mailDomain, mailFrom, hostedZoneId } = props.settings;

    const identity = new EmailIdentity(this, "Identity", {
      identity:
        hostedZoneId === undefined
          ? Identity.domain(mailDomain)
          : Identity.publicHostedZone(
              PublicHostedZone.fromPublicHostedZoneAttributes(this, "Zone", { hostedZoneId, zoneName: mailDomain }),
            ),
      mailFromDomain: `bounce.${mailDomain}`,
      // Until its MX record is published, mails leave all the same, from Amazon's own domain.
      mailFromBehaviorOnMxFailure: MailFromBehaviorOnMxFailure.USE_DEFAULT_VALUE,
      feedbackForwarding: false,
    });
    if (hostedZoneId === undefined) this.tellRecords(identity);

    const configurationSet = new ConfigurationSet(this, "ConfigurationSet", {
      // A mailbox that cannot take encrypted mail bounces visibly, rather than a decision travelling in the open.
      tlsPolicy: ConfigurationSetTlsPolicy.REQUIRE,
      reputationMetrics: true,
      // The program itself keeps an address that bounced from being written to, and forgives it when a mail arrives or it is
      // confirmed anew; SES would keep it for ever. And whoever complained still gets what is required, such as a decision.
      disableSuppressionList: true,
    });
    configurationSet.addEventDestination("Reports", {
      // SES can report to the default bus only.
      destination: EventDestination.eventBus(EventBus.fromEventBusName(this, "DefaultBus", "default")),
      events: [
        EmailSendingEvent.SEND,
        EmailSendingEvent.DELIVERY,
        EmailSendingEvent.DELIVERY_DELAY,
        EmailSendingEvent.BOUNCE,
        EmailSendingEvent.COMPLAINT,
        EmailSendingEvent.REJECT,
      ],
    });
    this.configurationSetName = configurationSet.configurationSetName;

    this.sending = new PolicyStatement({
      actions: ["ses:SendRawEmail"],
      resources: [
        identity.emailIdentityArn,
        Stack.of(this).formatArn({
          service: "ses",
          resource: "configuration-set",
          resourceName: configurationSet.configurationSetName,
        }),
      ],
      conditions: { StringEquals: { "ses:FromAddress": mailFrom } },
    });
    this.quota = new PolicyStatement({ actions: ["ses:GetSendQuota"], resources: ["*"] });
    this.watch(props.alarms);
  }

  private tellRecords(identity: EmailIdentity): void {
    for (const [index, record] of identity.dkimRecords.entries()) {
      new CfnOutput(this, `MailRecord${index + 1}`, {
        description: "A DNS record to publish, so that SES believes that the domain is ours",
        value: `${record.name} CNAME ${record.value}`,
      });
    }
  }

  private watch(alarms: Alarms): void {
    // SES reviews and pauses whole accounts, so the account's figures count, not those of the configuration set.
    const rate = (metricName: string): Metric =>
      new Metric({ namespace: "AWS/SES", metricName, statistic: "Maximum", period: Duration.hours(1) });
    alarms.add(this, "Bounces", {
      metric: rate("Reputation.BounceRate"),
      threshold: 0.04,
      meaning:
        "4 % of mails bounce; at 5 % SES reviews the account, at 10 % it stops it. Mend or remove the bad addresses.",
    });
    alarms.add(this, "Complaints", {
      metric: rate("Reputation.ComplaintRate"),
      threshold: 0.0008,
      meaning:
        "0.08 % of mails are called spam; at 0.1 % SES reviews the account. Look at what was mailed last and to whom.",
    });
  }
}
