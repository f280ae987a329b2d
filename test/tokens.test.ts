import { createHmac, createPublicKey } from "node:crypto";
import { createServer, request as httpRequest, type OutgoingHttpHeaders, type Server } from "node:http";
import { exportJWK, generateKeyPair, SignJWT } from "jose";
import { afterAll, expect, test } from "vitest";
import { graphqlHandler } from "../functions/graphql/handler.ts";
import { tokenVerifier } from "../functions/tokens.ts";
import { runtimeFrom } from "../functions/runtime.ts";
import { gatewayEvent, lambdaContext } from "../infra/local/http-event.ts";
import { someone, STAFF, startProgram } from "./support/program.ts";
import { readTable } from "./support/stored.ts";
import { personFrom, personKey, writePerson } from "../schema/person/person.table.ts";
import { parseGlobalId } from "../schema/shared/id.ts";
import { addEmail, idOf, IN_WINDOW, step } from "./support/steps.ts";

const program = await startProgram({ at: IN_WINDOW });
const { issuer, url } = program;
const QUERY = JSON.stringify({ query: "{ viewer { person { name } } }" });
const person = someone("Token Holder");
const NOT_VALID = "This sign-in is not valid here.";
const NOT_A_BEARER = "The Authorization header must be `Bearer` and one token.";

interface Answer {
  status: number;
  body: unknown;
}

/** Asks over HTTP who one is, with the headers as they are given. */
function ask(authorization?: string | string[], to = url): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const headers: OutgoingHttpHeaders = { "content-type": "application/json" };
    // A list makes one header of each.
    if (authorization !== undefined) headers["authorization"] = authorization as string;
    const request = httpRequest(`${to}/graphql`, { method: "POST", headers }, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (part: string) => (text += part));
      response.on("end", () =>
        resolve({ status: response.statusCode ?? 0, body: text === "" ? "" : (JSON.parse(text) as unknown) }),
      );
    });
    request.once("error", reject);
    request.end(QUERY);
  });
}

const refused = (message: string): Answer => ({
  status: 401,
  body: { errors: [{ message, extensions: { code: "UNAUTHENTICATED" } }] },
});
const extensions = { cost: { fields: 3, most: 50_000 } };
const accepted = (name: string): Answer => ({
  status: 200,
  body: { data: { viewer: { person: { name } } }, extensions },
});
const UNAVAILABLE: Answer = {
  status: 503,
  body: {
    errors: [
      {
        message: "The program does not answer at the moment: please try again.",
        extensions: { code: "UNAVAILABLE" },
      },
    ],
  },
};

const claim = (claims: Record<string, unknown>) => issuer.sign({ ...person, claims });
const encoded = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
const publicKey = issuer.jwks().keys[0]!;
const claimsOf = (token: string) =>
  JSON.parse(Buffer.from(token.split(".")[1]!, "base64url").toString()) as Record<string, unknown>;

/** Signs the usual claims with a key that is not the issuer's. */
async function forged(header: { kid?: string }): Promise<string> {
  const { privateKey } = await generateKeyPair("RS256");
  return new SignJWT(claimsOf(await issuer.sign(person)))
    .setProtectedHeader({ alg: "RS256", ...header })
    .sign(privateKey);
}

/** The public key, which everyone knows, used as the secret of a shared-secret signature. */
async function sharedSecret(): Promise<string> {
  const secret = createPublicKey({ key: publicKey, format: "jwk" }).export({
    type: "spki",
    format: "pem",
  });
  const signed = `${encoded({ alg: "HS256", kid: publicKey.kid })}.${encoded(claimsOf(await issuer.sign(person)))}`;
  return `${signed}.${createHmac("sha256", secret).update(signed).digest("base64url")}`;
}

async function tampered(): Promise<string> {
  const [header, , signature] = (await issuer.sign(person)).split(".");
  const claims = { ...claimsOf(await issuer.sign(person)), email: "staff@example.org", sub: "somebody-else" };
  return `${header}.${encoded(claims)}.${signature}`;
}

const now = () => Math.floor(Date.now() / 1000);
const EXPIRED = "Your sign-in has expired: please sign in again.";
const NOT_VERIFIED = "Your e-mail address is not verified yet: please confirm it, then sign in again.";

const TOKENS: readonly { what: string; token: () => Promise<string>; message: string }[] = [
  { what: "expired", token: () => issuer.sign({ ...person, expiresInSeconds: -60 }), message: EXPIRED },
  { what: "not valid yet", token: () => claim({ nbf: now() + 3_600 }), message: NOT_VALID },
  { what: "without an expiry", token: () => claim({ exp: undefined }), message: NOT_VALID },
  {
    what: "signed with another key under the issuer's",
    token: () => forged({ kid: publicKey.kid }),
    message: NOT_VALID,
  },
  { what: "without a key id", token: () => forged({}), message: NOT_VALID },
  { what: "of another issuer", token: () => claim({ iss: "https://elsewhere.example.org" }), message: NOT_VALID },
  { what: "for another audience", token: () => claim({ aud: "another-app" }), message: NOT_VALID },
  { what: "without an audience", token: () => claim({ aud: undefined, client_id: "laptop" }), message: NOT_VALID },
  {
    what: "unsigned",
    token: async () =>
      `${encoded({ alg: "none", kid: publicKey.kid })}.${encoded(claimsOf(await issuer.sign(person)))}.`,
    message: NOT_A_BEARER,
  },
  {
    what: "unsigned, with something in the signature's place",
    token: async () =>
      `${encoded({ alg: "none", kid: publicKey.kid })}.${encoded(claimsOf(await issuer.sign(person)))}.AA`,
    message: NOT_VALID,
  },
  { what: "signed with the public key as a shared secret", token: sharedSecret, message: NOT_VALID },
  { what: "tampered with", token: tampered, message: NOT_VALID },
  { what: "an access token", token: () => claim({ token_use: "access" }), message: NOT_VALID },
  { what: "of no declared use", token: () => claim({ token_use: undefined }), message: NOT_VALID },
  { what: "without an address", token: () => claim({ email: undefined }), message: NOT_VALID },
  { what: "with an address that is none", token: () => claim({ email: "a@b@c" }), message: NOT_VALID },
  {
    what: "with an address that would break a key",
    token: () => claim({ email: "a#b@example.org" }),
    message: NOT_VALID,
  },
  { what: "with a list for an address", token: () => claim({ email: ["staff@example.org"] }), message: NOT_VALID },
  { what: "without a subject", token: () => claim({ sub: undefined }), message: NOT_VALID },
  { what: "with an address nobody verified", token: () => claim({ email_verified: false }), message: NOT_VERIFIED },
  { what: "with a verification in words", token: () => claim({ email_verified: "yes" }), message: NOT_VERIFIED },
];

test.each(TOKENS)("a token $what is refused and nobody is signed in", async ({ token, message }) => {
  const before = (await readTable(program)).items.length;
  expect(await ask(`Bearer ${await token()}`)).toEqual(refused(message));
  expect((await readTable(program)).items).toHaveLength(before);
});

test.each([
  ["", NOT_A_BEARER],
  ["Bearer", NOT_A_BEARER],
  ["Bearer ", NOT_A_BEARER],
  ["Basic c3RhZmY6c3RhZmY=", NOT_A_BEARER],
  ["Bearer not-a-token", NOT_A_BEARER],
  ["Bearer a.b.c", NOT_VALID],
  ["Bearer a.b.c.d", NOT_A_BEARER],
  ["Bearer a.b.c extra", NOT_A_BEARER],
])("the header `%s` is refused", async (header, message) => {
  expect(await ask(header)).toEqual(refused(message));
});

test("no header at all is nobody, and no fault", async () => {
  expect(await ask()).toEqual({ status: 200, body: { data: { viewer: null }, extensions } });
});

test("two headers are refused, even when both are valid", async () => {
  const [one, two] = [await issuer.sign(person), await issuer.sign(someone("Token Second"))];
  expect(await ask([`Bearer ${one}`, `Bearer ${two}`])).toEqual(refused(NOT_A_BEARER));
});

/** Calls the function itself, past the limits of the HTTP server in front of it. */
async function askFunction(authorization: string, handler = program.handlers.graphql): Promise<Answer> {
  const headers = { host: "localhost", "content-type": "application/json", authorization };
  const request = { method: "POST", path: "/graphql", query: "", cookies: [], sourceIp: "127.0.0.1" };
  const event = gatewayEvent({ ...request, headers, body: Buffer.from(QUERY) }, program.clock.now());
  const { statusCode = 0, body = "" } = await handler(event, lambdaContext());
  return { status: statusCode, body: JSON.parse(body) as unknown };
}

test("a token of a megabyte is refused by the front and by the function", async () => {
  const [header, claims, signature] = (await issuer.sign(person)).split(".");
  const large = `Bearer ${header}.${claims}${"A".repeat(1_048_576)}.${signature}`;
  expect(await ask(large)).toEqual({ status: 431, body: "" });
  expect(await askFunction(large)).toEqual(refused(NOT_VALID));
});

test("a valid token is accepted, and a rotated key is picked up while the old one still counts", async () => {
  const old = await issuer.sign(person);
  expect(await ask(`Bearer ${old}`)).toEqual(accepted("Token Holder"));
  await issuer.rotate();
  expect(await ask(`Bearer ${await issuer.sign(person)}`)).toEqual(accepted("Token Holder"));
  expect(await ask(`bearer ${old}`)).toEqual(accepted("Token Holder"));
});

test("a key that has left the list counts no more once the list was read again", async () => {
  const { handler, answerWith, fetches } = await withKeyList();
  const old = await issuer.sign(person);
  expect(await askFunction(`Bearer ${old}`, handler)).toEqual(accepted("Token Holder"));
  await issuer.rotate();
  const [newest] = issuer.jwks().keys;
  answerWith(200, JSON.stringify({ keys: [newest] }));
  expect(await askFunction(`Bearer ${await issuer.sign(person)}`, handler)).toEqual(accepted("Token Holder"));
  expect(fetches()).toBe(2);
  expect(await askFunction(`Bearer ${old}`, handler)).toEqual(refused(NOT_VALID));
  expect(await askFunction(`Bearer ${await issuer.sign(person)}`, handler)).toEqual(accepted("Token Holder"));
});

const whoIs = async (holder: Parameters<typeof issuer.sign>[0]) => {
  type Viewer = { viewer: { person: { id: string } } };
  const headers = { authorization: `Bearer ${await issuer.sign(holder)}`, "content-type": "application/json" };
  const body = JSON.stringify({ query: "{ viewer { person { id } } }" });
  const answer = await fetch(`${url}/graphql`, { method: "POST", headers, body });
  return answer.ok ? ((await answer.json()) as { data: Viewer }).data.viewer.person.id : answer.status;
};

test("a first sign-in is linked by any confirmed address of a person, and by no other", async () => {
  const mover = someone("Token Mover");
  const second = { name: "Token Elsewhere", email: "token.second@example.net" };
  const pending = { name: "Token Pending", email: "token.pending@example.net" };
  await addEmail(program, mover, second.email);
  await step(program, mover, "viewerEmailAdd", { email: pending.email, kind: "WORK" });
  const id = await idOf(program, mover);

  // That the issuer does not vouch for the address, or that the person has not proved theirs, links nothing.
  expect(await whoIs({ ...second, claims: { email_verified: false } })).toBe(401);
  expect(await whoIs({ ...second, email: second.email.toUpperCase(), subject: "elsewhere" })).toBe(id);
  await issuer.rotate();
  expect(await whoIs({ ...second, subject: "elsewhere-too" })).toBe(id);
  expect(await whoIs(pending)).not.toBe(id);
  expect(await whoIs(mover)).toBe(id);

  // Whoever reads the mails of an address that was given up is somebody else, also with the account there was.
  await step(program, mover, "viewerEmailRemove", { email: second.email });
  const successor = await whoIs({ ...second, subject: "elsewhere" });
  expect([id, 401]).not.toContain(successor);
  expect(await whoIs({ ...second, subject: "a-new-account" })).toBe(successor);
  expect(await whoIs(mover)).toBe(id);
});

test("whoever comes with the first staff address when there is staff is nobody special", async () => {
  const staff = { ...STAFF!, name: "First Staff" };
  const personId = await idOf(program, staff);
  const second = someone("Token Staff");
  const input = { personId: await idOf(program, second), role: "STAFF", why: "Test" };
  await step(program, staff, "roleGrant", input);
  await step(program, second, "roleEnd", { personId, role: "STAFF", why: "Dismissed" });
  await addEmail(program, staff, "first.staff@example.net");
  await step(program, staff, "viewerEmailPrefer", { email: "first.staff@example.net" });
  await step(program, staff, "viewerEmailRemove", { email: staff.email });
  const again = { ...staff, subject: "whoever-has-the-mailbox-now" };
  expect(await idOf(program, again)).not.toBe(personId);
  expect(await program.ask(again, "{ viewer { roles } }")).toEqual({ viewer: { roles: [] } });
});

test.each(["MERGED"] as const)("nobody signs in to a record that is %s, by account or address", async (state) => {
  const gone = someone(`Token ${state}`);
  const id = parseGlobalId(await idOf(program, gone))!.id;
  const stored = personFrom(await program.runtime.table.get(personKey(id)))!;
  await program.runtime.table.commit(writePerson({ ...stored, state }, stored));
  const before = (await readTable(program)).items.length;
  const closed = refused("This account is closed: please write to the program if you need it again.");
  for (const subject of [undefined, "another-account-of-theirs"]) {
    expect(await ask(`Bearer ${await issuer.sign({ ...gone, subject })}`)).toEqual(closed);
  }
  expect((await readTable(program)).items).toHaveLength(before);
});

/** A key list that can be taken away, and a function that trusts it. */
async function withKeyList(): Promise<{
  handler: typeof program.handlers.graphql;
  answerWith: (status: number, body?: string) => void;
  fetches: () => number;
}> {
  let answer = { status: 200, body: "" };
  let fetches = 0;
  const server: Server = createServer((_request, response) => {
    fetches++;
    const body = answer.body === "" ? JSON.stringify(issuer.jwks()) : answer.body;
    response.writeHead(answer.status, { "content-type": "application/json" }).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  afterAll(() => void server.close());
  const address = server.address() as { port: number };
  const jwksUri = `http://127.0.0.1:${address.port}/keys?secret-path`;
  const tokens = tokenVerifier({ issuer: issuer.url, audience: issuer.audience, jwksUri, isOnAws: false });
  return {
    handler: graphqlHandler({ ...program.runtime, tokens }),
    answerWith: (status, body = "") => (answer = { status, body }),
    fetches: () => fetches,
  };
}

const OUTAGES = [
  { what: "is out of order", status: 500, body: "secret-path does not work" },
  { what: "answers a page", status: 200, body: "<html>secret-path</html>" },
  { what: "answers another form", status: 200, body: '{"keys":"secret-path"}' },
];

test.each(OUTAGES)("while the key list $what known keys still count and new ones are asked to wait", async (outage) => {
  const { handler, answerWith } = await withKeyList();
  const known = await issuer.sign(person);
  expect(await askFunction(`Bearer ${known}`, handler)).toEqual(accepted("Token Holder"));
  answerWith(outage.status, outage.body);
  await issuer.rotate();
  const unknown = await issuer.sign(person);
  expect(await askFunction(`Bearer ${known}`, handler)).toEqual(accepted("Token Holder"));
  expect(await askFunction(`Bearer ${unknown}`, handler)).toEqual(UNAVAILABLE);
  answerWith(200);
  expect(await askFunction(`Bearer ${unknown}`, handler)).toEqual(accepted("Token Holder"));
});

test("whoever invents key ids is refused, and does not make the function ask for keys each time", async () => {
  const { handler, fetches } = await withKeyList();
  const known = await issuer.sign(person);
  expect(await askFunction(`Bearer ${known}`, handler)).toEqual(accepted("Token Holder"));
  expect(await askFunction(`Bearer ${await forged({ kid: "invented" })}`, handler)).toEqual(refused(NOT_VALID));
  const before = fetches();
  for (let attempt = 0; attempt < 20; attempt++) {
    expect(await askFunction(`Bearer ${await forgedWith(`invented-${attempt}`)}`, handler)).toEqual(UNAVAILABLE);
  }
  expect(fetches()).toBe(before);
  expect(await askFunction(`Bearer ${known}`, handler)).toEqual(accepted("Token Holder"));
});

const forger = await generateKeyPair("RS256");
const forgedWith = async (kid: string) =>
  new SignJWT(claimsOf(await issuer.sign(person))).setProtectedHeader({ alg: "RS256", kid }).sign(forger.privateKey);

test("a key that the issuer does not publish for signatures is not used", async () => {
  const { handler, answerWith } = await withKeyList();
  const key = { ...(await exportJWK(forger.publicKey)), kid: "for-encryption", alg: "RSA-OAEP", use: "enc" };
  answerWith(200, JSON.stringify({ keys: [...issuer.jwks().keys, key] }));
  expect(await askFunction(`Bearer ${await forgedWith("for-encryption")}`, handler)).toEqual(refused(NOT_VALID));
});

test.each([
  "http://localhost:4000",
  "http://127.0.0.1:4000",
  "https://127.8.9.1",
  "http://[::1]:4000",
  "http://0.0.0.0:4000",
  "HTTP://LocalHost:4000",
])("on AWS the issuer %s is refused at the start", (loopback) => {
  const environment = {
    TABLE_NAME: "none",
    FILES_BUCKET: "none",
    MAIL_FROM: "program@example.org",
    MAIL_REPLY_TO: "program@example.org",
    TOKEN_AUDIENCE: "app",
    PUBLIC_URL: "https://example.org",
    AWS_LAMBDA_FUNCTION_NAME: "graphql",
  };
  const sentence = "A loopback issuer cannot be trusted on AWS";
  expect(() => runtimeFrom({ ...environment, TOKEN_ISSUER: loopback })).toThrow(sentence);
  expect(() =>
    runtimeFrom({ ...environment, TOKEN_ISSUER: "https://issuer.example.org", TOKEN_JWKS_URI: `${loopback}/keys` }),
  ).toThrow(sentence);
  expect(() => runtimeFrom({ ...environment, TOKEN_ISSUER: "https://issuer.example.org" })).not.toThrow();
});
