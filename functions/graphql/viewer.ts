import { HeaderMap } from "@apollo/server";
import { GraphQLError } from "graphql";
import type { Identity, Viewer } from "../../schema/person/person.ts";
import type { CommandContext } from "../../schema/shared/command.ts";
import { hashOfSecret } from "../../schema/shared/secret.ts";
import type { Runtime } from "../runtime.ts";
import { TokenRefused } from "../tokens.ts";
import { networkOf, type RateLimiter, type Rates } from "./rate.ts";
import { serviceViewerOf } from "./service-token.ts";
import { signIn, type SignInFault } from "./sign-in.ts";

const NOT_VALID = "This sign-in is not valid here.";
const EXPIRED = "Your sign-in has expired: please sign in again.";

const SIGN_IN_FAULTS: Record<SignInFault, string> = {
  NOT_VERIFIED: "Your e-mail address is not verified yet: please confirm it, then sign in again.",
  CLOSED: "This account is closed: please write to the program if you need it again.",
};

/** What of a request tells who sent it. */
export interface Sender {
  authorization: string | undefined;
  address: string;
}

/**
 * Whoever sent the request, if they have not asked too often: a person with a token of the issuer, a service token, or null for
 * nobody. Whoever sends something that is not valid is counted by their address, like nobody. Throws a GraphQL error for them.
 */
export async function viewerOf(
  runtime: Runtime,
  limiter: RateLimiter,
  { authorization, address }: Sender,
  context: CommandContext,
): Promise<Viewer | null> {
  const { now } = context;
  async function admit(kind: keyof Rates, name: string): Promise<void> {
    const seconds = await limiter(kind, name, now);
    if (seconds !== null) throw tooMany(seconds);
  }
  const admitAddress = () => admit("address", networkOf(address));
  async function refuse(message: string): Promise<never> {
    await admitAddress();
    throw refusalOf("UNAUTHENTICATED", 401, message);
  }

  if (authorization === undefined) {
    await admitAddress();
    return null;
  }
  const [, secret, token] = /^Bearer (?:(svc_[\w.-]+)|([\w-]+\.[\w-]+\.[\w-]+))$/i.exec(authorization) ?? [];
  if (secret !== undefined) {
    // By its secret and not by its id, so that whoever knows the id alone cannot use up what the token may ask.
    await admit("account", hashOfSecret(secret));
    return (await serviceViewerOf(context.table, secret, now)) ?? refuse(NOT_VALID);
  }
  if (token === undefined) return refuse("The Authorization header must be `Bearer` and one token.");
  let identity: Identity;
  try {
    identity = await runtime.tokens.verify(token);
  } catch (error) {
    if (!(error instanceof TokenRefused)) throw error;
    if (error.fault !== "KEYS_UNREACHABLE") return refuse(error.fault === "EXPIRED" ? EXPIRED : NOT_VALID);
    await admitAddress();
    throw error;
  }
  await admit("account", identity.account);
  const person = await signIn(context, identity, runtime.settings.firstStaffEmail);
  return typeof person === "string" ? refuse(SIGN_IN_FAULTS[person]) : { person, now };
}

/** A refusal before anything was executed. */
export function refusalOf(code: string, status: number, message: string, headers?: HeaderMap): GraphQLError {
  return new GraphQLError(message, { extensions: { code, http: { status, ...(headers && { headers }) } } });
}

function tooMany(seconds: number): GraphQLError {
  const message = `These were too many requests for one minute: please try again in ${seconds} seconds.`;
  return refusalOf("TOO_MANY_REQUESTS", 429, message, new HeaderMap([["retry-after", String(seconds)]]));
}
