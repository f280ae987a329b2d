import { ApolloServer, type ApolloServerPlugin } from "@apollo/server";
import { unwrapResolverError } from "@apollo/server/errors";
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginSchemaReportingDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from "@apollo/server/plugin/disabled";
import { handlers, startServerAndCreateLambdaHandler } from "@as-integrations/aws-lambda";
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from "aws-lambda";
import { GraphQLError } from "graphql";
import { programSchema } from "../../schema/index.ts";
import { loadersOver } from "../../schema/loaders.ts";
import type { RequestContext } from "../../schema/shared/context.ts";
import type { Runtime } from "../runtime.ts";
import { formatError, isOurs, MASKED } from "./errors.ts";
import { withoutIntrospection } from "./introspection.ts";
import { limits } from "./limits.ts";
import { rateLimiter } from "./rate.ts";
import { shape } from "./shape.ts";
import { refusalOf, viewerOf } from "./viewer.ts";

/** Largest request, in bytes of its body or query string. */
const MOST_BYTES = 256 * 1024;
/** Most tokens of a document; the introspection query of common tools has about 350. */
const MOST_TOKENS = 2_000;
/** Most faults of a document that are looked for. */
const MOST_ERRORS = 20;

interface HttpContext extends RequestContext {
  requestId: string;
}

type Handler = (event: APIGatewayProxyEventV2, context: Context) => Promise<APIGatewayProxyStructuredResultV2>;

/** The API: one GraphQL request as API Gateway (HTTP API, payload 2.0) hands it on, to its answer. */
export function graphqlHandler(runtime: Runtime): Handler {
  const { logger } = runtime;
  const { isIntrospectionOn, rates } = runtime.settings;
  const limiter = rateLimiter({ ...runtime, rates });
  const server = new ApolloServer<HttpContext>({
    schema: programSchema(),
    // The rule below says it in a sentence of ours.
    introspection: true,
    validationRules: [shape, ...(isIntrospectionOn ? [] : [withoutIntrospection])],
    validationOptions: { maxErrors: MOST_ERRORS },
    hideSchemaDetailsFromClientErrors: !isIntrospectionOn,
    // No web page can make its visitor's browser send what is taken here without asking first.
    csrfPrevention: true,
    allowBatchedHttpRequests: false,
    includeStacktraceInErrorResponses: false,
    // A cache that anybody may fill is of no use here.
    persistedQueries: false,
    stopOnTerminationSignals: false,
    parseOptions: { maxTokens: MOST_TOKENS },
    formatError,
    logger: apolloLogger(runtime),
    plugins: [
      ApolloServerPluginLandingPageDisabled(),
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginInlineTraceDisabled(),
      ApolloServerPluginSchemaReportingDisabled(),
      ApolloServerPluginUsageReportingDisabled(),
      limits(),
      accountability(runtime),
    ],
  });
  const requests = { ...handlers.createAPIGatewayProxyEventV2RequestHandler(), toErrorResult };
  const answer = startServerAndCreateLambdaHandler(server, requests, {
    context: async ({ event, context }) => {
      try {
        const { table, ids, files } = runtime;
        const { publicUrl } = runtime.settings;
        const base = { table, ids, files, publicUrl, now: runtime.clock.now(), requestId: context.awsRequestId };
        const sender = {
          authorization: event.headers["authorization"],
          address: event.requestContext.http.sourceIp,
        };
        return { ...base, viewer: await viewerOf(runtime, limiter, sender, base), load: loadersOver(table) };
      } catch (error) {
        if (error instanceof GraphQLError) throw error;
        logger.error("The request could not be prepared", { requestId: context.awsRequestId, error: error as Error });
        throw refusalOf("UNAVAILABLE", 503, "The program does not answer at the moment: please try again.");
      }
    },
  });
  /** The adapter's own would tell the caller whatever was thrown. */
  function toErrorResult(error: unknown): APIGatewayProxyStructuredResultV2 {
    if (error instanceof SyntaxError) return notJson;
    logger.error("A request could not be answered", { error: error as Error });
    return plainAnswer(500, "INTERNAL_SERVER_ERROR", MASKED);
  }
  return async (event, context) => {
    const body = Buffer.byteLength(event.body ?? "", event.isBase64Encoded ? "base64" : "utf8");
    if (Math.max(body, event.rawQueryString?.length ?? 0) > MOST_BYTES) return secured(tooLarge);
    const result = await answer(event, context, () => undefined);
    return secured(result as APIGatewayProxyStructuredResultV2);
  };
}

/** Logs faults of ours with the request id that the caller is told. */
function accountability({ logger }: Runtime): ApolloServerPlugin<HttpContext> {
  return {
    async requestDidStart() {
      return {
        async didEncounterErrors({ errors, contextValue: { requestId }, operationName }) {
          for (const error of errors) {
            error.extensions["requestId"] = requestId;
            // Neither arguments nor variables: they hold what people wrote.
            if (!isOurs(error)) continue;
            // GraphQL's own wrapper hides name and stack of what was thrown.
            const thrown = unwrapResolverError(error) as Error;
            logger.error("An operation failed", { requestId, operationName, path: error.path, error: thrown });
          }
        },
        async willSendResponse({ response, contextValue: { requestId } }) {
          response.http.headers.set("x-request-id", requestId);
        },
      };
    },
  };
}

function apolloLogger({ logger }: Runtime) {
  const write = (level: "debug" | "info" | "warn" | "error") => (message: unknown) => logger[level](String(message));
  return { debug: write("debug"), info: write("info"), warn: write("warn"), error: write("error") };
}

/** What browsers may do with an answer: nothing but read it once. */
const SECURITY = {
  "cache-control": "no-store",
  "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
  "referrer-policy": "no-referrer",
  "strict-transport-security": "max-age=63072000; includeSubDomains",
  "x-content-type-options": "nosniff",
} as const;

function secured(result: APIGatewayProxyStructuredResultV2): APIGatewayProxyStructuredResultV2 {
  return { ...result, headers: { ...result.headers, ...SECURITY } };
}

function plainAnswer(statusCode: number, code: string, message: string): APIGatewayProxyStructuredResultV2 {
  return {
    statusCode,
    headers: { "content-type": "application/json; charset=utf-8" },
    body: JSON.stringify({ errors: [{ message, extensions: { code } }] }),
  };
}

const tooLarge = plainAnswer(
  413,
  "PAYLOAD_TOO_LARGE",
  `A request takes at most ${MOST_BYTES / 1024} KB: please send less at once.`,
);

const notJson = plainAnswer(
  400,
  "BAD_REQUEST",
  "The body cannot be read as JSON: please look for where it breaks off.",
);
