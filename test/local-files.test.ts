import { readdirSync } from "node:fs";
import { request, type IncomingMessage } from "node:http";
import { beforeEach, describe, expect, test } from "vitest";
import { openFiles } from "../functions/files.ts";
import { LOCAL_CREDENTIALS } from "../infra/local/connection.ts";
import { verifyRequest, verifyText } from "../infra/local/files-signature.ts";
import { startFiles, type LocalFiles } from "../infra/local/files.ts";
import { afterwards } from "./support/afterwards.ts";
import { temporaryFolder } from "./support/temporary-folder.ts";
import { contentOf, follow, refusalIn, sendForm } from "./support/uploads.ts";

const FILE = { id: "fil_01", contentType: "application/pdf", bytes: 400, name: "resume.pdf" };

process.env.AWS_ACCESS_KEY_ID = LOCAL_CREDENTIALS.credentials.accessKeyId;
process.env.AWS_SECRET_ACCESS_KEY = LOCAL_CREDENTIALS.credentials.secretAccessKey;

let time = "";
const clock = { now: () => time };
beforeEach(() => {
  time = "2026-09-01T16:00:00.000Z";
});

async function start(directory?: string): Promise<LocalFiles> {
  const credentials = async () => LOCAL_CREDENTIALS.credentials;
  const files = await startFiles({ bucket: "files", directory, clock, credentials });
  afterwards(() => files.stop());
  return files;
}

const storeAt = ({ endpoint }: LocalFiles) =>
  openFiles({ bucket: "files", region: LOCAL_CREDENTIALS.region, endpoint, clock });

/** Sends a request with its path exactly as given; answers S3's refusal or the status. */
function raw({ endpoint }: LocalFiles, method: string, path: string, headers: Record<string, string> = {}) {
  return new Promise<string>((resolve, reject) => {
    const { hostname, port } = new URL(endpoint);
    const sent = request({ hostname, port, method, path, headers }, async (response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of response) chunks.push(chunk as Buffer);
      const status = new Response(null, { status: response.statusCode });
      resolve(refusalIn(status, Buffer.concat(chunks).toString("utf8")));
    });
    sent.on("error", reject).end();
  });
}

describe("the file endpoint", () => {
  test("keeps what was uploaded over a restart, readable by its owner alone", async () => {
    const directory = temporaryFolder();
    const first = await start(directory);
    await sendForm(await storeAt(first).uploadForm(FILE), contentOf());
    await first.stop();
    expect(readdirSync(directory)).toEqual([expect.stringMatching(/^[0-9a-f]{64}$/)]);

    const second = await start(directory);
    expect(await second.keys()).toEqual(["uploads/fil_01"]);
    const found = await storeAt(second).inspect(FILE.id);
    expect(found).toEqual({
      bytes: 400,
      contentType: "application/pdf",
      tag: expect.stringMatching(/^"[0-9a-f]{32}"$/),
      beginning: new Uint8Array(contentOf().subarray(0, 16)),
    });
  });

  test("tells what is not there from what is forbidden", async () => {
    const files = await start();
    expect(await storeAt(files).inspect("fil_02")).toBeNull();
    expect(await raw(files, "GET", "/files/uploads/fil_02")).toBe("403 AccessDenied: Access Denied");
    expect(await raw(files, "GET", "/other/uploads/fil_02")).toBe("404 NoSuchBucket: There is no such bucket.");
    await storeAt(files).remove("fil_02");
  });

  test("keeps exactly what was inspected", async () => {
    const files = await start();
    const store = storeAt(files);
    const form = await store.uploadForm(FILE);
    await sendForm(form, contentOf());
    const found = (await store.inspect(FILE.id))!;
    await sendForm(form, Buffer.alloc(400, "!"));
    expect(await store.keep(FILE.id, found)).toBe(false);
    expect(await files.keys()).toEqual(["uploads/fil_01"]);
    expect(await store.keep(FILE.id, (await store.inspect(FILE.id))!)).toBe(true);
    expect(await files.keys()).toEqual(["kept/fil_01", "uploads/fil_01"]);
    await store.remove(FILE.id);
    expect(await files.keys()).toEqual([]);
    expect(await store.keep(FILE.id, found)).toBe(false);
  });

  test("throws away uploads of two days ago, and nothing that is kept", async () => {
    const files = await start();
    const store = storeAt(files);
    await sendForm(await store.uploadForm(FILE), contentOf());
    await store.keep(FILE.id, (await store.inspect(FILE.id))!);
    time = "2026-09-03T16:00:00.000Z";
    await sendForm(await store.uploadForm({ ...FILE, id: "fil_02" }), contentOf());
    expect(await files.keys()).toEqual(["kept/fil_01", "uploads/fil_01", "uploads/fil_02"]);
    time = "2026-09-03T16:00:00.001Z";
    await sendForm(await store.uploadForm({ ...FILE, id: "fil_03" }), contentOf());
    expect(await files.keys()).toEqual(["kept/fil_01", "uploads/fil_02", "uploads/fil_03"]);
  });

  test("takes links of its keys alone, while they last", async () => {
    const files = await start();
    const { url, expiresAt } = await storeAt(files).downloadLink(FILE);
    expect(expiresAt).toBe("2026-09-01T16:05:00.000Z");
    expect(await follow(url)).toBe("404 NoSuchKey: The specified key does not exist.");
    expect(await follow(url.replace("laptop", "other"))).toMatch(/^403 InvalidAccessKeyId/);
    expect(await follow(url.replace("X-Amz-Expires=300", "X-Amz-Expires=999999"))).toMatch(/^400 Authorization/);
    time = "2026-09-01T15:44:59.000Z";
    expect(await follow(url)).toBe("403 AccessDenied: Request is not valid yet");
    time = "2026-09-01T16:04:59.999Z";
    expect(await follow(url)).toMatch(/^404 NoSuchKey/);
    time = expiresAt;
    expect(await follow(url)).toBe("403 AccessDenied: Request has expired");
  });

  test.each(["/files/../../../etc/passwd", "/files/..%2f..%2f..%2fetc%2fpasswd", "/files/%00", "/files//etc/passwd"])(
    "has no way out of its folder: %s",
    async (path) => {
      expect(await raw(await start(), "GET", path)).toBe("403 AccessDenied: Access Denied");
    },
  );

  test("takes no request that is larger than any file", async () => {
    const files = await start();
    const form = new FormData();
    form.append("file", new Blob([new Uint8Array(17 * 1024 * 1024)]));
    const response = await fetch(`${files.endpoint}/files/`, { method: "POST", body: form });
    expect(refusalIn(response, await response.text())).toMatch(/^400 EntityTooLarge/);
  });

  test("takes no form without a policy, without a file, or that is none", async () => {
    const files = await start();
    const send = async (body: FormData | string) => {
      const response = await fetch(`${files.endpoint}/files/`, { method: "POST", body });
      return refusalIn(response, await response.text());
    };
    const form = new FormData();
    form.append("key", "uploads/fil_01");
    expect(await send(form)).toMatch(/^400 InvalidArgument/);
    form.append("file", new Blob(["x"]));
    expect(await send(form)).toBe("403 AccessDenied: Access Denied");
    expect(await send("no form")).toMatch(/^400 MalformedPOSTRequest/);
    expect(await files.keys()).toEqual([]);
  });
});

describe("signatures as Amazon publishes them", () => {
  const EXAMPLE = { accessKeyId: "AKIAIOSFODNN7EXAMPLE", secretAccessKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY" };

  test("of a link are accepted", () => {
    const url =
      "/test.txt?X-Amz-Algorithm=AWS4-HMAC-SHA256" +
      "&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request&X-Amz-Date=20130524T000000Z" +
      "&X-Amz-Expires=86400&X-Amz-SignedHeaders=host" +
      "&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404";
    const example = { method: "GET", url, headers: { host: "examplebucket.s3.amazonaws.com" } } as IncomingMessage;
    const now = Date.parse("2013-05-24T00:00:01.000Z");
    expect(() => verifyRequest(example, EXAMPLE, now)).not.toThrow();
    expect(() => verifyRequest({ ...example, method: "PUT" } as IncomingMessage, EXAMPLE, now)).toThrow("signature");
  });

  test("of a request are accepted", () => {
    const headers = {
      host: "examplebucket.s3.amazonaws.com",
      range: "bytes=0-9",
      "x-amz-content-sha256": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
      "x-amz-date": "20130524T000000Z",
      authorization:
        "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request," +
        "SignedHeaders=host;range;x-amz-content-sha256;x-amz-date," +
        "Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41",
    };
    const example = { method: "GET", url: "/test.txt", headers } as object as IncomingMessage;
    const now = Date.parse("2013-05-24T00:00:00.000Z");
    expect(() => verifyRequest(example, EXAMPLE, now)).not.toThrow();
    expect(() => verifyRequest(example, EXAMPLE, now + 16 * 60_000)).toThrow("too far");
  });

  test("of a form are accepted", () => {
    const policy =
      "eyAiZXhwaXJhdGlvbiI6ICIyMDE1LTEyLTMwVDEyOjAwOjAwLjAwMFoiLA0KICAiY29uZGl0aW9ucyI6IFsNCiAgICB7ImJ1Y2tl" +
      "dCI6ICJzaWd2NGV4YW1wbGVidWNrZXQifSwNCiAgICBbInN0YXJ0cy13aXRoIiwgIiRrZXkiLCAidXNlci91c2VyMS8iXSwNCiAg" +
      "ICB7ImFjbCI6ICJwdWJsaWMtcmVhZCJ9LA0KICAgIHsic3VjY2Vzc19hY3Rpb25fcmVkaXJlY3QiOiAiaHR0cDovL3NpZ3Y0ZXhh" +
      "bXBsZWJ1Y2tldC5zMy5hbWF6b25hd3MuY29tL3N1Y2Nlc3NmdWxfdXBsb2FkLmh0bWwifSwNCiAgICBbInN0YXJ0cy13aXRoIiwg" +
      "IiRDb250ZW50LVR5cGUiLCAiaW1hZ2UvIl0sDQogICAgeyJ4LWFtei1tZXRhLXV1aWQiOiAiMTQzNjUxMjM2NTEyNzQifSwNCiAg" +
      "ICB7IngtYW16LXNlcnZlci1zaWRlLWVuY3J5cHRpb24iOiAiQUVTMjU2In0sDQogICAgWyJzdGFydHMtd2l0aCIsICIkeC1hbXot" +
      "bWV0YS10YWciLCAiIl0sDQoNCiAgICB7IngtYW16LWNyZWRlbnRpYWwiOiAiQUtJQUlPU0ZPRE5ON0VYQU1QTEUvMjAxNTEyMjkv" +
      "dXMtZWFzdC0xL3MzL2F3czRfcmVxdWVzdCJ9LA0KICAgIHsieC1hbXotYWxnb3JpdGhtIjogIkFXUzQtSE1BQy1TSEEyNTYifSwN" +
      "CiAgICB7IngtYW16LWRhdGUiOiAiMjAxNTEyMjlUMDAwMDAwWiIgfQ0KICBdDQp9";
    const signed = {
      scope: "AKIAIOSFODNN7EXAMPLE/20151229/us-east-1/s3/aws4_request",
      signature: "8afdbf4008c03f22c2cd3cdb72e4afbb1f6a588f3255ac628749a66d7f09699e",
    };
    expect(() => verifyText(policy, signed, EXAMPLE)).not.toThrow();
    expect(() => verifyText(policy.slice(1), signed, EXAMPLE)).toThrow("signature");
  });
});
