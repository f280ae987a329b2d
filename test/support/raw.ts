import type { Caller } from "../../infra/local/caller.ts";
import { gatewayEvent, lambdaContext } from "../../infra/local/http-event.ts";
import type { Program } from "./program.ts";

/** A request as it comes over the wire, and what is said about its sender. */
export interface Raw {
  method?: string;
  /** Without the question mark. */
  query?: string;
  headers?: Record<string, string>;
  body?: string | Buffer;
  caller?: Caller;
}

/** The answer to a request, with the body as text. */
export interface RawAnswer {
  status: number;
  text: string;
  headers: Record<string, unknown>;
}

/** Hands the function exactly these bytes, as API Gateway would. A body is JSON unless the headers say otherwise. */
export async function sendRaw(program: Program, raw: Raw): Promise<RawAnswer> {
  const { method = "POST", query = "", body = "", caller = null } = raw;
  const headers: Record<string, string> = {
    host: "localhost",
    ...(raw.headers ?? { "content-type": "application/json" }),
  };
  if (caller) headers["authorization"] = `Bearer ${caller.token ?? (await program.issuer.sign(caller))}`;
  const request = {
    method,
    path: "/graphql",
    query,
    headers,
    cookies: [],
    sourceIp: "127.0.0.1",
    body: Buffer.from(body),
  };
  const result = await program.handlers.graphql(gatewayEvent(request, program.clock.now()), lambdaContext());
  return { status: result.statusCode ?? 200, text: result.body ?? "", headers: result.headers ?? {} };
}

/** The first error of an answer: its code and sentence. */
export function faultOf({ text }: RawAnswer): { code: unknown; message: string } {
  const { errors } = JSON.parse(text) as { errors: { message: string; extensions: { code: unknown } }[] };
  return { code: errors[0]!.extensions.code, message: errors[0]!.message };
}

/** What an answer must never tell: stacks, where files are, how items are kept, what the function's surroundings are. */
export const INSIDES = new RegExp(
  [
    String.raw`\bat \S+ \(|\.ts:\d|\.js:\d|node_modules|${process.cwd().replaceAll(/\W/g, ".")}|/var/task|file://`,
    String.raw`(PERSON|COHORT|APPLICATION|CLAIM|FILE|MESSAGE|LINKS?|HISTORY|CERTIFICATE|SERVICE_TOKEN|RATE|IDEMPOTENCY|DUE|RELEASE|COUNTER)#`,
    String.raw`byWho|byList|byDue|"pk"|"sk"|expiresAtSeconds|ConditionExpression|DynamoDB|dynoxide`,
    String.raw`cto-mentor-program|TABLE_|AWS_|TOKEN_|accessKey|ECONN|TypeError|RangeError|SyntaxError|undefined`,
  ].join("|"),
);
