import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { FILE_PREFIXES, UPLOAD_DAYS } from "../../schema/shared/keys.ts";
import { later, type Clock } from "../../schema/shared/time.ts";
import { messageOf } from "./error-message.ts";
import { readForm } from "./files-form.ts";
import { FilesError, verifyRequest, type FilesCredentials } from "./files-signature.ts";
import { openObjects } from "./files-store.ts";

/** The largest request: the program takes files of 10 MB at most, so one fits into memory. */
const MAX_BYTES = 16 * 1024 * 1024;

/** A file endpoint that speaks as much of Amazon S3 as the program uses, over a folder. */
export interface LocalFiles {
  endpoint: string;
  /** Keys of everything that is kept, sorted. */
  keys(): Promise<string[]>;
  /** Answers the next requests of a method with 503 instead of doing what they ask. */
  fail(method: string, times: number): void;
  stop(): Promise<void>;
}

/** How to start the endpoint. */
export interface FilesOptions {
  bucket: string;
  /** Where files are kept; in a folder of its own, gone afterwards, when absent. */
  directory?: string;
  /** Port on the loopback address, a free one when absent. */
  port?: number;
  /** What forms and links expire by. */
  clock: Clock;
  /** The keys that the functions sign with. */
  credentials: () => Promise<FilesCredentials>;
}

/** Starts the endpoint on the loopback address. Every request must be signed, as in the cloud. */
export async function startFiles({ bucket, directory, port, clock, credentials }: FilesOptions): Promise<LocalFiles> {
  const folder = directory ?? (await mkdtemp(join(tmpdir(), "program-files-")));
  const objects = await openObjects(folder);
  const failing = new Map<string, number>();

  /** Throws old uploads away, like the bucket's lifecycle rule. */
  async function tidy(): Promise<void> {
    const oldest = later(clock.now(), { hours: -24 * UPLOAD_DAYS });
    for (const { key, putAt } of await objects.list()) {
      if (key.startsWith(FILE_PREFIXES.uploads) && putAt < oldest) await objects.remove(key);
    }
  }

  async function upload(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await readBody(request);
    const terms = { bucket, credentials: await credentials(), now: Date.parse(clock.now()) };
    const { key, contentType, content, status } = await readForm(body, request.headers["content-type"] ?? "", terms);
    const { etag } = await objects.put({ key, contentType, content, now: clock.now() });
    await tidy();
    response.writeHead(status === 200 || status === 201 ? status : 204, { etag }).end();
  }

  async function download(request: IncomingMessage, response: ServerResponse, key: string): Promise<void> {
    const object = await objects.open(key);
    if (!object) throw missing;
    const { handle, start, bytes, etag, contentType } = object;
    const query = new URL(request.url ?? "", "http://localhost").searchParams;
    const [, first = "0", last = String(bytes - 1)] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? "") ?? [];
    const isPart = request.headers.range !== undefined;
    const [from, to] = [Number(first), Math.min(Number(last), bytes - 1)];
    const headers: Record<string, string> = {
      etag,
      "content-type": query.get("response-content-type") ?? contentType,
      "content-length": String(to - from + 1),
      "x-content-type-options": "nosniff",
    };
    const disposition = query.get("response-content-disposition");
    const caching = query.get("response-cache-control");
    if (disposition !== null) headers["content-disposition"] = disposition;
    if (caching !== null) headers["cache-control"] = caching;
    if (isPart) headers["content-range"] = `bytes ${from}-${to}/${bytes}`;
    response.writeHead(isPart ? 206 : 200, headers);
    if (request.method !== "HEAD") {
      await pipeline(handle.createReadStream({ start: start + from, end: start + to }), response);
      return;
    }
    await handle.close();
    response.end();
  }

  async function copy({ headers }: IncomingMessage, response: ServerResponse, key: string): Promise<void> {
    const source = String(headers["x-amz-copy-source"] ?? "");
    if (!source.startsWith(`/${bucket}/`)) throw new FilesError(501, "NotImplemented", "Only copies are put here.");
    const object = await objects.read(source.slice(bucket.length + 2));
    if (!object) throw missing;
    const wanted = headers["x-amz-copy-source-if-match"];
    if (wanted !== undefined && wanted !== object.etag) {
      throw new FilesError(412, "PreconditionFailed", "The source has changed.");
    }
    const contentType = headers["content-type"] ?? object.contentType;
    const { etag } = await objects.put({ key, contentType, content: object.content, now: clock.now() });
    writeXml(response, 200, `<CopyObjectResult><ETag>${etag.replaceAll('"', "&quot;")}</ETag></CopyObjectResult>`);
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = "" } = request;
    const left = failing.get(method) ?? 0;
    if (left > 0) {
      failing.set(method, left - 1);
      throw new FilesError(503, "SlowDown", "Please reduce your request rate.");
    }
    // A page of the front may send forms here; what may be done, signatures say.
    response.setHeader("access-control-allow-origin", "*");
    const path = (request.url ?? "").split("?")[0] ?? "";
    if (!path.startsWith(`/${bucket}/`)) throw new FilesError(404, "NoSuchBucket", "There is no such bucket.");
    const key = path.slice(bucket.length + 2);
    if (method === "POST" && key === "") return upload(request, response);
    verifyRequest(request, await credentials(), Date.parse(clock.now()));
    if (key === "") throw missing;
    switch (method) {
      case "GET":
      case "HEAD":
        return download(request, response, key);
      case "PUT":
        return copy(request, response, key);
      case "DELETE":
        await objects.remove(key);
        return void response.writeHead(204).end();
      default:
        throw new FilesError(405, "MethodNotAllowed", "This cannot be done here.");
    }
  }

  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      const known = error instanceof FilesError ? error : new FilesError(500, "InternalError", "It could not be done.");
      if (known !== error) process.stderr.write(`File endpoint: ${messageOf(error)}\n`);
      if (response.headersSent) response.destroy();
      else
        writeXml(
          response,
          known.status,
          `<Error><Code>${known.code}</Code><Message>${escape(known.message)}</Message>` +
            `<RequestId>${randomUUID()}</RequestId></Error>`,
        );
    });
  });
  server.on("clientError", (_error, socket) => socket.destroy());
  const listening = await listen(server, port ?? 0);

  return {
    endpoint: `http://127.0.0.1:${listening}`,
    keys: async () => (await objects.list()).map(({ key }) => key),
    fail: (method, times) => void failing.set(method, times),
    stop: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
      if (directory === undefined) await rm(folder, { recursive: true, force: true });
    },
  };
}

const missing = new FilesError(404, "NoSuchKey", "The specified key does not exist.");

function escape(text: string): string {
  return text.replaceAll(/[&<>]/g, (letter) => `&#${letter.charCodeAt(0)};`);
}

function writeXml(response: ServerResponse, status: number, xml: string): void {
  const body = `<?xml version="1.0" encoding="UTF-8"?>\n${xml}`;
  response
    .writeHead(status, { "content-type": "application/xml", "content-length": Buffer.byteLength(body) })
    .end(body);
}

/** Whoever is still sending must be let finish, or they see a broken connection instead of the answer. */
async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request) {
    length += chunk.length;
    if (length <= MAX_BYTES) chunks.push(chunk);
  }
  if (length > MAX_BYTES)
    throw new FilesError(400, "EntityTooLarge", "The request is larger than anything taken here.");
  return Buffer.concat(chunks);
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", (error) =>
      reject(new Error(`The file endpoint cannot listen on port ${port}: ${error.message}.`)),
    );
    server.listen(port, "127.0.0.1", () => {
      const address = server.address();
      resolve(typeof address === "object" && address !== null ? address.port : port);
    });
  });
}
