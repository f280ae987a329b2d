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
import { TokenRefused } from "../tokens.ts";
import type { Runtime } from "../runtime.ts";
import { formatError, isOurs, MASKED } from "./errors.ts";
import { limits } from "./limits.ts";
import { signIn, type SignInFault } from "./sign-in.ts";

/** Largest request, in bytes of its body or query string. */
const MOST_BYTES = 256 * 1024;
/**
 * Most tokens of a document; the introspection query of common tools has about 350. Checking a document takes time with
 * the square of its size: this many stay around a tenth of a second at worst.
 */
const MOST_TOKENS = 2_000;

interface HttpContext extends RequestContext {
  requestId: string;
}

type Handler = (event: APIGatewayProxyEventV2, context: Context) => Promise<APIGatewayProxyStructuredResultV2>;

/** The API: one GraphQL request as API Gateway (HTTP API, payload 2.0) hands it on, to its answer. */
export function graphqlHandler(runtime: Runtime): Handler {
  const { logger } = runtime;
  const server = new ApolloServer<HttpContext>({
    schema: programSchema(),
    introspection: true,
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
        return await contextFor(runtime, event.headers["authorization"], context.awsRequestId);
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
    if (Math.max(body, event.rawQueryString?.length ?? 0) > MOST_BYTES) return tooLarge;
    const result = await answer(event, context, () => undefined);
    return result as APIGatewayProxyStructuredResultV2;
  };
}

async function contextFor(
  runtime: Runtime,
  authorization: string | undefined,
  requestId: string,
): Promise<HttpContext> {
  const { table, ids } = runtime;
  const base = { table, ids, now: runtime.clock.now(), requestId };
  if (authorization === undefined) return { ...base, viewer: null, load: loadersOver(table) };
  const token = /^Bearer ([\w-]+\.[\w-]+\.[\w-]+)$/i.exec(authorization)?.[1];
  if (token === undefined) {
    throw refusalOf("UNAUTHENTICATED", 401, "The Authorization header must be `Bearer` and one token.");
  }
  const identity = await runtime.tokens.verify(token).catch((error: unknown) => {
    if (!(error instanceof TokenRefused)) throw error;
    if (error.fault === "KEYS_UNREACHABLE") throw error;
    const expired = error.fault === "EXPIRED";
    const message = expired ? "Your sign-in has expired: please sign in again." : "This sign-in is not valid here.";
    throw refusalOf("UNAUTHENTICATED", 401, message);
  });
  const person = await signIn(base, identity, runtime.settings.firstStaffEmail);
  if (typeof person === "string") throw refusalOf("UNAUTHENTICATED", 401, SIGN_IN_FAULTS[person]);
  return { ...base, viewer: { person, now: base.now }, load: loadersOver(table) };
}

const SIGN_IN_FAULTS: Record<SignInFault, string> = {
  NOT_VERIFIED: "Your e-mail address is not verified yet: please confirm it, then sign in again.",
  CLOSED: "This account is closed: please write to the program if you need it again.",
};

function refusalOf(code: string, status: number, message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code, http: { status } } });
}

/** Logs faults of ours with the request id that the caller is told, and marks every answer as personal. */
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
          response.http.headers.set("cache-control", "no-store");
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

function plainAnswer(statusCode: number, code: string, message: string): APIGatewayProxyStructuredResultV2 {
  return {
    statusCode,
    headers: { "content-type": "application/json; charset=utf-8", "cache-control": "no-store" },
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
