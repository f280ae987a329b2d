import { randomBytes } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runInNewContext } from "node:vm";

import { App } from "aws-cdk-lib";
import { Match, Template } from "aws-cdk-lib/assertions";
import { Queue } from "aws-cdk-lib/aws-sqs";
import { afterAll, describe, expect, test } from "vitest";

import { rulePacks } from "../infra/checks.ts";
import { ProgramStack } from "../infra/program-stack.ts";
import { settingsFrom } from "../infra/settings.ts";
import { FORGET_PASSWORD } from "../infra/sign-in.ts";
import { TIMEOUT_SECONDS, WIRING } from "../infra/wiring.ts";

interface Resource {
  Type: string;
  Properties: Record<string, unknown>;
  DeletionPolicy?: string;
}
interface Statement {
  Effect: string;
  Action: string | string[];
  Resource: unknown;
  Condition?: unknown;
}

const FLAGS = (JSON.parse(readFileSync(new URL("../cdk.json", import.meta.url), "utf8")) as { context: object })
  .context;

const OWN = {
  mailDomain: "mentors.test",
  mailFrom: "program@mentors.test",
  mailReplyTo: "staff@mentors.test",
  publicUrl: "https://www.mentors.test",
  alarmEmail: "alarms@mentors.test",
};

const RESTORED = "arn:aws:dynamodb:us-west-2:111122223333:table/restored/stream/2027-01-30T01:30:00.000";

const workspace = mkdtempSync(join(tmpdir(), "infra-"));
afterAll(() => rmSync(workspace, { recursive: true }));

function appWith(context: object): App {
  // No bundling: these tests look at the template, `npm run synth` makes the bundles.
  const outdir = mkdtempSync(join(workspace, "app-"));
  return new App({ outdir, context: { ...FLAGS, "aws:cdk:bundling-stacks": [], ...context } });
}

function stackWith(context: object = {}): ProgramStack {
  const app = appWith(context);
  return new ProgramStack(app, "Program", { settings: settingsFrom(app.node) });
}

function templateWith(context: object = {}): Template {
  return Template.fromStack(stackWith(context));
}

const template = templateWith(OWN);

function resources(type: string, from: Template = template): Record<string, Resource> {
  return from.findResources(type) as Record<string, Resource>;
}

function statementsOf(role: string): Statement[] {
  const policies = Object.entries(resources("AWS::IAM::Policy")).filter(([id]) => id.startsWith(role));
  expect(policies).toHaveLength(1);
  const document = policies[0]?.[1].Properties["PolicyDocument"] as { Statement: Statement[] };
  return document.Statement;
}

function actionsOf(role: string): string[] {
  return statementsOf(role)
    .flatMap(({ Action }) => Action)
    .filter((action) => !/^(logs|xray):/.test(action))
    .toSorted();
}

function findings(app: App): string[] {
  return rulePacks().flatMap((pack) => pack.validateScope(app).violations.map(({ ruleName }) => ruleName));
}

describe("the table", () => {
  test("is made from the shared definition and cannot be lost by a slip", () => {
    template.resourceCountIs("AWS::DynamoDB::Table", 1);
    template.hasResource("AWS::DynamoDB::Table", {
      DeletionPolicy: "Retain",
      UpdateReplacePolicy: "Retain",
      Properties: {
        BillingMode: "PAY_PER_REQUEST",
        DeletionProtectionEnabled: true,
        KeySchema: [
          { AttributeName: "pk", KeyType: "HASH" },
          { AttributeName: "sk", KeyType: "RANGE" },
        ],
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true, RecoveryPeriodInDays: 35 },
        SSESpecification: { SSEEnabled: true },
        StreamSpecification: { StreamViewType: "NEW_IMAGE" },
        TimeToLiveSpecification: { AttributeName: "expiresAtSeconds", Enabled: true },
        GlobalSecondaryIndexes: ["byWho", "byList", "byDue"].map((name) => ({
          IndexName: name,
          KeySchema: [
            { AttributeName: `${name}Pk`, KeyType: "HASH" },
            { AttributeName: `${name}Sk`, KeyType: "RANGE" },
          ],
          Projection: { ProjectionType: "ALL" },
        })),
      },
    });
  });

  test("gives way to a restored one", () => {
    const restored = templateWith({
      ...OWN,
      restoredStreamArn: RESTORED,
    });
    restored.resourceCountIs("AWS::DynamoDB::Table", 0);
    restored.allResourcesProperties("AWS::Lambda::EventSourceMapping", {
      EventSourceArn: RESTORED,
    });
    restored.hasOutput("TableName", { Value: "restored" });
  });
});

describe("the files", () => {
  test("are private, encrypted, and gone once they are erased", () => {
    template.resourceCountIs("AWS::S3::Bucket", 1);
    template.hasResource("AWS::S3::Bucket", {
      DeletionPolicy: "Retain",
      UpdateReplacePolicy: "Retain",
      Properties: {
        BucketEncryption: {
          ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: "AES256" } }],
        },
        LifecycleConfiguration: {
          Rules: [
            { Id: "Uploads", Prefix: "uploads/", ExpirationInDays: 2, Status: "Enabled" },
            { Id: "Unfinished", AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 }, Status: "Enabled" },
          ],
        },
        OwnershipControls: { Rules: [{ ObjectOwnership: "BucketOwnerEnforced" }] },
        PublicAccessBlockConfiguration: {
          BlockPublicAcls: true,
          BlockPublicPolicy: true,
          IgnorePublicAcls: true,
          RestrictPublicBuckets: true,
        },
        VersioningConfiguration: Match.absent(),
      },
    });
  });

  test("travel by TLS, and nobody is let in by the bucket itself", () => {
    const statements = Object.values(resources("AWS::S3::BucketPolicy")).flatMap(
      ({ Properties }) => (Properties["PolicyDocument"] as { Statement: Statement[] }).Statement,
    );
    expect(statements.map(({ Effect, Condition }) => ({ Effect, Condition }))).toEqual([
      { Effect: "Deny", Condition: { Bool: { "aws:SecureTransport": "false" } } },
      { Effect: "Deny", Condition: { NumericLessThan: { "s3:TlsVersion": 1.2 } } },
    ]);
  });

  test("are taken from pages of the program's own site only, unless told of others", () => {
    const origins = (from: Template): unknown[] =>
      Object.values(resources("AWS::S3::Bucket", from)).map(({ Properties }) => Properties["CorsConfiguration"]);
    const rule = { AllowedHeaders: ["content-type"], AllowedMethods: ["POST"], MaxAge: 3_600 };
    expect(origins(template)).toEqual([{ CorsRules: [{ ...rule, AllowedOrigins: ["https://www.mentors.test"] }] }]);
    expect(origins(templateWith({ ...OWN, allowedOrigins: "https://a.mentors.test" }))).toEqual([
      { CorsRules: [{ ...rule, AllowedOrigins: ["https://a.mentors.test"] }] },
    ]);
  });
});

describe("functions", () => {
  test("have the house's defaults", () => {
    const functions = resources("AWS::Lambda::Function");
    expect(Object.keys(functions)).toHaveLength(6);
    template.allResourcesProperties("AWS::Lambda::Function", {
      Runtime: "nodejs24.x",
      Architectures: ["arm64"],
      TracingConfig: { Mode: "Active" },
      LoggingConfig: { LogFormat: "JSON", LogGroup: Match.anyValue() },
    });
    template.allResourcesProperties("AWS::Logs::LogGroup", { RetentionInDays: 90 });
    expect(Object.values(resources("AWS::Logs::LogGroup")).map((group) => group.DeletionPolicy)).toEqual(
      Array.from({ length: 7 }, () => "Delete"),
    );
  });

  test.each(Object.entries(TIMEOUT_SECONDS))("%s has %i seconds", (name, seconds) => {
    const id = `${name.charAt(0).toUpperCase()}${name.slice(1)}Function`;
    const found = Object.entries(resources("AWS::Lambda::Function")).filter(([logicalId]) => logicalId.startsWith(id));
    expect(found.map(([, { Properties }]) => Properties["Timeout"])).toEqual([seconds]);
  });

  test("learn the deployment's settings from their environment", () => {
    const environments = Object.entries(
      resources("AWS::Lambda::Function", templateWith({ ...OWN, firstStaffEmail: "first@mentors.test" })),
    )
      .filter(([id]) => !id.startsWith("SignIn"))
      .map(
        ([id, { Properties }]) =>
          [id, (Properties["Environment"] as { Variables: Record<string, unknown> }).Variables] as const,
      );
    expect(environments).toHaveLength(5);
    for (const [id, variables] of environments) {
      expect(Object.keys(variables).toSorted()).toEqual([
        "FILES_BUCKET",
        ...(id.startsWith("Graphql") ? ["FIRST_STAFF_EMAIL", "INTROSPECTION"] : []),
        "MAIL_FROM",
        ...(id.startsWith("Mail") ? ["MAIL_RATE"] : []),
        "MAIL_REPLY_TO",
        "NODE_OPTIONS",
        "PUBLIC_URL",
        ...(id.startsWith("Graphql") ? ["REQUESTS_PER_ACCOUNT", "REQUESTS_PER_ADDRESS"] : []),
        "SES_CONFIGURATION_SET",
        "TABLE_NAME",
        "TOKEN_AUDIENCE",
        "TOKEN_ISSUER",
      ]);
      expect(variables["MAIL_FROM"]).toBe('"CTO Mentor Program" <program@mentors.test>');
      expect(JSON.stringify(variables["TOKEN_ISSUER"])).toContain("https://cognito-idp.");
    }
  });
});

describe("rights", () => {
  const ITEMS = ["dynamodb:BatchGetItem", "dynamodb:ConditionCheckItem", "dynamodb:GetItem", "dynamodb:PutItem"];
  const STREAM = [
    "dynamodb:DescribeStream",
    "dynamodb:GetRecords",
    "dynamodb:GetShardIterator",
    "dynamodb:ListStreams",
  ];
  const DEAD_LETTERS = ["sqs:GetQueueAttributes", "sqs:GetQueueUrl", "sqs:SendMessage"];
  const QUERY = "dynamodb:Query";
  const UPDATE = "dynamodb:UpdateItem";
  const DELETE = "dynamodb:DeleteItem";

  test.each([
    [
      "GraphqlRole",
      [...ITEMS, UPDATE, QUERY, QUERY, DELETE, "s3:DeleteObject", "s3:GetObject", "s3:ListBucket", "s3:PutObject"],
    ],
    ["EventsRole", [...ITEMS, UPDATE, ...STREAM, ...DEAD_LETTERS]],
    ["MailRole", [...ITEMS, UPDATE, QUERY, DELETE, ...STREAM, ...DEAD_LETTERS, "ses:GetSendQuota", "ses:SendRawEmail"]],
    ["DueRole", [...ITEMS, UPDATE, QUERY, QUERY, DELETE, "s3:DeleteObject", ...DEAD_LETTERS]],
    ["FeedbackRole", [...ITEMS, UPDATE, QUERY, DELETE, ...DEAD_LETTERS]],
    ["SignInForgetPasswordRole", []],
    ["SignInForgetPasswordPolicy", ["cognito-idp:AdminSetUserPassword"]],
    ["DueCallInvoker", ["lambda:InvokeFunction", "sqs:SendMessage"]],
  ])("of %s are exactly these", (role, actions) => {
    expect(actionsOf(role)).toEqual(actions.toSorted());
  });

  test("to read an index are those of its readers", () => {
    const indexesOf = (role: string): string[] =>
      statementsOf(role).flatMap(({ Resource }) =>
        [...JSON.stringify(Resource).matchAll(/index\/(\w+)/g)].map(([, name]) => String(name)),
      );
    expect(indexesOf("GraphqlRole")).toEqual(["byList", "byWho"]);
    expect(indexesOf("DueRole")).toEqual(["byDue", "byWho"]);
  });

  test("on everything are only those that know no resources", () => {
    const everywhere = Object.values(resources("AWS::IAM::Policy"))
      .flatMap(({ Properties }) => (Properties["PolicyDocument"] as { Statement: Statement[] }).Statement)
      .filter(({ Resource }) => /"\*"/.test(JSON.stringify(Resource)))
      .flatMap(({ Action }) => Action);
    expect([...new Set(everywhere)].toSorted()).toEqual([
      "dynamodb:ListStreams",
      "ses:GetSendQuota",
      "xray:PutTelemetryRecords",
      "xray:PutTraceSegments",
    ]);
  });

  test("to files end at their two places in the bucket", () => {
    const [bucket] = Object.keys(resources("AWS::S3::Bucket"));
    const arn = { "Fn::GetAtt": [bucket, "Arn"] };
    const inside = ["kept", "uploads"].map((place) => ({ "Fn::Join": ["", [arn, `/${place}/*`]] }));
    const onFiles = (role: string) => statementsOf(role).filter(({ Action }) => [Action].flat()[0]?.startsWith("s3:"));
    expect(onFiles("GraphqlRole")).toEqual([
      { Effect: "Allow", Action: ["s3:DeleteObject", "s3:GetObject", "s3:PutObject"], Resource: inside },
      { Effect: "Allow", Action: "s3:ListBucket", Resource: arn },
    ]);
    expect(onFiles("DueRole")).toEqual([{ Effect: "Allow", Action: "s3:DeleteObject", Resource: inside }]);
  });

  test("to send mail hold for the program's own address", () => {
    const sending = statementsOf("MailRole").find(({ Action }) => Action === "ses:SendRawEmail");
    expect(sending?.Condition).toEqual({ StringEquals: { "ses:FromAddress": "program@mentors.test" } });
    expect(sending?.Resource).toHaveLength(2);
  });
});

describe("what wakes the functions", () => {
  test.each([
    ["events", WIRING.events],
    ["mail", WIRING.mail],
  ])("the stream wakes %s with whole retries and a dead-letter queue", (_name, wiring) => {
    template.hasResourceProperties("AWS::Lambda::EventSourceMapping", {
      BatchSize: wiring.batchSize,
      BisectBatchOnFunctionError: true,
      DestinationConfig: { OnFailure: { Destination: Match.anyValue() } },
      Enabled: true,
      FilterCriteria: { Filters: [{ Pattern: JSON.stringify(wiring.stream) }] },
      FunctionResponseTypes: ["ReportBatchItemFailures"],
      MaximumRecordAgeInSeconds: 21_600,
      MaximumRetryAttempts: wiring.maxRetries,
      StartingPosition: "TRIM_HORIZON",
    });
  });

  test("the schedule wakes due every five minutes", () => {
    template.resourceCountIs("AWS::Scheduler::Schedule", 1);
    template.hasResourceProperties("AWS::Scheduler::Schedule", {
      ScheduleExpression: "rate(5 minutes)",
      State: "ENABLED",
      Target: {
        DeadLetterConfig: Match.anyValue(),
        RetryPolicy: { MaximumEventAgeInSeconds: 300, MaximumRetryAttempts: 2 },
      },
    });
  });

  test("SES's reports of our own mails wake feedback", () => {
    const [configurationSet] = Object.keys(resources("AWS::SES::ConfigurationSet"));
    template.hasResourceProperties("AWS::Events::Rule", {
      EventPattern: {
        source: ["aws.ses"],
        "detail-type": [
          "Email Sent",
          "Email Delivered",
          "Email Bounced",
          "Email Complaint Received",
          "Email Rejected",
          "Email Delivery Delayed",
        ],
        detail: { mail: { tags: { "ses:configuration-set": [{ Ref: configurationSet }] } } },
      },
      Targets: [
        Match.objectLike({
          DeadLetterConfig: Match.anyValue(),
          RetryPolicy: Match.objectLike({ MaximumRetryAttempts: 8 }),
        }),
      ],
    });
    // Whom to write to is the program's own to know: SES's list would outlive a mended mailbox.
    template.hasResourceProperties("AWS::SES::ConfigurationSet", { SuppressionOptions: { SuppressedReasons: [] } });
    template.hasResourceProperties("AWS::SES::ConfigurationSetEventDestination", {
      EventDestination: { MatchingEventTypes: ["send", "delivery", "deliveryDelay", "bounce", "complaint", "reject"] },
    });
  });

  test("pausing stops mails and what becomes due, and nothing else", () => {
    const paused = templateWith({ ...OWN, paused: "true" });
    const enabled = Object.entries(resources("AWS::Lambda::EventSourceMapping", paused)).map(([id, { Properties }]) => [
      id.replace(/Mapping.*/, ""),
      Properties["Enabled"],
    ]);
    expect(Object.fromEntries(enabled)).toEqual({ EventsSource: true, MailSource: false });
    paused.hasResourceProperties("AWS::Scheduler::Schedule", { State: "DISABLED" });
    expect(Object.keys(resources("AWS::CloudWatch::Alarm", paused)).filter((id) => id.includes("Silent"))).toEqual([]);
  });
});

describe("the API", () => {
  test("has one path and is bounded", () => {
    const routes = Object.values(resources("AWS::ApiGatewayV2::Route")).map(({ Properties }) => Properties["RouteKey"]);
    expect(routes).toEqual(["GET /graphql", "POST /graphql", "OPTIONS /graphql"]);
    template.hasResourceProperties("AWS::ApiGatewayV2::Stage", {
      DefaultRouteSettings: { ThrottlingBurstLimit: 100, ThrottlingRateLimit: 50 },
    });
  });

  test("tells nothing of its contract and limits what one may ask, unless told otherwise", () => {
    const variables = (from: Template) => {
      const [, graphql] = Object.entries(resources("AWS::Lambda::Function", from)).find(([id]) =>
        id.startsWith("Graphql"),
      )!;
      const all = (graphql.Properties["Environment"] as { Variables: Record<string, unknown> }).Variables;
      return [all["INTROSPECTION"], all["REQUESTS_PER_ACCOUNT"], all["REQUESTS_PER_ADDRESS"]];
    };
    expect(variables(template)).toEqual(["off", "300", "120"]);
    const others = { introspection: true, requestsPerAccount: 1000, requestsPerAddress: "60" };
    expect(variables(templateWith({ ...OWN, ...others }))).toEqual(["on", "1000", "60"]);
  });

  test("answers pages of the program's own site only, unless told of others", () => {
    const origins = (from: Template): unknown[] =>
      Object.values(resources("AWS::ApiGatewayV2::Api", from)).map(
        ({ Properties }) => (Properties["CorsConfiguration"] as { AllowOrigins: string[] }).AllowOrigins,
      );
    expect(origins(template)).toEqual([["https://www.mentors.test"]]);
    expect(origins(templateWith({ ...OWN, allowedOrigins: "https://a.mentors.test, https://b.mentors.test" }))).toEqual(
      [["https://a.mentors.test", "https://b.mentors.test"]],
    );
  });

  test("logs nothing that tells who called", () => {
    const formats = Object.values(resources("AWS::ApiGatewayV2::Stage")).map(
      ({ Properties }) => (Properties["AccessLogSettings"] as { Format: string }).Format,
    );
    expect(formats.flatMap((format) => Object.keys(JSON.parse(format) as object))).toEqual([
      "requestId",
      "time",
      "method",
      "path",
      "status",
      "bytes",
      "milliseconds",
      "integrationStatus",
      "integrationError",
    ]);
  });
});

describe("sign-in", () => {
  test("is by a code to the mailbox", () => {
    template.hasResource("AWS::Cognito::UserPool", {
      DeletionPolicy: "Retain",
      Properties: {
        AccountRecoverySetting: { RecoveryMechanisms: [{ Name: "admin_only", Priority: 1 }] },
        DeletionProtection: "ACTIVE",
        EmailConfiguration: { EmailSendingAccount: "COGNITO_DEFAULT" },
        Policies: { SignInPolicy: { AllowedFirstAuthFactors: ["PASSWORD", "EMAIL_OTP"] } },
        UserAttributeUpdateSettings: { AttributesRequireVerificationBeforeUpdate: ["email"] },
        UserPoolTier: "ESSENTIALS",
      },
    });
    template.hasResourceProperties("AWS::Cognito::UserPoolClient", {
      ExplicitAuthFlows: ["ALLOW_USER_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
      GenerateSecret: false,
      WriteAttributes: ["email", "name"],
    });
  });

  test("sends its codes by SES once told so", () => {
    templateWith({ ...OWN, signInMail: "ses" }).hasResourceProperties("AWS::Cognito::UserPool", {
      EmailConfiguration: { EmailSendingAccount: "DEVELOPER", From: "CTO Mentor Program <program@mentors.test>" },
    });
  });

  test("leaves nobody with a password that somebody else chose", async () => {
    const sent: Record<string, unknown>[] = [];
    class AdminSetUserPasswordCommand {
      readonly input: Record<string, unknown>;
      constructor(input: Record<string, unknown>) {
        this.input = input;
      }
    }
    class CognitoIdentityProviderClient {
      async send(command: AdminSetUserPasswordCommand): Promise<void> {
        sent.push(command.input);
      }
    }
    const load = (name: string): object =>
      name === "node:crypto" ? { randomBytes } : { AdminSetUserPasswordCommand, CognitoIdentityProviderClient };
    const exported: { handler?: (event: object) => Promise<object> } = {};
    runInNewContext(FORGET_PASSWORD, { require: load, exports: exported });

    const event = { userPoolId: "pool", userName: "ada", request: {}, response: {} };
    expect(await exported.handler?.(event)).toBe(event);
    await exported.handler?.(event);

    expect(sent).toEqual(
      [1, 2].map(() => ({
        UserPoolId: "pool",
        Username: "ada",
        Permanent: true,
        Password: expect.stringMatching(/^[\w-]{64}aA1-$/),
      })),
    );
    expect(sent[0]?.["Password"]).not.toBe(sent[1]?.["Password"]);
  });
});

describe("what goes wrong is seen", () => {
  test("every alarm has somebody who hears it and says what it means", () => {
    const alarms = Object.values(resources("AWS::CloudWatch::Alarm"));
    expect(alarms).toHaveLength(31);
    for (const { Properties } of alarms) {
      expect(Properties["AlarmActions"]).toHaveLength(1);
      expect(Properties["AlarmDescription"]).toMatch(/.{30,}/);
    }
    template.hasResourceProperties("AWS::SNS::Subscription", { Endpoint: "alarms@mentors.test", Protocol: "email" });
  });

  test("alarms get through the topic's encryption and policy", () => {
    const fromCloudWatch = { Effect: "Allow", Principal: { Service: "cloudwatch.amazonaws.com" } };
    template.hasResourceProperties("AWS::KMS::Key", {
      EnableKeyRotation: true,
      KeyPolicy: {
        Statement: Match.arrayWith([
          Match.objectLike({ ...fromCloudWatch, Action: ["kms:Decrypt", "kms:GenerateDataKey"] }),
        ]),
      },
    });
    template.hasResourceProperties("AWS::SNS::TopicPolicy", {
      PolicyDocument: {
        Statement: [
          Match.objectLike({ Effect: "Deny", Condition: { Bool: { "aws:SecureTransport": "false" } } }),
          Match.objectLike({ ...fromCloudWatch, Action: "sns:Publish" }),
        ],
      },
    });
  });

  test("dead letters are encrypted, travel by TLS and wait for 14 days", () => {
    template.resourceCountIs("AWS::SQS::Queue", 4);
    template.allResourcesProperties("AWS::SQS::Queue", {
      MessageRetentionPeriod: 1_209_600,
      SqsManagedSseEnabled: true,
    });
    template.resourceCountIs("AWS::SQS::QueuePolicy", 4);
    template.allResourcesProperties("AWS::SQS::QueuePolicy", {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({ Effect: "Deny", Condition: { Bool: { "aws:SecureTransport": "false" } } }),
        ]),
      },
    });
  });
});

describe("the rule packs", () => {
  test.each([
    {},
    { signInMail: "ses", region: "us-west-2" },
    { hostedZoneId: "Z0123456789ABCDEFGHIJ", paused: "true" },
    { restoredStreamArn: RESTORED },
  ])("find nothing that is not explained with %o", (context) => {
    const app = appWith({ ...OWN, ...context });
    new ProgramStack(app, "Program", { settings: settingsFrom(app.node) });
    expect(findings(app)).toEqual([]);
  });

  test("do look: a careless queue is found", () => {
    const app = appWith(OWN);
    const stack = new ProgramStack(app, "Program", { settings: settingsFrom(app.node) });
    new Queue(stack, "Careless");
    expect(findings(app)).toEqual(["AwsSolutions-SQS3", "AwsSolutions-SQS4", "Serverless-SQSRedrivePolicy"]);
  });
});

describe("settings", () => {
  const refusal = (context: object): string => {
    try {
      settingsFrom(appWith(context).node);
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
    return "accepted";
  };

  test("without any, the stack can be made but is marked as not ready", () => {
    const { placeholders } = settingsFrom(appWith({}).node);
    expect(placeholders).toEqual(["mailDomain", "mailFrom", "mailReplyTo", "publicUrl", "alarmEmail"]);
    expect(settingsFrom(appWith(OWN).node).placeholders).toEqual([]);
  });

  test.each([
    ["mailFrom", "program@elsewhere.test"],
    ["mailReplyTo", "staff"],
    ["programName", 'Mentors" <x@y.test>'],
    ["hostedZoneId", "mentors.test"],
    ["publicUrl", "http://www.mentors.test"],
    ["publicUrl", "https://localhost:4000"],
    ["publicUrl", "https://127.0.0.1"],
    ["publicUrl", "https://www.mentors.test/"],
    ["allowedOrigins", "https://www.mentors.test/page"],
    ["allowedOrigins", "*"],
    ["firstStaffEmail", "nobody"],
    ["alarmEmail", "nobody"],
    ["signInMail", "pigeon"],
    ["region", "Oregon"],
    ["introspection", "perhaps"],
    ["requestsPerAccount", "0"],
    ["requestsPerAddress", "many"],
    ["paused", "yes"],
    ["restoredStreamArn", "restored"],
    ["dueshards", "4"],
    ["publicURL", "https://www.mentors.test"],
  ])("%s = %s is refused by name", (key, value) => {
    const message = refusal({ ...OWN, [key]: value });
    expect(message.split("\n").slice(1)).toEqual([expect.stringMatching(new RegExp(`^  ${key}: `))]);
  });

  test("all slips are named at once", () => {
    const lines = refusal({ ...OWN, mailDomain: "Mentors", paused: "yes" }).split("\n");
    expect(lines.slice(1).map((line) => line.trim().split(":")[0])).toEqual(["mailDomain", "mailFrom", "paused"]);
  });

  test("with a zone the stack publishes the mail records itself", () => {
    const zoned = templateWith({ ...OWN, hostedZoneId: "Z0123456789ABCDEFGHIJ" });
    const types = Object.values(resources("AWS::Route53::RecordSet", zoned)).map(({ Properties }) =>
      String(Properties["Type"]),
    );
    expect(types.toSorted()).toEqual(["CNAME", "CNAME", "CNAME", "MX", "TXT"]);
    expect(Object.keys(zoned.findOutputs("SesMailRecord*"))).toEqual([]);
  });
});
