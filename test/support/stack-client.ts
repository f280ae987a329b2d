import type { ClockAnswer } from "../../infra/local/pages/index.ts";
import { openIssuer } from "../../infra/local/issuer.ts";
import type { Caller, GraphqlAnswer } from "../../infra/local/caller.ts";
import type { Program } from "./program.ts";
import type { StackProcess } from "./stack-process.ts";

/** A mail as `/mail.json` lists it, as far as tests look at it. */
export interface ListedMail {
  to: string[];
  subject: string;
}

/** Uses a stack that runs on its own, over HTTP. */
export interface StackClient extends Pick<Program, "ask"> {
  /** Moves the clock on, does what became due, and waits for everything that follows. */
  advance(duration: string): Promise<ClockAnswer>;
  now(): Promise<string>;
  mails(): Promise<ListedMail[]>;
}

/**
 * Whether a call failed without saying that it was done or not: the connection broke, or the program says that it does
 * not know. Anything else is an answer.
 */
export function isSilence(error: unknown): boolean {
  return /fetch failed|terminated|other side closed|please look whether it was done/.test(String(error));
}

/** A client with tokens of the stack's own issuer, as `npm run token` makes them. */
export async function clientOf({ url }: Pick<StackProcess, "url">, data: string): Promise<StackClient> {
  const issuer = await openIssuer({ url, directory: data, create: false });
  const tokens = new Map<string, string>();
  const tokenOf = async (caller: NonNullable<Caller>) => {
    const token = tokens.get(caller.email) ?? (await issuer.sign(caller));
    tokens.set(caller.email, token);
    return token;
  };
  const json = { accept: "application/json", "content-type": "application/json" };

  async function asked<Answer>(path: string, body?: object, headers: Record<string, string> = {}): Promise<Answer> {
    const init = body && { method: "POST", body: JSON.stringify(body) };
    const response = await fetch(`${url}${path}`, { ...init, headers: { ...json, ...headers } });
    if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`);
    return (await response.json()) as Answer;
  }

  return {
    async ask<Data>(caller: Caller, query: string, variables: Record<string, unknown> = {}) {
      const headers = caller ? { authorization: `Bearer ${await tokenOf(caller)}` } : undefined;
      const { data: answer, errors } = await asked<GraphqlAnswer>("/graphql", { query, variables }, headers);
      if (errors) throw new Error(errors.map(({ message }) => message).join(" "));
      return answer as Data;
    },
    advance: (duration) => asked("/clock", { advance: duration }),
    now: async () => (await asked<{ now: string }>("/clock")).now,
    mails: () => asked("/mail.json"),
  };
}
