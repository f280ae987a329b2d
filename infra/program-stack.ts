import { CfnOutput, Stack, Validations, type StackProps } from "aws-cdk-lib";
import type { PolicyStatement } from "aws-cdk-lib/aws-iam";
import type { Construct } from "constructs";

import type { Environment } from "../functions/runtime.ts";
import { Alarms } from "./alarms.ts";
import { Api } from "./api.ts";
import { MailReports } from "./feedback.ts";
import { ProgramFiles } from "./files.ts";
import { ProgramFunction } from "./function.ts";
import { Mail } from "./mail.ts";
import { RegularCall } from "./schedule.ts";
import type { Settings } from "./settings.ts";
import { SignIn } from "./sign-in.ts";
import { StreamSource } from "./stream.ts";
import { ProgramTable } from "./table.ts";
import { TIMEOUT_SECONDS, WIRING } from "./wiring.ts";

type FunctionName = keyof typeof TIMEOUT_SECONDS;

/** Everything one program needs in one account and region. */
export class ProgramStack extends Stack {
  constructor(scope: Construct, id: string, props: StackProps & { settings: Settings }) {
    const { settings, ...stackProps } = props;
    super(scope, id, { description: `API of the ${settings.programName}`, terminationProtection: true, ...stackProps });
    if (settings.placeholders.length > 0) {
      Validations.of(this).addWarning(
        "placeholders",
        `Not ready to be deployed: give real values to ${settings.placeholders.join(", ")} in cdk.context.json.`,
      );
    }

    const alarms = new Alarms(this, "Alarms", { email: settings.alarmEmail });
    const table = new ProgramTable(this, "Data", { alarms, restoredStreamArn: settings.restoredStreamArn });
    const files = new ProgramFiles(this, "Files", { alarms, allowedOrigins: settings.allowedOrigins });
    const signIn = new SignIn(this, "SignIn", { alarms, settings });
    const mail = new Mail(this, "Ses", { alarms, settings });

    const environment: Environment = {
      TABLE_NAME: table.table.tableName,
      FILES_BUCKET: files.bucket.bucketName,
      SES_CONFIGURATION_SET: mail.configurationSetName,
      MAIL_FROM: `"${settings.programName}" <${settings.mailFrom}>`,
      MAIL_REPLY_TO: settings.mailReplyTo,
      TOKEN_ISSUER: signIn.issuer,
      TOKEN_AUDIENCE: signIn.client.userPoolClientId,
      PUBLIC_URL: settings.publicUrl,
    };
    const make = (
      name: FunctionName,
      description: string,
      memoryMegabytes: number,
      statements: readonly PolicyStatement[],
      extra: Partial<Environment> = {},
    ): ProgramFunction =>
      new ProgramFunction(this, name.charAt(0).toUpperCase() + name.slice(1), {
        alarms,
        description,
        memoryMegabytes,
        statements,
        timeoutSeconds: TIMEOUT_SECONDS[name],
        code: { folder: name },
        environment: { ...environment, ...extra },
      });

    const graphql = make(
      "graphql",
      "Answers the API's operations",
      1769,
      table.statements({ lists: true, indexes: ["byWho", "byList"], drops: true }),
      {
        FIRST_STAFF_EMAIL: settings.firstStaffEmail,
        INTROSPECTION: settings.introspection ? "on" : "off",
        REQUESTS_PER_ACCOUNT: String(settings.requestsPerAccount),
        REQUESTS_PER_ADDRESS: String(settings.requestsPerAddress),
      },
    );
    const events = make("events", "Turns what happened into mails to send", 512, table.statements({}));
    const send = make(
      "mail",
      "Sends the mails",
      512,
      [...table.statements({ lists: true, drops: true }), mail.sending, mail.quota],
      { MAIL_RATE: "quota" },
    );
    const due = make(
      "due",
      "Does what has become due",
      512,
      table.statements({ lists: true, indexes: ["byWho", "byDue"], drops: true }),
    );
    const feedback = make(
      "feedback",
      "Notes what became of each mail",
      512,
      table.statements({ lists: true, drops: true }),
    );

    files.letHandOut(graphql);
    files.letErase(due);
    files.letErase(graphql);

    const { streamArn } = table;
    new StreamSource(this, "EventsSource", { alarms, streamArn, to: events, wiring: WIRING.events, isEnabled: true });
    new StreamSource(this, "MailSource", {
      alarms,
      streamArn,
      to: send,
      wiring: WIRING.mail,
      isEnabled: !settings.isPaused,
    });
    new RegularCall(this, "DueCall", {
      alarms,
      of: due,
      everyMinutes: WIRING.due.everyMinutes,
      isEnabled: !settings.isPaused,
    });
    new MailReports(this, "MailReports", {
      alarms,
      to: feedback,
      configurationSetName: mail.configurationSetName,
      wiring: WIRING.feedback,
    });
    const api = new Api(this, "Api", { alarms, graphql, allowedOrigins: settings.allowedOrigins });

    new CfnOutput(this, "ApiUrl", { value: api.url, description: "Where clients send their operations" });
    new CfnOutput(this, "UserPoolId", { value: signIn.pool.userPoolId, description: "The pool people sign in to" });
    new CfnOutput(this, "UserPoolClientId", {
      value: signIn.client.userPoolClientId,
      description: "The client that apps sign in with",
    });
    new CfnOutput(this, "FilesBucketName", { value: files.bucket.bucketName, description: "The bucket of the files" });
    new CfnOutput(this, "TableName", { value: table.table.tableName, description: "The table that holds everything" });
  }
}
