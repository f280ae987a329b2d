import { Logger } from "@aws-lambda-powertools/logger";
import { afterAll, beforeEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { graphqlHandler } from "../functions/graphql/handler.ts";
import { networkOf } from "../functions/graphql/rate.ts";
import { deployedEnvironment, runtimeFrom } from "../functions/runtime.ts";
import type { Caller } from "../infra/local/caller.ts";
import { gatewayEvent, lambdaContext } from "../infra/local/http-event.ts";
import type { Instant } from "../schema/shared/time.ts";
import { startFaultProxy, type FaultProxy } from "./support/fault-proxy.ts";
import { someone, startProgram } from "./support/program.ts";
import { idOf, IN_WINDOW, serviceToken } from "./support/steps.ts";
import { readTable } from "./support/stored.ts";

let proxy!: FaultProxy;
const program = await startProgram({
  at: IN_WINDOW,
  environment: { REQUESTS_PER_ACCOUNT: "30", REQUESTS_PER_ADDRESS: "25" },
  beforeTable: async (endpoint) => {
    proxy = await startFaultProxy(endpoint, 23);
    return proxy.endpoint;
  },
});
afterAll(() => proxy.stop());
const person = someone("Rate Person");
const another = someone("Rate Another");
await idOf(program, person);
await idOf(program, another);
const { caller: service } = await serviceToken(program, { name: "Rate", role: "STAFF", operations: ["viewer"] });

/** Each test has a minute of its own, in which the clock stands. */
let now: Instant;
let minute = 0;
const errors = vi.fn<Logger["error"]>();
const logger = Object.assign(new Logger(), { error: errors });
beforeEach(() => {
  now = `2026-09-02T10:${String(minute++).padStart(2, "0")}:17.500Z`;
  proxy.reset();
  errors.mockClear();
});

type Container = ReturnType<typeof graphqlHandler>;
const container = (): Container => graphqlHandler({ ...program.runtime, logger, clock: { now: () => now } });

interface From {
  caller?: Caller;
  authorization?: string;
  address?: string;
  query?: string;
}

async function ask(handler: Container, { caller, authorization, address = "203.0.113.7", query }: From) {
  const headers: Record<string, string> = { host: "localhost", "content-type": "application/json" };
  if (caller) headers["authorization"] = `Bearer ${caller.token ?? (await program.issuer.sign(caller))}`;
  if (authorization !== undefined) headers["authorization"] = authorization;
  const body = Buffer.from(JSON.stringify({ query: query ?? "{ viewer { roles } }" }));
  const request = { method: "POST", path: "/graphql", query: "", headers, cookies: [], body, sourceIp: address };
  return handler(gatewayEvent(request, now), lambdaContext());
}

/** The statuses of so many requests, one after the other, as `status x times`. */
async function statuses(handler: Container, times: number, from: From): Promise<string> {
  const seen: number[] = [];
  for (let time = 0; time < times; time++) seen.push((await ask(handler, from)).statusCode!);
  const runs = seen.filter((status, index) => status !== seen[index - 1]);
  return runs.map((status) => `${status} x ${seen.filter((one) => one === status).length}`).join(", ");
}

const operations = () => proxy.requests().map(({ operation }) => operation);
const updates = () => operations().filter((operation) => operation === "UpdateItem").length;
const rateItems = async () => (await readTable(program)).items.filter(({ entity }) => entity === "RATE");

describe("a limit", () => {
  test("is not asked of the table for the first ten requests, and then once in ten", async () => {
    const handler = container();
    expect(await statuses(handler, 10, {})).toBe("200 x 10");
    expect(operations()).toEqual([]);
    expect(await statuses(handler, 10, {})).toBe("200 x 10");
    expect(operations()).toEqual(["UpdateItem"]);
    expect(await statuses(handler, 5, {})).toBe("200 x 5");
    expect(operations()).toEqual(["UpdateItem", "UpdateItem"]);
  });

  test("is exact in one container, and tells when to come again", async () => {
    const handler = container();
    expect(await statuses(handler, 32, { caller: person })).toBe("200 x 30, 429 x 2");
    const { statusCode, headers, body } = await ask(handler, { caller: person });
    expect([statusCode, headers?.["retry-after"], body]).toEqual([
      429,
      "43",
      '{"errors":[{"message":"These were too many requests for one minute: please try again in 43 seconds.",' +
        '"extensions":{"code":"TOO_MANY_REQUESTS"}}]}\n',
    ]);
    expect(await statuses(handler, 1, { caller: another })).toBe("200 x 1");
    expect(errors).not.toHaveBeenCalled();
  });

  test("holds for two containers together, to within nine requests", async () => {
    const [one, other] = [container(), container()];
    expect(await statuses(one, 20, { caller: person })).toBe("200 x 20");
    expect(await statuses(other, 20, { caller: person })).toBe("200 x 19, 429 x 1");
    expect(await statuses(one, 20, { caller: person })).toBe("429 x 20");
    expect(updates()).toBe(3);
    expect(await statuses(container(), 12, { caller: person })).toBe("200 x 10, 429 x 2");
  });

  test("lets in again with the next minute", async () => {
    const handler = container();
    expect(await statuses(handler, 31, { caller: person })).toBe("200 x 30, 429 x 1");
    now = now.replace(":17.500Z", ":59.999Z");
    expect((await ask(handler, { caller: person })).headers?.["retry-after"]).toBe("1");
    minute++;
    now = new Date(Date.parse(now) + 1).toISOString();
    expect(await statuses(handler, 31, { caller: person })).toBe("200 x 30, 429 x 1");
  });

  test("refuses without asking the table for anything", async () => {
    const handler = container();
    await statuses(handler, 31, { caller: person });
    const before = await readTable(program);
    proxy.reset();
    expect(await statuses(handler, 25, { caller: person })).toBe("429 x 25");
    const change = 'mutation { viewerRename(input: { name: "Refused" }) { userErrors { code } } }';
    expect(await statuses(handler, 1, { caller: person, query: change })).toBe("429 x 1");
    expect(operations()).toEqual([]);
    expect((await readTable(program)).items).toEqual(expect.arrayContaining([...before.items]));
  });
});

describe("who is counted", () => {
  test("nobody by the address, and what is kept of it tells nothing", async () => {
    const handler = container();
    const before = (await rateItems()).length;
    expect(await statuses(handler, 26, {})).toBe("200 x 25, 429 x 1");
    expect(await statuses(handler, 26, { address: "203.0.113.8" })).toBe("200 x 25, 429 x 1");
    const items = await rateItems();
    expect(items).toHaveLength(before + 2);
    expect(JSON.stringify(items)).not.toContain("203.0.113");
    const newest = items.filter(
      ({ expiresAtSeconds }) => expiresAtSeconds === Math.floor(Date.parse(now) / 1000) + 120,
    );
    expect(newest).toHaveLength(2);
    for (const { pk, sk, ...rest } of newest) {
      expect([pk, sk]).toEqual([expect.stringMatching(/^RATE#[\w-]{43}$/), "RATE"]);
      expect(Object.keys(rest).sort()).toEqual(["counted", "entity", "expiresAtSeconds"]);
    }
  });

  test("the first half of a long address stands for all of it", async () => {
    const handler = container();
    expect(await statuses(handler, 25, { address: "2001:db8:1:2::1" })).toBe("200 x 25");
    expect(await statuses(handler, 1, { address: "2001:db8:1:2:3:4:5:6" })).toBe("429 x 1");
    expect(await statuses(handler, 1, { address: "2001:db8:1:3::1" })).toBe("200 x 1");
    expect(["::1", "2001:db8::", "1::8", "::ffff:192.0.2.1", "192.0.2.1"].map(networkOf)).toEqual([
      "0:0:0:0::/64",
      "2001:db8:0:0::/64",
      "1:0:0:0::/64",
      "::ffff:192.0.2.1",
      "192.0.2.1",
    ]);
  });

  test("people by their account, wherever they are", async () => {
    const handler = container();
    expect(await statuses(handler, 30, { caller: person })).toBe("200 x 30");
    expect(await statuses(handler, 1, { caller: person, address: "203.0.113.9" })).toBe("429 x 1");
    expect(await statuses(handler, 1, {})).toBe("200 x 1");
  });

  test("a service token by its secret, so that its id alone cannot use it up", async () => {
    const handler = container();
    const forged = `Bearer ${service.token.slice(0, -1)}${service.token.endsWith("A") ? "B" : "A"}`;
    expect(await statuses(handler, 26, { authorization: forged })).toBe("401 x 25, 429 x 1");
    expect(await statuses(handler, 31, { caller: service })).toBe("200 x 30, 429 x 1");
    expect(JSON.stringify(await rateItems())).not.toContain(service.token.slice(-43));
  });

  test("whatever is not valid by the address, together with nobody", async () => {
    const handler = container();
    expect(await statuses(handler, 8, { authorization: "Bearer a.b.c" })).toBe("401 x 8");
    expect(await statuses(handler, 8, { authorization: "Basic abc" })).toBe("401 x 8");
    expect(await statuses(handler, 10, {})).toBe("200 x 9, 429 x 1");
    expect(await statuses(handler, 1, { authorization: "Bearer a.b.c" })).toBe("429 x 1");
    expect(await statuses(handler, 1, { caller: person })).toBe("200 x 1");
  });

  test("what is no operation, too", async () => {
    const handler = container();
    expect(await statuses(handler, 26, { query: "{" })).toBe("400 x 25, 429 x 1");
  });
});

test("while the table does not count, a container counts for itself, and asks only once in ten", async () => {
  const [one, other] = [container(), container()];
  proxy.inject("UpdateItem", { kind: "throttle" });
  expect(await statuses(one, 25, {})).toBe("200 x 25");
  expect(await statuses(other, 25, {})).toBe("200 x 25");
  expect(updates()).toBe(4);
  expect(errors).not.toHaveBeenCalled();
});

test("a container remembers a few thousand, and forgets the first", async () => {
  const handler = container();
  expect(await statuses(handler, 9, { address: "198.51.100.1" })).toBe("200 x 9");
  for (let host = 0; host < 5_000; host++) await ask(handler, { address: `host-${host}`, query: "{ __typename }" });
  proxy.reset();
  expect(await statuses(handler, 10, { address: "198.51.100.1" })).toBe("200 x 10");
  expect(operations()).toEqual([]);
}, 60_000);

/** What every function has to be told. */
const TOLD = {
  TABLE_NAME: "none",
  MAIL_FROM: "program@example.org",
  MAIL_REPLY_TO: "program@example.org",
  TOKEN_ISSUER: "https://issuer.example.org",
  TOKEN_AUDIENCE: "app",
  FILES_BUCKET: "files",
  PUBLIC_URL: "https://example.org",
};

test("a deployed API that was not told its limits does not start", () => {
  expect(() => deployedEnvironment(["REQUESTS_PER_ACCOUNT", "REQUESTS_PER_ADDRESS"], TOLD)).toThrow(
    "The function lacks the environment variables REQUESTS_PER_ACCOUNT, REQUESTS_PER_ADDRESS",
  );
  expect(deployedEnvironment([], TOLD)).toBe(TOLD);
});

test.each(["graphql", "mail"])("the %s function asks for its limits when it is deployed", async (name) => {
  for (const [variable, value] of Object.entries(TOLD)) vi.stubEnv(variable, value);
  onTestFinished(() => void vi.unstubAllEnvs());
  await expect(import(`../functions/${name}/index.ts`)).rejects.toThrow("The function lacks the environment variables");
});

test.each(["0", "-1", "many", "1.5", ""])("a limit of `%s` is refused at the start", (text) => {
  expect(() => runtimeFrom({ ...TOLD, REQUESTS_PER_ACCOUNT: text })).toThrow("a number from 1 is needed");
});
