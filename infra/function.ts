import { fileURLToPath } from "node:url";

import { Duration, RemovalPolicy, Stack, Validations } from "aws-cdk-lib";
import { PolicyStatement, Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import {
  ApplicationLogLevel,
  Architecture,
  LoggingFormat,
  Runtime,
  SystemLogLevel,
  Tracing,
  type Code,
} from "aws-cdk-lib/aws-lambda";
import { NodejsFunction, OutputFormat, type BundlingOptions } from "aws-cdk-lib/aws-lambda-nodejs";
import { FilterPattern, LogGroup, RetentionDays } from "aws-cdk-lib/aws-logs";
import { Construct } from "constructs";

import type { Environment } from "../functions/runtime.ts";
import type { Alarms } from "./alarms.ts";
import { BUNDLE } from "./bundling.ts";

/** What differs from function to function. */
export interface ProgramFunctionProps {
  alarms: Alarms;
  /** What the function does, in one sentence. */
  description: string;
  timeoutSeconds: number;
  /** Processor time comes with memory: 1,769 MB is one whole processor. */
  memoryMegabytes: number;
  /** The folder under `functions/`, or the code itself. */
  code: { folder: string } | { inline: Code };
  environment?: Environment;
  statements?: readonly PolicyStatement[];
}

/** What the cloud stack tells CDK of it. */
export const BUNDLING: BundlingOptions = {
  format: OutputFormat.ESM,
  target: BUNDLE.target,
  minify: BUNDLE.minify,
  keepNames: BUNDLE.keepNames,
  sourceMap: BUNDLE.sourcemap,
  sourcesContent: BUNDLE.sourcesContent,
  mainFields: [...BUNDLE.mainFields],
  esbuildArgs: { "--conditions": BUNDLE.conditions.join(",") },
  externalModules: [...BUNDLE.external],
  banner: BUNDLE.banner.js,
};

/** A Lambda function with the house's defaults: runtime, bundling, log, tracing, a role of its own, its alarms. */
export class ProgramFunction extends Construct {
  readonly lambda: NodejsFunction;
  readonly role: Role;

  constructor(scope: Construct, id: string, props: ProgramFunctionProps) {
    super(scope, id);
    const logGroup = new LogGroup(this, "Log", {
      retention: RetentionDays.THREE_MONTHS,
      // What must be kept is in the table's history; the log only serves to find faults.
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.role = new Role(this, "Role", { assumedBy: new ServicePrincipal("lambda.amazonaws.com") });
    this.role.addToPolicy(
      new PolicyStatement({
        actions: ["logs:CreateLogStream", "logs:PutLogEvents"],
        resources: [logGroup.logGroupArn],
      }),
    );
    for (const statement of props.statements ?? []) this.role.addToPolicy(statement);

    const source =
      "inline" in props.code
        ? { code: props.code.inline, handler: "index.handler" }
        : {
            entry: fileURLToPath(new URL(`../functions/${props.code.folder}/index.ts`, import.meta.url)),
            bundling: BUNDLING,
          };
    this.lambda = new NodejsFunction(this, "Function", {
      ...source,
      description: props.description,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      timeout: Duration.seconds(props.timeoutSeconds),
      memorySize: props.memoryMegabytes,
      role: this.role,
      logGroup,
      loggingFormat: LoggingFormat.JSON,
      applicationLogLevelV2: ApplicationLogLevel.INFO,
      systemLogLevelV2: SystemLogLevel.WARN,
      tracing: Tracing.ACTIVE,
      environment: { ...defined(props.environment), NODE_OPTIONS: "--enable-source-maps" },
    });
    Validations.of(this.role).acknowledge({
      id: "AwsSolutions-IAM5[Resource::*]",
      reason:
        "Only for actions that know no resources: X-Ray's two, dynamodb:ListStreams and ses:GetSendQuota. test/infra.test.ts lists them.",
    });
    Validations.of(this.lambda).acknowledge({
      id: "Serverless-LambdaDLQ",
      reason:
        "What is called asynchronously or fed by the stream has a failure destination, which also tells the error.",
    });
    this.watch(props.alarms, id, logGroup);
  }

  private watch(alarms: Alarms, name: string, logGroup: LogGroup): void {
    const period = Duration.minutes(5);
    alarms.add(this, "Errors", {
      metric: this.lambda.metricErrors({ period }),
      threshold: 1,
      meaning: `${name} ended with an error or ran out of time. The function's log says why.`,
    });
    alarms.add(this, "Throttles", {
      metric: this.lambda.metricThrottles({ period }),
      threshold: 1,
      meaning: `${name} was not let run. Compare the account's concurrent executions with its quota.`,
    });
    // Callers see a neutral sentence and Lambda sees success: only the log knows of a masked fault.
    const logged = logGroup.addMetricFilter("LoggedErrorFilter", {
      filterPattern: FilterPattern.stringValue("$.level", "=", "ERROR"),
      metricNamespace: Stack.of(this).stackName,
      metricName: `${name}LoggedErrors`,
      metricValue: "1",
      defaultValue: 0,
    });
    alarms.add(this, "LoggedErrors", {
      metric: logged.metric({ period, statistic: "Sum" }),
      threshold: 1,
      meaning: `${name} wrote an error to its log. Search there for level ERROR; callers were told the request id.`,
    });
  }
}

function defined(environment: Environment | undefined): Record<string, string> {
  const entries = Object.entries(environment ?? {}).filter(
    (entry): entry is [string, string] => typeof entry[1] === "string",
  );
  return Object.fromEntries(entries);
}
