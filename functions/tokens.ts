import { JwtVerifier } from "aws-jwt-verify";
import {
  JwkValidationError,
  JwksValidationError,
  JwtExpiredError,
  WaitPeriodNotYetEndedJwkError,
} from "aws-jwt-verify/error";
import { SimpleJwksCache } from "aws-jwt-verify/jwk";
import { isEmailAddress, type Identity } from "../schema/person/person.ts";

/** Why a token is not accepted. */
export type TokenFault = "EXPIRED" | "INVALID" | "KEYS_UNREACHABLE";

/** A token that is not accepted. What exactly is wrong with a forged one is nobody's business. */
export class TokenRefused extends Error {
  override name = "TokenRefused";
  constructor(
    readonly fault: TokenFault,
    cause: unknown,
  ) {
    super(`The token is not accepted: ${fault}`, { cause });
  }
}

/** Tells who holds a token. */
export interface TokenVerifier {
  /** The identity a valid token proves. Throws TokenRefused for any other. */
  verify(token: string): Promise<Identity>;
}

interface Trust {
  issuer: string;
  audience: string;
  jwksUri?: string;
  /** On AWS an issuer on this machine is refused: it would be anybody's. */
  isOnAws: boolean;
}

const LOOPBACK = /^https?:\/\/(localhost|127\.|0\.0\.0\.0|\[::1?\])/i;

/** Trusts one issuer's ID tokens for one audience. Its keys are fetched at the first use and kept while the container lives. */
export function tokenVerifier({ issuer, audience, jwksUri, isOnAws }: Trust): TokenVerifier {
  if (isOnAws && (LOOPBACK.test(issuer) || LOOPBACK.test(jwksUri ?? ""))) {
    throw new Error("A loopback issuer cannot be trusted on AWS");
  }
  const verifier = JwtVerifier.create(
    { issuer, audience, jwksUri: jwksUri ?? `${issuer}/.well-known/jwks.json` },
    { jwksCache: new SimpleJwksCache({ fetcher: { fetch: fetchKeys } }) },
  );
  return {
    async verify(token) {
      try {
        const claims = await verifier.verify(token);
        if (claims["token_use"] !== "id") throw new TokenRefused("INVALID", "Not an ID token");
        // Checked by the library only where there is one; without it the token would be good for ever.
        if (typeof claims.exp !== "number") throw new TokenRefused("INVALID", "Without an expiry");
        return identityOf(issuer, claims);
      } catch (error) {
        throw error instanceof TokenRefused ? error : new TokenRefused(faultOf(error), error);
      }
    },
  };
}

function identityOf(issuer: string, claims: Record<string, unknown>): Identity {
  const { sub, email, email_verified: verified, name } = claims;
  if (typeof sub !== "string" || typeof email !== "string" || !isEmailAddress(email)) {
    throw new TokenRefused("INVALID", "Without a subject or an e-mail address");
  }
  return {
    account: `${issuer}|${sub}`,
    email,
    // Cognito writes the claim as text in some flows.
    emailVerified: verified === true || verified === "true",
    name: typeof name === "string" ? name : "",
  };
}

/** Faults of the issuer's key list, or of asking for it again too soon: they say nothing about the token. */
const KEY_FAULTS = [JwksValidationError, JwkValidationError, WaitPeriodNotYetEndedJwkError];

function faultOf(error: unknown): TokenFault {
  if (error instanceof JwtExpiredError) return "EXPIRED";
  const keysFailed = error instanceof KeysUnreachable || KEY_FAULTS.some((fault) => error instanceof fault);
  return keysFailed ? "KEYS_UNREACHABLE" : "INVALID";
}

class KeysUnreachable extends Error {}

/** The library's own fetcher speaks HTTPS only, and the laptop's issuer is on plain HTTP. */
async function fetchKeys(uri: string): Promise<ArrayBuffer> {
  try {
    const response = await fetch(uri, { signal: AbortSignal.timeout(3_000) });
    if (!response.ok) throw new Error(`Status ${response.status}`);
    return await response.arrayBuffer();
  } catch (error) {
    throw new KeysUnreachable("The issuer's keys cannot be fetched", { cause: error });
  }
}
