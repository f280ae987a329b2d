import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { calculateJwkThumbprint, exportJWK, generateKeyPair, importJWK, SignJWT } from "jose";
import type { JSONWebKeySet, JWK } from "jose";
import { writeDurably } from "./durable.ts";

const ALGORITHM = "RS256";
const KEY_FILE = "issuer-keys.json";
const TWELVE_HOURS = 12 * 60 * 60;

/** Whom a token is for, and how it differs from an ordinary one. */
export interface TokenRequest {
  email: string;
  name: string;
  /** The person's lasting id at the issuer (`sub`). Made from the address when absent, so that it stays the same. */
  subject?: string;
  /** Lifetime in seconds of real time, 12 hours when absent; a negative one gives a token that has already expired. */
  expiresInSeconds?: number;
  /** Claims to put over the usual ones, for tests; `undefined` leaves the claim out. */
  claims?: Record<string, unknown>;
}

/** A token issuer for laptops: signs what Amazon Cognito would, with a key that exists only in this data folder. */
export interface Issuer {
  /** The issuer's address, the `iss` of its tokens. */
  url: string;
  /** The app client's id, the `aud` of its tokens. */
  audience: string;
  /** An ID token with the claims of Cognito's. It uses the real time, not the program's clock. */
  sign(request: TokenRequest): Promise<string>;
  /** Signs with a new key from now on. Tokens of the earlier keys stay valid. */
  rotate(): Promise<void>;
  /** The public keys, newest first. */
  jwks(): JSONWebKeySet;
  /** What `/.well-known/openid-configuration` answers. */
  discovery(): Record<string, unknown>;
}

/** The audience of the laptop's tokens. */
export const LOCAL_AUDIENCE = "laptop";

/**
 * Opens the issuer whose keys are in the folder, making the first key when there is none and `create` allows it. Without
 * a folder the keys live in memory. Throws one clear sentence when there is no key or its file is broken.
 */
export async function openIssuer(options: {
  url: string;
  directory?: string;
  audience?: string;
  create?: boolean;
}): Promise<Issuer> {
  const audience = options.audience ?? LOCAL_AUDIENCE;
  const file = options.directory === undefined ? undefined : join(options.directory, KEY_FILE);
  let keys = file === undefined ? [] : await readKeys(file);

  async function rotate(): Promise<void> {
    const next = [await makeKey(), ...keys];
    if (file !== undefined) await writeDurably(file, JSON.stringify({ keys: next }));
    keys = next;
  }

  if (keys.length === 0) {
    if (options.create === false) throw new Error("There is no key to sign with yet. Start the stack once: npm start");
    await rotate();
  }

  return {
    url: options.url,
    audience,
    rotate,
    jwks: () => ({ keys: keys.map(publicPart) }),
    discovery: () => ({
      issuer: options.url,
      authorization_endpoint: `${options.url}/sign-in`,
      jwks_uri: `${options.url}/.well-known/jwks.json`,
      response_types_supported: ["token"],
      subject_types_supported: ["public"],
      id_token_signing_alg_values_supported: [ALGORITHM],
    }),
    sign: async (request) => {
      const key = keys[0];
      if (key === undefined) throw new Error("The issuer has no key.");
      const issuedAt = Math.floor(Date.now() / 1000);
      const subject = request.subject ?? subjectOf(request.email);
      const claims = {
        iss: options.url,
        aud: audience,
        sub: subject,
        token_use: "id",
        email: request.email,
        email_verified: true,
        name: request.name,
        "cognito:username": subject,
        auth_time: issuedAt,
        iat: issuedAt,
        exp: issuedAt + (request.expiresInSeconds ?? TWELVE_HOURS),
        ...request.claims,
      };
      return new SignJWT(claims)
        .setProtectedHeader({ alg: ALGORITHM, kid: key.kid })
        .sign(await importJWK(key, ALGORITHM));
    },
  };
}

async function makeKey(): Promise<JWK> {
  const { privateKey } = await generateKeyPair(ALGORITHM, { extractable: true });
  const key = await exportJWK(privateKey);
  return { ...key, kid: await calculateJwkThumbprint(key), alg: ALGORITHM, use: "sig" };
}

function publicPart({ kty, n, e, kid, alg, use }: JWK): JWK {
  return { kty, n, e, kid, alg, use };
}

async function readKeys(file: string): Promise<JWK[]> {
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return [];
    throw new Error(`The issuer's keys in ${file} cannot be read.`, { cause: error });
  }
  try {
    const content: unknown = JSON.parse(text);
    if (typeof content === "object" && content !== null && "keys" in content && Array.isArray(content.keys)) {
      const keys: JWK[] = content.keys;
      await Promise.all(keys.map((key) => importJWK(key, ALGORITHM)));
      return keys;
    }
  } catch {
    // Falls through to the same sentence: which of the two went wrong does not help anyone.
  }
  throw new Error(`The issuer's keys in ${file} are broken. Remove the file, and sign in again.`);
}

/** The same address gets the same id after a restart and on every laptop, in the form of Cognito's. */
function subjectOf(email: string): string {
  const digest = createHash("sha256").update(email.toLowerCase()).digest("hex");
  const parts = [digest.slice(0, 8), digest.slice(8, 12), `4${digest.slice(13, 16)}`, `8${digest.slice(17, 20)}`];
  return [...parts, digest.slice(20, 32)].join("-");
}
