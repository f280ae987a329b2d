import { Duration, RemovalPolicy, Validations } from "aws-cdk-lib";
import { AccessLogFormat } from "aws-cdk-lib/aws-apigateway";
import { CorsHttpMethod, HttpApi, HttpMethod, HttpStage, LogGroupLogDestination } from "aws-cdk-lib/aws-apigatewayv2";
import { HttpLambdaIntegration } from "aws-cdk-lib/aws-apigatewayv2-integrations";
import { LogGroup, RetentionDays } from "aws-cdk-lib/aws-logs";
import { Construct } from "constructs";

import type { Alarms } from "./alarms.ts";
import type { ProgramFunction } from "./function.ts";
import { CORS } from "./wiring.ts";

const PATH = "/graphql";

/** The door to the world: one path, answered by the `graphql` function. */
export class Api extends Construct {
  /** Where clients send their operations. */
  readonly url: string;

  constructor(
    scope: Construct,
    id: string,
    props: { alarms: Alarms; graphql: ProgramFunction; allowedOrigins: readonly string[] },
  ) {
    super(scope, id);
    const api = new HttpApi(this, "HttpApi", {
      createDefaultStage: false,
      corsPreflight: {
        allowOrigins: [...props.allowedOrigins],
        allowMethods: CORS.methods.map((method) => CorsHttpMethod[method]),
        allowHeaders: [...CORS.headers],
        exposeHeaders: [...CORS.exposed],
        maxAge: Duration.seconds(CORS.maxAgeSeconds),
      },
    });
    const routes = api.addRoutes({
      path: PATH,
      methods: [HttpMethod.GET, HttpMethod.POST, HttpMethod.OPTIONS],
      integration: new HttpLambdaIntegration("Graphql", props.graphql.lambda),
    });
    for (const route of routes) {
      Validations.of(route).acknowledge({
        id: "AwsSolutions-APIG4",
        reason: "Guests share the path, so the function verifies the token and each operation says who may.",
      });
    }

    const accessLog = new LogGroup(this, "AccessLog", {
      retention: RetentionDays.THREE_MONTHS,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const stage = new HttpStage(this, "Stage", {
      httpApi: api,
      stageName: "$default",
      autoDeploy: true,
      // Far above what one program needs, and low enough that a runaway client cannot run up the bill.
      throttle: { rateLimit: 50, burstLimit: 100 },
      accessLogSettings: {
        destination: new LogGroupLogDestination(accessLog),
        // No address and no browser: the log holds nothing that tells who it was.
        format: AccessLogFormat.custom(
          JSON.stringify({
            requestId: "$context.requestId",
            time: "$context.requestTime",
            method: "$context.httpMethod",
            path: "$context.path",
            status: "$context.status",
            bytes: "$context.responseLength",
            milliseconds: "$context.responseLatency",
            integrationStatus: "$context.integrationStatus",
            integrationError: "$context.integrationErrorMessage",
          }),
        ),
      },
    });
    this.url = `${api.apiEndpoint}${PATH}`;

    props.alarms.add(this, "ServerErrors", {
      metric: stage.metricServerError({ period: Duration.minutes(5), statistic: "Sum" }),
      threshold: 5,
      meaning:
        "Five server errors in five minutes. The access log has their request ids, the function's log the cause.",
    });
  }
}
