import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from "aws-lambda";
import { TIMEOUT_SECONDS } from "../wiring.ts";
import { LOCAL_CREDENTIALS } from "./connection.ts";

const FUNCTION_NAME = "laptop-graphql";
const ACCOUNT = "000000000000";
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** A request as it reached the laptop's front: path and query still as they were written. */
export interface FrontRequest {
  method: string;
  path: string;
  /** Without the question mark. */
  query: string;
  /** Names in lower case; a header that came several times is joined with commas. */
  headers: Record<string, string>;
  cookies: string[];
  body: Buffer;
  sourceIp: string;
}

/** Reads everything of a request but its body. */
export function frontRequest(request: IncomingMessage, body: Buffer): FrontRequest {
  const [path = "/", ...query] = (request.url ?? "/").split("?");
  const headers: Record<string, string> = Object.create(null);
  const cookies: string[] = [];
  for (let index = 0; index < request.rawHeaders.length; index += 2) {
    const name = (request.rawHeaders[index] ?? "").toLowerCase();
    const value = request.rawHeaders[index + 1] ?? "";
    if (name === "cookie") cookies.push(...value.split(";").map((cookie) => cookie.trim()));
    else headers[name] = name in headers ? `${headers[name]},${value}` : value;
  }
  const sourceIp = request.socket.remoteAddress ?? "127.0.0.1";
  return { method: request.method ?? "GET", path, query: query.join("?"), headers, cookies, body, sourceIp };
}

/** The event that API Gateway's HTTP API (payload 2.0) makes of the request. The time is the program's. */
export function gatewayEvent(request: FrontRequest, now: string): APIGatewayProxyEventV2 {
  const { method, path, query, headers, cookies, body, sourceIp } = request;
  const isText = isTextBody(headers);
  const host = headers["host"] ?? "localhost";
  return {
    version: "2.0",
    routeKey: "$default",
    rawPath: path,
    rawQueryString: query,
    ...(cookies.length > 0 && { cookies }),
    headers: { ...headers },
    ...(query !== "" && { queryStringParameters: joinedParameters(query) }),
    requestContext: {
      accountId: ACCOUNT,
      apiId: "laptop",
      domainName: host,
      domainPrefix: host.split(".")[0] ?? host,
      http: { method, path, protocol: "HTTP/1.1", sourceIp, userAgent: headers["user-agent"] ?? "" },
      requestId: randomUUID(),
      routeKey: "$default",
      stage: "$default",
      time: gatewayTime(new Date(now)),
      timeEpoch: Date.parse(now),
    },
    ...(body.length > 0 && { body: body.toString(isText ? "utf8" : "base64") }),
    isBase64Encoded: body.length > 0 && !isText,
  };
}

/** API Gateway hands on these content types as text, unless they are packed, and everything else in base64. */
function isTextBody(headers: Record<string, string>): boolean {
  const encoding = headers["content-encoding"] ?? "identity";
  const type = (headers["content-type"] ?? "").split(";")[0]?.trim().toLowerCase() ?? "";
  return encoding === "identity" && /^(text\/.+|application\/(json|javascript|xml))$/.test(type);
}

function joinedParameters(query: string): Record<string, string> {
  const joined: Record<string, string> = Object.create(null);
  for (const [name, value] of new URLSearchParams(query)) {
    joined[name] = name in joined ? `${joined[name]},${value}` : value;
  }
  return { ...joined };
}

/** In the gateway's own notation: `12/Mar/2020:19:03:58 +0000`. */
function gatewayTime(date: Date): string {
  const two = (value: number) => String(value).padStart(2, "0");
  const day = `${two(date.getUTCDate())}/${MONTHS[date.getUTCMonth()]}/${date.getUTCFullYear()}`;
  return `${day}:${two(date.getUTCHours())}:${two(date.getUTCMinutes())}:${two(date.getUTCSeconds())} +0000`;
}

/** What Lambda tells a function about this call. The remaining time runs in real time. */
export function lambdaContext(functionName = FUNCTION_NAME, seconds: number = TIMEOUT_SECONDS.graphql): Context {
  const end = Date.now() + seconds * 1000;
  const awsRequestId = randomUUID();
  return {
    callbackWaitsForEmptyEventLoop: true,
    functionName,
    functionVersion: "$LATEST",
    invokedFunctionArn: `arn:aws:lambda:${LOCAL_CREDENTIALS.region}:${ACCOUNT}:function:${functionName}`,
    memoryLimitInMB: "1024",
    awsRequestId,
    logGroupName: `/aws/lambda/${functionName}`,
    logStreamName: "laptop",
    getRemainingTimeInMillis: () => Math.max(0, end - Date.now()),
    done: () => {},
    fail: () => {},
    succeed: () => {},
  };
}

/** Sends the function's answer as API Gateway would. Node leaves out the body where the method asks for none. */
export function writeGatewayAnswer(response: ServerResponse, result: APIGatewayProxyStructuredResultV2): void {
  const body = Buffer.from(result.body ?? "", result.isBase64Encoded ? "base64" : "utf8");
  for (const [name, value] of Object.entries(result.headers ?? {})) {
    // The gateway counts for itself; a wrong count of the function's would break the connection.
    if (name.toLowerCase() !== "content-length")
      response.setHeader(name, typeof value === "boolean" ? String(value) : value);
  }
  if (!response.hasHeader("content-type")) response.setHeader("content-type", "text/plain; charset=utf-8");
  if (result.cookies !== undefined && result.cookies.length > 0) response.setHeader("set-cookie", result.cookies);
  response.statusCode = result.statusCode ?? 200;
  if (response.statusCode !== 204 && response.statusCode !== 304) response.setHeader("content-length", body.length);
  response.end(body);
}
