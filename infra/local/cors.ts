import type { APIGatewayProxyStructuredResultV2 } from "aws-lambda";
import { CORS } from "../wiring.ts";
import type { FrontRequest } from "./http-event.ts";

/** What API Gateway itself answers to a browser that asks beforehand; undefined when the request is none of those. */
export function preflightAnswer(
  request: FrontRequest,
  allowedOrigins: readonly string[],
): APIGatewayProxyStructuredResultV2 | undefined {
  const { method, headers } = request;
  if (method !== "OPTIONS" || !("origin" in headers) || !("access-control-request-method" in headers)) return undefined;
  if (!allowedOrigins.includes(headers["origin"] ?? "")) return { statusCode: 204 };
  return {
    statusCode: 204,
    headers: {
      "access-control-allow-methods": CORS.methods.join(","),
      "access-control-allow-headers": CORS.headers.join(","),
      "access-control-max-age": CORS.maxAgeSeconds,
    },
  };
}

/** The function's answer with what API Gateway adds for pages of an allowed origin. */
export function withCors(
  result: APIGatewayProxyStructuredResultV2,
  { headers }: FrontRequest,
  allowedOrigins: readonly string[],
): APIGatewayProxyStructuredResultV2 {
  const origin = headers["origin"];
  if (origin === undefined || !allowedOrigins.includes(origin)) return result;
  const added = {
    "access-control-allow-origin": origin,
    "access-control-expose-headers": CORS.exposed.join(","),
    vary: "Origin",
  };
  return { ...result, headers: { ...result.headers, ...added } };
}
