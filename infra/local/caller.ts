import { gatewayEvent, lambdaContext } from "./http-event.ts";
import type { Stack } from "./stack.ts";

/** A GraphQL answer as a caller reads it. */
export interface GraphqlAnswer {
  data?: Record<string, unknown> | null;
  errors?: { message: string; path?: (string | number)[]; extensions?: Record<string, unknown> }[];
}

/** Who calls; null for somebody who is not signed in. Whoever has a token of their own sends it instead of the issuer's. */
export type Caller = { name: string; email: string; token?: string } | null;

/** Calls the API's own handler as API Gateway would, for demo data and tests. */
export async function call(
  stack: Pick<Stack, "handlers" | "issuer" | "clock">,
  caller: Caller,
  query: string,
  variables: Record<string, unknown> = {},
): Promise<GraphqlAnswer> {
  const headers: Record<string, string> = { host: "localhost", "content-type": "application/json" };
  if (caller) headers["authorization"] = `Bearer ${caller.token ?? (await stack.issuer.sign(caller))}`;
  const body = Buffer.from(JSON.stringify({ query, variables }));
  const request = { method: "POST", path: "/graphql", query: "", headers, cookies: [], body, sourceIp: "127.0.0.1" };
  const result = await stack.handlers.graphql(gatewayEvent(request, stack.clock.now()), lambdaContext());
  const { data, errors } = JSON.parse(result.body ?? "{}") as GraphqlAnswer;
  return { ...(data !== undefined && { data }), ...(errors && { errors }) };
}
