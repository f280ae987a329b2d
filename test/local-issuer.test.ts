import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createLocalJWKSet, decodeJwt, decodeProtectedHeader, jwtVerify } from "jose";
import { afterEach, expect, test, vi } from "vitest";
import { openIssuer } from "../infra/local/issuer.ts";
import type { Issuer } from "../infra/local/issuer.ts";

const URL = "http://127.0.0.1:4000";
const STAFF = { email: "staff@example.org", name: "Staff Demo" };
const folders: string[] = [];

afterEach(() => {
  vi.useRealTimers();
  for (const path of folders.splice(0)) rmSync(path, { recursive: true });
});

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), "local-issuer-"));
  folders.push(path);
  return path;
}

function verify(issuer: Issuer, token: string, audience = "laptop") {
  return jwtVerify(token, createLocalJWKSet(issuer.jwks()), { issuer: URL, audience });
}

test("a token has the claims of a Cognito ID token", async () => {
  vi.useFakeTimers({ now: new Date("2027-01-30T08:00:00Z"), toFake: ["Date"] });
  const issuer = await openIssuer({ url: URL });

  const { payload, protectedHeader } = await verify(issuer, await issuer.sign(STAFF));

  const now = Date.parse("2027-01-30T08:00:00Z") / 1000;
  const subject = payload.sub;
  expect(subject).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(payload).toEqual({
    iss: URL,
    aud: "laptop",
    sub: subject,
    token_use: "id",
    email: "staff@example.org",
    email_verified: true,
    name: "Staff Demo",
    "cognito:username": subject,
    auth_time: now,
    iat: now,
    exp: now + 12 * 60 * 60,
  });
  expect(protectedHeader).toEqual({ alg: "RS256", kid: issuer.jwks().keys[0]?.kid });
});

test("the same address has the same subject everywhere, another address another", async () => {
  const [one, two] = [await openIssuer({ url: URL }), await openIssuer({ url: URL })];

  const subjects = [
    decodeJwt(await one.sign(STAFF)).sub,
    decodeJwt(await two.sign({ email: "Staff@Example.org", name: "Somebody" })).sub,
    decodeJwt(await one.sign({ email: "mentor@example.org", name: "Mentor Demo" })).sub,
    decodeJwt(await one.sign({ ...STAFF, subject: "chosen" })).sub,
  ];

  expect(subjects[1]).toBe(subjects[0]);
  expect(subjects[2]).not.toBe(subjects[0]);
  expect(subjects[3]).toBe("chosen");
});

test("claims can be put over the usual ones and left out", async () => {
  const issuer = await openIssuer({ url: URL });

  const wrongAudience = await issuer.sign({ ...STAFF, claims: { aud: "another" } });
  const unverified = await issuer.sign({ ...STAFF, claims: { email_verified: false, name: undefined } });
  const expired = await issuer.sign({ ...STAFF, expiresInSeconds: -1 });

  await expect(verify(issuer, wrongAudience)).rejects.toThrow('unexpected "aud" claim value');
  const { payload } = await verify(issuer, unverified);
  expect([payload["email_verified"], "name" in payload]).toEqual([false, false]);
  await expect(verify(issuer, expired)).rejects.toThrow('"exp" claim timestamp check failed');
});

test("the keys stay in the folder, for their owner only", async () => {
  const directory = folder();
  const first = await openIssuer({ url: URL, directory });
  const token = await first.sign(STAFF);

  const second = await openIssuer({ url: URL, directory, create: false });

  expect(second.jwks()).toEqual(first.jwks());
  await verify(second, token);
  expect(statSync(join(directory, "issuer-keys.json")).mode & 0o777).toBe(0o600);
});

test("each install has its own key", async () => {
  const [mine, yours] = [await openIssuer({ url: URL }), await openIssuer({ url: URL })];

  await expect(verify(mine, await yours.sign(STAFF))).rejects.toThrow("no applicable key found");
});

test("the published keys hold nothing private", async () => {
  const issuer = await openIssuer({ url: URL });

  expect(issuer.jwks().keys.map((key) => Object.keys(key).toSorted())).toEqual([
    ["alg", "e", "kid", "kty", "n", "use"],
  ]);
});

test("after a rotation new tokens use the new key and old tokens stay good", async () => {
  const directory = folder();
  const issuer = await openIssuer({ url: URL, directory });
  const old = await issuer.sign(STAFF);

  await issuer.rotate();

  const fresh = await issuer.sign(STAFF);
  const kids = issuer.jwks().keys.map((key) => key.kid);
  expect(new Set(kids).size).toBe(2);
  expect([decodeProtectedHeader(fresh).kid, decodeProtectedHeader(old).kid]).toEqual(kids);
  await verify(issuer, old);
  await verify(issuer, fresh);
  expect((await openIssuer({ url: URL, directory })).jwks()).toEqual(issuer.jwks());
});

test("the discovery document says where the keys are", async () => {
  const issuer = await openIssuer({ url: URL });

  expect(issuer.discovery()).toMatchObject({
    issuer: URL,
    jwks_uri: `${URL}/.well-known/jwks.json`,
    id_token_signing_alg_values_supported: ["RS256"],
  });
});

test("a missing key and a broken file are told in one sentence", async () => {
  const directory = folder();
  await expect(openIssuer({ url: URL, directory, create: false })).rejects.toThrow(
    "There is no key to sign with yet. Start the stack once: npm start",
  );
  const file = join(directory, "issuer-keys.json");
  const sentence = `The issuer's keys in ${file} are broken. Remove the file, and sign in again.`;

  for (const content of ["nonsense", "{}", '{"keys":[{"kty":"RSA"}]}', "null"]) {
    writeFileSync(file, content);
    await expect(openIssuer({ url: URL, directory })).rejects.toThrow(sentence);
    expect(readFileSync(file, "utf8")).toBe(content);
  }
});
