import { createHash, createHmac, type Hash, type Hmac } from "node:crypto";
import { defaultProvider } from "@aws-sdk/credential-provider-node";
import { createScope, getSigningKey, SignatureV4 } from "@smithy/signature-v4";
import { FilesUnavailable, type FileStore } from "../schema/shared/files.ts";
import { FILE_PREFIXES } from "../schema/shared/keys.ts";
import { instantFromMilliseconds, later, millisecondsOf, type Clock, type Instant } from "../schema/shared/time.ts";

const UPLOAD_MINUTES = 10;
const DOWNLOAD_SECONDS = 300;
/** How many first bytes are looked at. */
const BEGINNING_BYTES = 16;
const REQUEST_MILLISECONDS = 4_000;
/** Keys that S3 manages: one of our own would keep out nobody who may not read the bucket anyway. */
const ENCRYPTION = { "x-amz-server-side-encryption": "AES256" };

interface FilesSource {
  bucket: string;
  region: string;
  /** Another S3 endpoint; absent means AWS. */
  endpoint?: string;
  /** Signatures carry this clock's time. */
  clock: Clock;
}

/**
 * Files in S3. Only signatures are needed and four plain requests, so there is no client: it would only make the API's
 * bundle larger. The credentials are found where the SDK finds them, at the first use.
 */
export function openFiles({ bucket, region, endpoint, clock }: FilesSource): FileStore {
  const base = new URL(endpoint ? `${endpoint}/${bucket}` : `https://${bucket}.s3.${region}.amazonaws.com`);
  const credentials = defaultProvider();
  const signer = new SignatureV4({ credentials, region, service: "s3", sha256: Sha256, uriEscapePath: false });
  const pathOf = (key: string) => `${base.pathname.replace(/\/$/, "")}/${key}`;
  const uploadKey = (id: string) => `${FILE_PREFIXES.uploads}${id}`;
  const keptKey = (id: string) => `${FILE_PREFIXES.kept}${id}`;

  function requestTo(method: string, key: string, headers: Record<string, string> = {}) {
    const port = base.port ? Number(base.port) : undefined;
    const { protocol, hostname, host } = base;
    return { method, protocol, hostname, port, path: pathOf(key), query: {}, headers: { ...headers, host } };
  }

  async function sendOnce(method: string, key: string, headers: Record<string, string>): Promise<Response> {
    const request = requestTo(method, key, headers);
    const signed = await signer.sign(request, { signingDate: new Date(clock.now()) });
    const { host: _host, ...sent } = signed.headers;
    const response = await fetch(`${base.origin}${request.path}`, {
      method,
      headers: sent,
      signal: AbortSignal.timeout(REQUEST_MILLISECONDS),
    });
    if (response.status >= 500) throw new Error(`Status ${response.status}`);
    return response;
  }

  /** Each request can be repeated: none of them does anything twice. */
  async function send(method: string, key: string, headers: Record<string, string> = {}): Promise<Response> {
    try {
      return await sendOnce(method, key, headers).catch(() => sendOnce(method, key, headers));
    } catch (error) {
      throw new FilesUnavailable(error);
    }
  }

  return {
    async uploadForm({ id, contentType, bytes }) {
      const now = wholeSecond(clock.now());
      const expiresAt = later(now, { minutes: UPLOAD_MINUTES });
      const { accessKeyId, secretAccessKey, sessionToken } = await credentials();
      const [date, day] = [compact(now), compact(now).slice(0, 8)];
      const fields = {
        key: uploadKey(id),
        "Content-Type": contentType,
        success_action_status: "204",
        ...ENCRYPTION,
        "x-amz-algorithm": "AWS4-HMAC-SHA256",
        "x-amz-credential": `${accessKeyId}/${createScope(day, region, "s3")}`,
        "x-amz-date": date,
        ...(sessionToken && { "x-amz-security-token": sessionToken }),
      };
      const conditions = [
        { bucket },
        ["content-length-range", bytes, bytes],
        ...Object.entries(fields).map(([name, value]) => ({ [name]: value })),
      ];
      const policy = Buffer.from(JSON.stringify({ expiration: expiresAt, conditions })).toString("base64");
      const signingKey = await getSigningKey(Sha256, { accessKeyId, secretAccessKey, sessionToken }, day, region, "s3");
      const signature = createHmac("sha256", signingKey).update(policy).digest("hex");
      const all = { ...fields, policy, "x-amz-signature": signature };
      return {
        url: `${base.origin}${pathOf("")}`,
        fields: Object.entries(all).map(([name, value]) => ({ name, value })),
        expiresAt,
      };
    },

    async inspect(id) {
      const response = await send("GET", uploadKey(id), { range: `bytes=0-${BEGINNING_BYTES - 1}` });
      if (response.status === 404) return null;
      const [, total] = /^bytes 0-\d+\/(\d+)$/.exec(response.headers.get("content-range") ?? "") ?? [];
      if (response.status !== 206 || total === undefined) throw unexpected("inspect", response);
      return {
        bytes: Number(total),
        contentType: response.headers.get("content-type") ?? "",
        tag: response.headers.get("etag") ?? "",
        beginning: new Uint8Array(await response.arrayBuffer()),
      };
    },

    async keep(id, { tag, contentType }) {
      const response = await send("PUT", keptKey(id), {
        "x-amz-copy-source": `/${bucket}/${uploadKey(id)}`,
        "x-amz-copy-source-if-match": tag,
        "x-amz-metadata-directive": "REPLACE",
        "content-type": contentType,
        ...ENCRYPTION,
      });
      if (response.status === 404 || response.status === 412) return false;
      // A copy that fails on the way has begun to answer with success: only the body tells.
      const body = await response.text();
      if (response.status !== 200 || !body.includes("<CopyObjectResult")) throw unexpected("keep", response);
      return true;
    },

    async downloadLink({ id, name, contentType }) {
      const now = wholeSecond(clock.now());
      const request = {
        // S3 reckons with this for every link, whatever the content.
        ...requestTo("GET", keptKey(id), { "x-amz-content-sha256": "UNSIGNED-PAYLOAD" }),
        query: {
          "response-content-disposition": dispositionOf(name),
          "response-content-type": contentType,
          "response-cache-control": "private, no-store",
        },
      };
      const options = { signingDate: new Date(now), expiresIn: DOWNLOAD_SECONDS };
      const { query = {} } = await signer.presign(request, options);
      const pairs = Object.entries(query).map(([key, value]) => `${encode(key)}=${encode(String(value))}`);
      return {
        url: `${base.origin}${request.path}?${pairs.join("&")}`,
        expiresAt: later(now, { seconds: DOWNLOAD_SECONDS }),
      };
    },

    async remove(id) {
      for (const key of [uploadKey(id), keptKey(id)]) {
        const response = await send("DELETE", key);
        if (response.status !== 204) throw unexpected("remove", response);
      }
    },
  };
}

function unexpected(what: string, { status }: Response): Error {
  return new Error(`S3 answered the request to ${what} a file with status ${status}`);
}

/** Saves the file under its name and never shows it (RFC 6266); old browsers get the name in plain letters. */
function dispositionOf(name: string): string {
  const plain = name.replaceAll(/[^\w. ()-]/g, "_");
  return `attachment; filename="${plain}"; filename*=UTF-8''${encode(name)}`;
}

/** Percent-encoding of everything that is not unreserved (RFC 3986). */
function encode(text: string): string {
  return encodeURIComponent(text).replaceAll(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** Signatures carry whole seconds. */
function wholeSecond(now: Instant): Instant {
  return instantFromMilliseconds(Math.floor(millisecondsOf(now) / 1_000) * 1_000);
}

/** `20270130T013000Z`, as signatures write it. */
function compact(instant: Instant): string {
  return instant.replaceAll(/[-:]|\.\d+/g, "");
}

/** SHA-256 with or without a secret, in the form that the signer asks for. */
class Sha256 {
  private readonly work: Hash | Hmac;

  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    this.work = secret === undefined ? createHash("sha256") : createHmac("sha256", bytesOf(secret));
  }

  update(data: string | ArrayBuffer | ArrayBufferView): void {
    this.work.update(bytesOf(data));
  }

  async digest(): Promise<Uint8Array> {
    return this.work.digest();
  }

  reset(): void {}
}

function bytesOf(data: string | ArrayBuffer | ArrayBufferView): Uint8Array | string {
  if (typeof data === "string") return data;
  if (ArrayBuffer.isView(data)) return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return new Uint8Array(data);
}
