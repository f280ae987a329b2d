import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";

/** The keys that signatures are made with. */
export interface FilesCredentials {
  accessKeyId: string;
  secretAccessKey: string;
}

/** A refusal of the endpoint, with S3's own code. */
export class FilesError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

/** How far a signature's time may be from the clock's, in milliseconds. */
const SKEW_MILLISECONDS = 15 * 60 * 1000;
/** Longest life of a link, in seconds. */
const LONGEST_SECONDS = 7 * 24 * 60 * 60;

interface Signed {
  scope: string;
  date: string;
  signedHeaders: string;
  signature: string;
}

/** Checks the signature of a request, in its query (a link) or its header (Signature Version 4). Throws FilesError. */
export function verifyRequest(request: IncomingMessage, credentials: FilesCredentials, now: number): void {
  const [path = "", search = ""] = (request.url ?? "").split("?");
  const pairs = search === "" ? [] : search.split("&").map((pair) => pair.split("=") as [string, string | undefined]);
  const query = new Map(pairs.map(([name, value = ""]) => [decode(name), decode(value)]));
  const isLink = query.has("X-Amz-Signature");
  const signed = isLink ? ofLink(query, now) : ofHeader(request, now);
  if (credentialOf(signed.scope) !== credentials.accessKeyId) {
    throw new FilesError(403, "InvalidAccessKeyId", "The access key is not known here.");
  }
  const canonicalQuery = pairs
    .map(([name, value = ""]) => [encode(decode(name)), encode(decode(value))] as const)
    .filter(([name]) => name !== "X-Amz-Signature")
    .sort(([a, x], [b, y]) => (a === b ? (x < y ? -1 : 1) : a < b ? -1 : 1))
    .map((pair) => pair.join("="))
    .join("&");
  const names = signed.signedHeaders.split(";");
  if (!names.includes("host")) throw new FilesError(403, "AccessDenied", "The host must be signed.");
  const headers = names.map((name) => `${name}:${String(request.headers[name] ?? "").trim()}\n`).join("");
  const payload = isLink ? "UNSIGNED-PAYLOAD" : String(request.headers["x-amz-content-sha256"] ?? "");
  const canonical = [request.method, path, canonicalQuery, headers, signed.signedHeaders, payload].join("\n");
  const digest = createHash("sha256").update(canonical).digest("hex");
  const [, ...scope] = signed.scope.split("/");
  const text = ["AWS4-HMAC-SHA256", signed.date, scope.join("/"), digest].join("\n");
  verifyText(text, signed, credentials);
}

/** Checks the signature of a text under a credential scope. Throws FilesError. */
export function verifyText(
  text: string,
  { scope, signature }: Pick<Signed, "scope" | "signature">,
  credentials: FilesCredentials,
): void {
  const [accessKeyId, ...parts] = scope.split("/");
  if (accessKeyId !== credentials.accessKeyId) {
    throw new FilesError(403, "InvalidAccessKeyId", "The access key is not known here.");
  }
  let key: string | Buffer = `AWS4${credentials.secretAccessKey}`;
  for (const part of parts) key = createHmac("sha256", key).update(part).digest();
  const expected = createHmac("sha256", key).update(text).digest();
  const given = Buffer.from(signature, "hex");
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) {
    throw new FilesError(403, "SignatureDoesNotMatch", "The signature is not the one of this request.");
  }
}

function ofLink(query: ReadonlyMap<string, string>, now: number): Signed {
  const date = query.get("X-Amz-Date") ?? "";
  const seconds = Number(query.get("X-Amz-Expires"));
  if (!(seconds >= 1 && seconds <= LONGEST_SECONDS)) {
    throw new FilesError(400, "AuthorizationQueryParametersError", "X-Amz-Expires must be between 1 and 604800.");
  }
  const from = millisecondsOf(date);
  if (now < from - SKEW_MILLISECONDS) throw new FilesError(403, "AccessDenied", "Request is not valid yet");
  if (now >= from + seconds * 1000) throw new FilesError(403, "AccessDenied", "Request has expired");
  return {
    scope: query.get("X-Amz-Credential") ?? "",
    date,
    signedHeaders: query.get("X-Amz-SignedHeaders") ?? "",
    signature: query.get("X-Amz-Signature") ?? "",
  };
}

function ofHeader({ headers }: IncomingMessage, now: number): Signed {
  const match = /^AWS4-HMAC-SHA256 Credential=(\S+), ?SignedHeaders=(\S+), ?Signature=([0-9a-f]{64})$/.exec(
    headers.authorization ?? "",
  );
  if (!match) throw new FilesError(403, "AccessDenied", "Access Denied");
  const [, scope = "", signedHeaders = "", signature = ""] = match;
  const date = String(headers["x-amz-date"] ?? "");
  if (!(Math.abs(now - millisecondsOf(date)) <= SKEW_MILLISECONDS)) {
    throw new FilesError(403, "RequestTimeTooSkewed", "The time of the request is too far from the server's.");
  }
  return { scope, date, signedHeaders, signature };
}

function credentialOf(scope: string): string {
  return scope.split("/")[0] ?? "";
}

/** Not a number for anything but `20270130T013000Z`. */
function millisecondsOf(date: string): number {
  return Date.parse(date.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, "$1-$2-$3T$4:$5:$6Z"));
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new FilesError(400, "InvalidURI", "The address cannot be read.");
  }
}

function encode(text: string): string {
  return encodeURIComponent(text).replaceAll(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
