import { connect } from "node:net";
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from "aws-lambda";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SendRawEmailCommand, SESClient } from "@aws-sdk/client-ses";
import { createRemoteJWKSet, jwtVerify } from "jose";
import { afterEach, describe, expect, test } from "vitest";
import { ClockError, movableClock } from "../infra/local/clock.ts";
import { startHttp } from "../infra/local/http.ts";
import type { GatewayHandler, HttpFront } from "../infra/local/http.ts";
import { openIssuer } from "../infra/local/issuer.ts";
import { pagesOf } from "../infra/local/pages/index.ts";
import { startSes } from "../infra/local/ses.ts";

const SIX_MEGABYTES = 6 * 1024 * 1024;
const REAL_TIME = Date.parse("2026-09-18T15:00:00Z");
const PEOPLE = [
  { key: "staff", name: "Staff <Demo>", email: "staff@example.org", roles: ["staff"], note: "administers" },
  { key: "mentor", name: "Mentor Demo", email: "mentor@example.org", roles: [], note: "mentors" },
];

const ending: (() => Promise<unknown> | void)[] = [];

afterEach(async () => {
  for (const end of ending.splice(0).toReversed()) await end();
});

interface Seen {
  events: APIGatewayProxyEventV2[];
  contexts: Context[];
}

async function start(
  result: APIGatewayProxyStructuredResultV2 | GatewayHandler = { statusCode: 200, body: "ok" },
): Promise<{ front: HttpFront } & Seen> {
  const front = await startHttp({ port: 0 });
  ending.push(() => front.stop());
  const seen: Seen = { events: [], contexts: [] };
  const clock = { now: () => "2027-03-05T07:08:09.010Z" };
  front.serve({
    clock,
    pages: async () => undefined,
    graphql: async (event, context) => {
      seen.events.push(event);
      seen.contexts.push(context);
      return typeof result === "function" ? result(event, context) : result;
    },
  });
  return { front, ...seen };
}

async function startWithPages() {
  const front = await startHttp({ port: 0 });
  ending.push(() => front.stop());
  const clock = movableClock({ realTime: () => REAL_TIME });
  const ses = await startSes({ clock });
  ending.push(() => ses.stop());
  const issuer = await openIssuer({ url: front.url });
  const pages = pagesOf({
    url: front.url,
    people: PEOPLE,
    clock,
    ses,
    issuer,
    moveClock: async ({ advance, to }) => {
      if (advance !== undefined) clock.advance(advance);
      if (to !== undefined) clock.moveTo(to);
      const mails = (await ses.mails()).map(({ id, to: recipients, subject }) => ({ id, to: recipients, subject }));
      return { now: clock.now(), movedBy: clock.movedBy(), ran: { done: 3, mails } };
    },
  });
  front.serve({ clock, pages, graphql: async () => ({ statusCode: 200, body: "handler" }) });
  const { url } = front;
  const page = (path: string, init: RequestInit = {}) =>
    fetch(`${url}${path}`, { redirect: "manual", ...init, headers: { accept: "text/html", ...init.headers } });
  const post = (path: string, fields: Record<string, string>, headers: Record<string, string> = {}) =>
    page(path, { method: "POST", body: new URLSearchParams(fields), headers });
  const send = async (raw: string) => {
    const client = new SESClient({
      endpoint: ses.endpoint,
      region: "us-west-2",
      credentials: { accessKeyId: "test", secretAccessKey: "test" },
      maxAttempts: 1,
    });
    const Data = Buffer.from(raw.replaceAll("\n", "\r\n"));
    const sent = await client.send(
      new SendRawEmailCommand({ RawMessage: { Data }, Tags: [{ Name: "outbox-id", Value: "msg_1" }] }),
    );
    return sent.MessageId ?? "";
  };
  return { url, clock, issuer, page, post, send };
}

/** The page without the line breaks and gaps between its parts. */
async function squeezed(answer: Response | Promise<Response>): Promise<string> {
  const text = await (await answer).text();
  return text.replace(/\s+/g, " ").replaceAll("> <", "><").replaceAll(" >", ">");
}

/** Sends bytes as they are and gives back all that comes. */
function talk(front: HttpFront, bytes: string | Buffer): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(front.url).port), "127.0.0.1", () => socket.write(bytes));
    let answer = "";
    socket.on("data", (data) => (answer += data.toString("latin1")));
    socket.on("close", () => resolve(answer));
    socket.on("error", reject);
    socket.setTimeout(3000, () => socket.destroy());
  });
}

describe("a request becomes an event", () => {
  test("with everything that API Gateway tells", async () => {
    const { front, events, contexts } = await start();

    await fetch(`${front.url}/graphql?b=2&a=1%202&b=3`, {
      method: "POST",
      headers: {
        "Content-Type": "application/json; charset=utf-8",
        "X-Case": "Kept",
        "User-Agent": "test",
        Cookie: "a=1; b=2",
      },
      body: '{"query":"{ä}"}',
    });

    const host = new URL(front.url).host;
    const [event] = events;
    expect(event).toEqual({
      version: "2.0",
      routeKey: "$default",
      rawPath: "/graphql",
      rawQueryString: "b=2&a=1%202&b=3",
      cookies: ["a=1", "b=2"],
      headers: expect.objectContaining({
        host,
        "content-type": "application/json; charset=utf-8",
        "x-case": "Kept",
        "content-length": "16",
      }),
      queryStringParameters: { a: "1 2", b: "2,3" },
      requestContext: {
        accountId: "000000000000",
        apiId: "laptop",
        domainName: host,
        domainPrefix: "127",
        http: { method: "POST", path: "/graphql", protocol: "HTTP/1.1", sourceIp: "127.0.0.1", userAgent: "test" },
        requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
        routeKey: "$default",
        stage: "$default",
        time: "05/Mar/2027:07:08:09 +0000",
        timeEpoch: Date.parse("2027-03-05T07:08:09.010Z"),
      },
      body: '{"query":"{ä}"}',
      isBase64Encoded: false,
    });
    expect(event?.headers).not.toHaveProperty("cookie");
    const remaining = contexts[0]?.getRemainingTimeInMillis() ?? 0;
    expect(remaining).toBeGreaterThan(18_000);
    expect(remaining).toBeLessThanOrEqual(20_000);
    expect(contexts[0]?.awsRequestId).toMatch(/^[0-9a-f-]{36}$/);
  });

  test("without a body, a query or cookies these are absent", async () => {
    const { front, events } = await start();

    await fetch(`${front.url}/graphql`);

    expect(events[0]).not.toHaveProperty("body");
    expect(events[0]).not.toHaveProperty("cookies");
    expect(events[0]).not.toHaveProperty("queryStringParameters");
    expect([events[0]?.rawQueryString, events[0]?.isBase64Encoded]).toEqual(["", false]);
  });

  test("headers that come twice are joined with a comma, authorization too", async () => {
    const { front, events } = await start();

    await talk(
      front,
      "GET /graphql HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer a\r\nX-A: 1\r\nx-a: 2\r\nauthorization: Bearer b\r\nConnection: close\r\n\r\n",
    );

    expect(events[0]?.headers).toMatchObject({ "x-a": "1,2", authorization: "Bearer a,Bearer b" });
  });

  test.each([
    ["application/json", undefined, false],
    ["text/plain;charset=UTF-8", undefined, false],
    ["application/json", "gzip", true],
    ["application/octet-stream", undefined, true],
    ["application/x-www-form-urlencoded", undefined, true],
  ])("a body of type %s, packed as %s, is base64: %s", async (type, encoding, isBase64) => {
    const { front, events } = await start();
    const body = Buffer.from([0x7b, 0x7d, 0xc3, 0xa4]);

    const headers = { "content-type": type, ...(encoding !== undefined && { "content-encoding": encoding }) };
    await fetch(`${front.url}/graphql`, { method: "POST", headers, body });

    expect(events[0]?.isBase64Encoded).toBe(isBase64);
    expect(events[0]?.body).toBe(body.toString(isBase64 ? "base64" : "utf8"));
  });

  test("every method goes to the function as it is", async () => {
    const { front, events } = await start();

    const methods = ["GET", "HEAD", "OPTIONS", "PUT", "DELETE", "PATCH"];
    for (const method of methods) await fetch(`${front.url}/graphql`, { method });

    expect(events.map((event) => event.requestContext.http.method)).toEqual(methods);
  });
});

describe("an answer goes back", () => {
  test("with status, headers and cookies", async () => {
    const { front } = await start({
      statusCode: 418,
      headers: { "Content-Type": "application/json", "X-Number": 5, "X-Yes": true, "content-length": "1" },
      cookies: ["a=1; Path=/", "b=2"],
      body: '{"ä":1}',
    });

    const answer = await fetch(`${front.url}/graphql`);

    expect(answer.status).toBe(418);
    expect(answer.headers.getSetCookie()).toEqual(["a=1; Path=/", "b=2"]);
    expect([answer.headers.get("x-number"), answer.headers.get("x-yes")]).toEqual(["5", "true"]);
    expect(answer.headers.get("content-length")).toBe("8");
    expect(await answer.text()).toBe('{"ä":1}');
  });

  test("with bytes where the body is base64", async () => {
    const bytes = Buffer.from([0, 255, 1, 254]);
    const { front } = await start({ statusCode: 200, isBase64Encoded: true, body: bytes.toString("base64") });

    const answer = await fetch(`${front.url}/graphql`);

    expect(Buffer.from(await answer.arrayBuffer())).toEqual(bytes);
  });

  test("to HEAD without the body, to 204 without a length", async () => {
    const { front } = await start(async (event) =>
      event.requestContext.http.method === "HEAD" ? { statusCode: 200, body: "four" } : { statusCode: 204 },
    );

    const head = await fetch(`${front.url}/graphql`, { method: "HEAD" });
    const empty = await fetch(`${front.url}/graphql`);

    expect([head.headers.get("content-length"), await head.text()]).toEqual(["4", ""]);
    expect([empty.status, empty.headers.get("content-length")]).toEqual([204, null]);
  });

  test.each([
    ["fails", () => Promise.reject(new Error("secret detail"))],
    ["answers more than Lambda can", async () => ({ statusCode: 200, body: "a".repeat(SIX_MEGABYTES + 1) })],
    ["answers a header that is none", async () => ({ statusCode: 200, headers: { "x-a": "1\r\nx-b: 2" }, body: "" })],
  ])("as a neutral 500 when the function %s", async (_name, handler: GatewayHandler) => {
    const { front } = await start(handler);

    const answer = await fetch(`${front.url}/graphql`);

    expect([answer.status, await answer.json()]).toEqual([500, { message: "Internal Server Error" }]);
  });
});

describe("bad requests", () => {
  test("a body of 6 MB passes, one byte more is too large", async () => {
    const { front, events } = await start();
    const send = (size: number) =>
      fetch(`${front.url}/graphql`, {
        method: "POST",
        headers: { "content-type": "text/plain" },
        body: "a".repeat(size),
      });

    const fitting = await send(SIX_MEGABYTES);
    const large = await send(SIX_MEGABYTES + 1);

    expect(fitting.status).toBe(200);
    expect([large.status, await large.json()]).toEqual([
      413,
      { message: "Request Entity Too Large", limitBytes: SIX_MEGABYTES },
    ]);
    expect(events.map((event) => event.body?.length)).toEqual([SIX_MEGABYTES]);
  });

  test.each([
    ["noise", "\u0000\u0001 nonsense\r\n\r\n", "400"],
    ["a header without a colon", "GET / HTTP/1.1\r\nHost: x\r\nbroken\r\n\r\n", "400"],
    ["a megabyte of token", `GET / HTTP/1.1\r\nHost: x\r\nAuthorization: ${"a".repeat(1_000_000)}\r\n\r\n`, "431"],
    ["two lengths", "POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab", "400"],
    ["a path that is no address", "GET //%zz?%zz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", "404"],
    ["another path", "GET /nowhere HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", "404"],
    [
      "a broken escape in the query",
      "GET /graphql?a=%zz&%=1&__proto__=2 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
      "200",
    ],
  ])("%s is answered and the front stays up", async (_name, bytes, status) => {
    const { front } = await start();

    const answer = await talk(front, bytes);

    expect(answer.slice(0, 12)).toBe(`HTTP/1.1 ${status}`);
    expect((await fetch(`${front.url}/graphql`)).status).toBe(200);
  });

  test("whoever hangs up in the middle does no harm", async () => {
    const { front, events } = await start();

    const socket = connect(Number(new URL(front.url).port), "127.0.0.1");
    socket.write("POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nhalf", () => socket.destroy());
    await new Promise((resolve) => socket.on("close", resolve));

    expect((await fetch(`${front.url}/graphql`)).status).toBe(200);
    expect(events.length).toBe(1);
  });

  test("before everything runs everyone is told to wait", async () => {
    const front = await startHttp({ port: 0 });
    ending.push(() => front.stop());

    const answer = await fetch(`${front.url}/graphql`);

    expect([answer.status, answer.headers.get("retry-after")]).toEqual([503, "1"]);
  });

  test("a busy port is told in one sentence", async () => {
    const { front } = await start();
    const port = Number(new URL(front.url).port);

    await expect(startHttp({ port })).rejects.toThrow(
      `Port ${port} is busy. Choose another: PORT=${port + 1} npm start`,
    );
  });
});

describe("pages", () => {
  const byLink = ["/confirm-address", "/joint-application", "/nomination", "/nomination-confirm"];
  const paths = ["/", "/graphql", "/mail", "/sign-in", "/clock", "/nominate", ...byLink];

  test.each(paths)("%s refers to nothing outside and says so to the browser", async (path) => {
    const { page } = await startWithPages();

    const answer = await page(path);
    const text = await answer.text();

    expect([answer.status, answer.headers.get("content-type")]).toEqual([200, "text/html; charset=utf-8"]);
    const policy = answer.headers.get("content-security-policy") ?? "";
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self';");
    expect([...text.matchAll(/(?:src|href)="(?!\/|data:)([^"]*)"/g)].map((match) => match[1])).toEqual([]);
    for (const [, asset] of text.matchAll(/(?:src|href)="(\/assets\/[^"]*)"/g)) {
      expect([asset, (await page(asset ?? "")).status]).toEqual([asset, 200]);
    }
  });

  test("names are escaped", async () => {
    const { page } = await startWithPages();

    const text = await (await page("/")).text();

    expect(text).toContain("Staff &lt;Demo&gt;");
    expect(text).not.toContain("Staff <Demo>");
  });

  test("the explorer is for browsers, everything else goes to the function", async () => {
    const { page, url } = await startWithPages();

    expect(await (await fetch(`${url}/graphql?query={a}`, { headers: { accept: "*/*" } })).text()).toBe("handler");
    expect(await (await page("/graphql", { method: "POST", body: "{}" })).text()).toBe("handler");
    expect(await (await page("/graphql?query={a}")).text()).toContain('<div id="root">');
  });

  test("what is not there is said with what is", async () => {
    const { url } = await startWithPages();

    const answer = await fetch(`${url}/mails`);

    expect([answer.status, await answer.json()]).toEqual([
      404,
      {
        message: "There is nothing at /mails.",
        links: ["/", "/graphql", "/mail", "/mail.json", "/sign-in", "/clock", "/.well-known/openid-configuration"],
      },
    ]);
  });

  test("HEAD and OPTIONS are answered, other methods refused", async () => {
    const { page } = await startWithPages();

    const head = await page("/", { method: "HEAD" });
    const options = await page("/", { method: "OPTIONS" });
    const put = await page("/mail", { method: "PUT", body: "x" });

    expect([head.status, await head.text()]).toEqual([200, ""]);
    expect([options.status, options.headers.get("allow")]).toEqual([204, "GET, HEAD, POST, OPTIONS"]);
    expect([put.status, put.headers.get("allow")]).toEqual([405, "GET, HEAD"]);
  });
});

describe("sign-in", () => {
  test("a chosen person has a token that the published keys prove", async () => {
    const { page, post, url } = await startWithPages();

    const answer = await post("/sign-in", { person: "mentor" });
    const cookie = answer.headers.getSetCookie()[0]?.split(";")[0] ?? "";
    const text = await (await page("/sign-in", { headers: { cookie } })).text();

    expect([answer.status, answer.headers.get("location")]).toEqual([303, "/sign-in"]);
    const token = /<textarea[^>]*>([^<]+)</.exec(text)?.[1] ?? "";
    const keys = createRemoteJWKSet(new URL(`${url}/.well-known/jwks.json`));
    const { payload } = await jwtVerify(token, keys, { issuer: url, audience: "laptop" });
    expect([payload["email"], payload["name"]]).toEqual(["mentor@example.org", "Mentor Demo"]);
    const explorer = await (await page("/graphql", { headers: { cookie } })).text();
    expect(explorer).toContain('"additionalHeaders":{"Authorization":"Bearer ');
    expect(explorer).toContain("<strong>Mentor Demo</strong>");
  });

  test("anyone else can be somebody new; a name does not break out of the explorer's script", async () => {
    const { page, post } = await startWithPages();

    const answer = await post("/sign-in", { name: "</script><b>Pat</b>", email: "pat@example.org" });
    const cookie = answer.headers.getSetCookie()[0]?.split(";")[0] ?? "";
    const explorer = await (await page("/graphql", { headers: { cookie } })).text();

    expect(explorer).toContain("&lt;/script&gt;&lt;b&gt;Pat&lt;/b&gt;");
    expect(explorer).not.toContain("<b>Pat");
  });

  test("programs get the token as JSON", async () => {
    const { url } = await startWithPages();

    const answer = await fetch(`${url}/sign-in`, { method: "POST", body: '{"person":"staff"}' });

    expect(await answer.json()).toEqual({
      name: "Staff <Demo>",
      email: "staff@example.org",
      token: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/),
    });
  });

  test("an unknown person is told who there is", async () => {
    const { post, url } = await startWithPages();
    const sentence = "Choose one of staff, mentor, or give a name and an e-mail address.";

    const asPage = await post("/sign-in", { person: "nobody" });
    const bodies = ['{"person":"nobody"}', "[]", "nonsense", '{"name":1,"email":2}', '{"name":"A","email":"a@b@c"}'];
    const asJson = await Promise.all(
      bodies.map(async (body) => {
        const answer = await fetch(`${url}/sign-in`, { method: "POST", body });
        return [answer.status, await answer.json()];
      }),
    );

    expect([asPage.status, (await asPage.text()).includes(sentence)]).toEqual([400, true]);
    expect(asJson).toEqual(bodies.map(() => [400, { message: sentence }]));
  });

  test("signing out forgets the person", async () => {
    const { post } = await startWithPages();

    const answer = await post("/sign-in", { person: "" });

    expect(answer.headers.getSetCookie()).toEqual(["signed-in=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0"]);
  });

  test("a broken cookie is nobody", async () => {
    const { page } = await startWithPages();

    for (const cookie of ["signed-in=%zz", "signed-in=null", "signed-in=%7B%7D", "signed-in"]) {
      expect(await (await page("/", { headers: { cookie } })).text()).toContain("Nobody is signed in.");
    }
  });

  test("other sites can neither sign in nor move the clock", async () => {
    const { post, clock } = await startWithPages();
    const before = clock.now();

    const answers = [
      await post("/sign-in", { person: "staff" }, { "sec-fetch-site": "cross-site" }),
      await post("/clock", { advance: "P1D" }, { "sec-fetch-site": "cross-site" }),
    ];

    expect(answers.map((answer) => answer.status)).toEqual([403, 403]);
    expect(clock.now()).toBe(before);
  });

  test("the issuer describes itself", async () => {
    const { url } = await startWithPages();

    const discovery = await (await fetch(`${url}/.well-known/openid-configuration`)).json();

    expect(discovery).toMatchObject({ issuer: url, jwks_uri: `${url}/.well-known/jwks.json` });
  });
});

describe("clock", () => {
  const postJson = async (url: string, body: string) => {
    const answer = await fetch(`${url}/clock`, { method: "POST", body });
    return [answer.status, await answer.json()];
  };

  test("is read and moved as JSON", async () => {
    const { url } = await startWithPages();

    expect(await (await fetch(`${url}/clock`)).json()).toEqual({ now: "2026-09-18T15:00:00.000Z", movedBy: "PT0S" });
    expect(await postJson(url, '{"advance":"P30D"}')).toEqual([
      200,
      { now: "2026-10-18T15:00:00.000Z", movedBy: "P30D", ran: { done: 3, mails: [] } },
    ]);
    expect(await postJson(url, '{"to":"2027-01-30T08:00:00Z"}')).toEqual([
      200,
      { now: "2027-01-30T08:00:00.000Z", movedBy: "P133DT17H", ran: { done: 3, mails: [] } },
    ]);
  });

  test.each([
    ['{"advance":"soon"}', '"soon" is not a duration such as "P30D".'],
    ['{"to":"tomorrow"}', '"tomorrow" is not an instant such as "2027-01-30T08:00:00Z".'],
    ['{"to":"2027-01-30T08:00:00"}', '"2027-01-30T08:00:00" is not an instant such as "2027-01-30T08:00:00Z".'],
    ['{"to":"2026-09-18T14:59:59Z"}', "The clock only moves forwards. It is 2026-09-18T15:00:00.000Z now."],
    ['{"advance":"-P1D"}', "The clock only moves forwards. It is 2026-09-18T15:00:00.000Z now."],
    ['{"advance":"P9000Y"}', "The clock cannot move beyond the year 9999."],
    ['{"to":"+012026-09-18T15:00:00Z"}', "The clock cannot move beyond the year 9999."],
    ["{}", 'Send {"advance": "P30D"} or {"to": "2027-01-30T08:00:00Z"}.'],
    ['{"advance":"P1D","to":"2027-01-30T08:00:00Z"}', 'Send {"advance": "P30D"} or {"to": "2027-01-30T08:00:00Z"}.'],
    ["[]", 'Send {"advance": "P30D"} or {"to": "2027-01-30T08:00:00Z"}.'],
    ["", 'Send {"advance": "P30D"} or {"to": "2027-01-30T08:00:00Z"}.'],
  ])("refuses %s and stays", async (body, message) => {
    const { url, clock } = await startWithPages();

    expect(await postJson(url, body)).toEqual([400, { message }]);
    expect(clock.now()).toBe("2026-09-18T15:00:00.000Z");
  });

  test("is moved by curl, which calls JSON a form", async () => {
    const { url, clock } = await startWithPages();
    const headers = { "content-type": "application/x-www-form-urlencoded", accept: "*/*" };

    const answer = await fetch(`${url}/clock`, { method: "POST", headers, body: '{"advance":"P1D"}' });

    expect([answer.status, answer.headers.get("content-type")]).toEqual([200, "application/json"]);
    expect(clock.now()).toBe("2026-09-19T15:00:00.000Z");
  });

  test("is moved by the form, which then shows what was done", async () => {
    const { page, post, send, clock } = await startWithPages();
    await send("From: a@example.org\nTo: b@example.org\nSubject: Due <soon>\n\nhello");

    const answer = await post("/clock", { to: "2027-01-30T08:00" });

    expect([answer.status, answer.headers.get("location")]).toEqual([303, "/clock"]);
    expect(clock.now()).toBe("2027-01-30T08:00:00.000Z");
    const text = await squeezed(page("/clock"));
    expect(text).toContain("3 due things were done and 1 mail went out");
    expect(text).toContain("Due &lt;soon&gt;");
  });

  test("keeps its move over a restart", () => {
    const folder = mkdtempSync(join(tmpdir(), "local-clock-"));
    ending.push(() => rmSync(folder, { recursive: true }));
    const file = join(folder, "clock.json");
    movableClock({ file, realTime: () => REAL_TIME }).advance("P1M");

    const again = movableClock({ file, realTime: () => REAL_TIME + 1000 });

    expect(again.now()).toBe("2026-10-18T15:00:01.000Z");
    expect(JSON.parse(readFileSync(file, "utf8"))).toEqual({ offsetMilliseconds: 30 * 24 * 60 * 60 * 1000 });
    expect(() => again.moveTo("2026-09-19T00:00:00Z")).toThrow(ClockError);
  });

  test("tells of a broken file", () => {
    const folder = mkdtempSync(join(tmpdir(), "local-clock-"));
    ending.push(() => rmSync(folder, { recursive: true }));
    const file = join(folder, "clock.json");

    for (const content of ["", "{}", '{"offsetMilliseconds":"1"}', "null"]) {
      writeFileSync(file, content);
      expect(() => movableClock({ file })).toThrow(`The clock's file ${file} is not readable.`);
    }
  });
});

describe("mailbox", () => {
  const MAIL = `From: Program <program@example.org>
To: Candidate <candidate@example.org>
Reply-To: office@example.org
Subject: =?UTF-8?Q?You_are_in_=3Cb=3E?=
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=m

--m
Content-Type: multipart/alternative; boundary=a

--a
Content-Type: text/plain; charset=utf-8

Text <part>
--a
Content-Type: text/html; charset=utf-8

<html><head><title>x</title></head><body><script>alert(1)</script><a href="http://127.0.0.1/">go</a></body></html>
--a--
--m
Content-Type: application/pdf
Content-Disposition: attachment; filename="../offer 'ä'.pdf"
Content-Transfer-Encoding: base64

JVBERg==
--m--
`;

  test("as JSON holds each mail with everything a test asks", async () => {
    const { url, send } = await startWithPages();
    const id = await send(MAIL);
    await send(MAIL.replaceAll("candidate@", "mentor@"));

    const all: unknown[] = JSON.parse(await (await fetch(`${url}/mail.json`)).text());
    const candidates: unknown[] = JSON.parse(await (await fetch(`${url}/mail.json?to=Candidate@`)).text());

    expect(all.length).toBe(2);
    expect(candidates).toEqual([all[0]]);
    expect(all[0]).toMatchObject({
      id,
      time: "2026-09-18T15:00:00.000Z",
      to: ["candidate@example.org"],
      from: "Program <program@example.org>",
      replyTo: "office@example.org",
      subject: "You are in <b>",
      date: null,
      outboxId: "msg_1",
      attachments: [{ contentType: "application/pdf", size: 4, path: `/mail/${id}/attachments/0` }],
    });
  });

  test("lists the newest first", async () => {
    const { page, send } = await startWithPages();
    await send(MAIL.replace("You_are_in_=3Cb=3E", "first"));
    await send(MAIL.replace("You_are_in_=3Cb=3E", "second"));

    const text = await (await page("/mail")).text();

    expect([...text.matchAll(/<a href="\/mail\/[^"]+">([^<]+)</g)].map((match) => match[1])).toEqual([
      "second",
      "first",
    ]);
    expect(await (await page("/mail?to=nobody%22")).text()).toContain("No mail to such an address.");
  });

  test("shows text, headers and source escaped", async () => {
    const { page, send } = await startWithPages();
    const id = await send(MAIL);
    const view = (name: string) => squeezed(page(`/mail/${id}?view=${name}`));

    expect(await view("text")).toContain("<pre>Text &lt;part&gt;");
    expect(await view("headers")).toContain("<dt><code>reply-to</code></dt><dd>office@example.org</dd>");
    expect(await view("raw")).toContain("&lt;script&gt;alert(1)&lt;/script&gt;");
    expect(await view("text")).toContain("<h1>You are in &lt;b&gt;</h1>");
  });

  test("shows the HTML in a sandbox in which nothing runs or loads", async () => {
    const { page, send } = await startWithPages();
    const id = await send(MAIL);

    const around = await squeezed(page(`/mail/${id}`));
    const inside = await page(`/mail/${id}/html`);

    expect(around).toContain(
      `<iframe src="/mail/${id}/html" title="The mail" sandbox="allow-popups allow-popups-to-escape-sandbox">`,
    );
    expect(inside.headers.get("content-security-policy")).toBe(
      "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'",
    );
    expect(await inside.text()).toContain('<head><base target="_blank"><title>');
  });

  test("gives out the source and the attachments as they came", async () => {
    const { page, send } = await startWithPages();
    const id = await send(MAIL);

    const raw = await page(`/mail/${id}/raw`);
    const attachment = await page(`/mail/${id}/attachments/0`);

    expect(await raw.text()).toBe(MAIL.replaceAll("\n", "\r\n"));
    expect(raw.headers.get("content-type")).toBe("message/rfc822");
    expect(await attachment.text()).toBe("%PDF");
    expect(attachment.headers.get("content-disposition")).toMatch(/^attachment; filename\*=UTF-8''[\w.%-]+\.pdf$/);
    expect(attachment.headers.get("x-content-type-options")).toBe("nosniff");
  });

  test.each([
    "nothing",
    "../../etc/passwd",
    "%2e%2e%2fstack.json",
    "constructor",
    "ID/nothing",
    "ID/attachments/1",
    "ID/attachments/-1",
    "ID/attachments/",
  ])("has nothing at %s", async (path) => {
    const { page, send } = await startWithPages();
    const id = await send(MAIL);

    expect((await page(`/mail/${path.replace("ID", id)}`)).status).toBe(404);
  });
});
