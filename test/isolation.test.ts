import { setTimeout as pause } from "node:timers/promises";
import { expect, test } from "vitest";
import { graphqlHandler } from "../functions/graphql/handler.ts";
import type { Caller } from "../infra/local/caller.ts";
import { gatewayEvent, lambdaContext } from "../infra/local/http-event.ts";
import { seededRandom } from "../infra/local/random.ts";
import type { Table } from "../schema/shared/table.ts";
import { someone, startProgram } from "./support/program.ts";
import { complete, draft, idOf, IN_WINDOW, publishedCohort, serviceToken, step } from "./support/steps.ts";

const ROUNDS = 40;
const random = seededRandom(7);
const program = await startProgram({ at: IN_WINDOW });
const cohortId = await publishedCohort(program);

/** A person whose name, address and application say whose they are. */
async function marked(name: string) {
  const caller = someone(`Isolated ${name}`);
  const applicationId = await draft(program, caller, cohortId);
  await step(program, caller, "applicationSave", { ...complete(applicationId), jobTitle: `Planted ${name}` });
  await step(program, caller, "applicationSubmit", { applicationId });
  return { caller, applicationId, personId: await idOf(program, caller), marker: new RegExp(name, "i") };
}
const anna = await marked("Annabel");
const ben = await marked("Benedict");
await program.settle();
const { caller: service } = await serviceToken(program, {
  name: "Isolated Service",
  role: "STAFF",
  operations: ["node"],
});
await program.send(service, "{ __typename }");

/** The table, with every answer late by its own chance, so that requests overtake each other at each step. */
const late = new Proxy(program.runtime.table, {
  get:
    (table, name: keyof Table) =>
    async (...given: unknown[]) => {
      await pause(random() * 6);
      const answer = await (table[name] as (...given: unknown[]) => Promise<unknown>)(...given);
      await pause(random() * 6);
      return answer;
    },
});
const handler = graphqlHandler({ ...program.runtime, table: late });

async function ask(authorization: string | undefined, query: string, variables: object): Promise<string> {
  const headers = { host: "localhost", "content-type": "application/json", ...(authorization && { authorization }) };
  const body = Buffer.from(JSON.stringify({ query, variables }));
  const request = { method: "POST", path: "/graphql", query: "", headers, cookies: [], body, sourceIp: "192.0.2.1" };
  const { body: answer = "" } = await handler(gatewayEvent(request, program.clock.now()), lambdaContext());
  return answer;
}

const bearer = async (caller: NonNullable<Caller>) => `Bearer ${caller.token ?? (await program.issuer.sign(caller))}`;

/** One document for all, so that nothing but who asks can make the answers differ. */
const EVERYTHING = `query($mine: ID!, $theirs: ID!, $person: ID!) {
  viewer { roles person { id name email } applications { submission { jobTitle } } messages { nodes { subject recipient { name } } } }
  mine: node(id: $mine) { ... on Application { submission { jobTitle } applicant { name } viewerCan { withdraw { allowed } } } }
  theirs: node(id: $theirs) { ... on Application { submission { jobTitle } } }
  person: node(id: $person) { ... on Person { name } }
}`;

/** What everyone is to be answered, the same each time. */
const expected = (own: typeof anna) => ({
  data: {
    viewer: {
      roles: [],
      person: { id: own.personId, name: own.caller.name, email: own.caller.email },
      applications: [{ submission: { jobTitle: own.caller.name.replace("Isolated", "Planted") } }],
      messages: { nodes: [{ subject: expect.any(String) as string, recipient: { name: own.caller.name } }] },
    },
    mine: {
      submission: { jobTitle: own.caller.name.replace("Isolated", "Planted") },
      applicant: { name: own.caller.name },
      viewerCan: { withdraw: { allowed: true } },
    },
    theirs: null,
    person: null,
  },
});

test("requests of different people that overlap in one container never share anything", async () => {
  const tokens = { anna: await bearer(anna.caller), ben: await bearer(ben.caller), service: await bearer(service) };
  const expired = `Bearer ${await program.issuer.sign({ ...anna.caller, expiresInSeconds: -60 })}`;
  const of = (own: typeof anna, other: typeof anna) => ({
    mine: own.applicationId,
    theirs: other.applicationId,
    person: other.personId,
  });
  const asked = { anna: 0, ben: 0, nobody: 0, expired: 0, service: 0 };
  const turns: Record<keyof typeof asked, () => Promise<string>> = {
    anna: () => ask(tokens.anna, EVERYTHING, of(anna, ben)),
    ben: () => ask(tokens.ben, EVERYTHING, of(ben, anna)),
    nobody: () => ask(undefined, EVERYTHING, of(anna, ben)),
    expired: () => ask(expired, EVERYTHING, of(anna, ben)),
    service: () => ask(tokens.service, EVERYTHING, of(anna, ben)),
  };
  const names = Object.keys(turns) as (keyof typeof asked)[];
  const answers = await Promise.all(
    Array.from({ length: ROUNDS * names.length }, async (_, index) => {
      const who = names[index % names.length]!;
      await pause(random() * 60);
      asked[who]++;
      return { who, text: await turns[who]() };
    }),
  );
  expect(asked).toEqual({ anna: 40, ben: 40, nobody: 40, expired: 40, service: 40 });
  const different = new Map<string, Set<string>>();
  for (const { who, text } of answers) different.set(who, (different.get(who) ?? new Set()).add(text));
  const variants = Object.fromEntries([...different].map(([who, texts]) => [who, texts.size]));
  expect(variants).toEqual({ anna: 1, ben: 1, nobody: 1, expired: 1, service: 1 });
  const answerOf = (who: keyof typeof asked) => [...different.get(who)!][0]!;
  expect(answerOf("anna")).not.toMatch(ben.marker);
  expect(answerOf("ben")).not.toMatch(anna.marker);
  expect(JSON.parse(answerOf("anna"))).toMatchObject(expected(anna));
  expect(JSON.parse(answerOf("ben"))).toMatchObject(expected(ben));
  for (const who of ["nobody", "expired"] as const) {
    expect(answerOf(who)).not.toMatch(anna.marker);
    expect(answerOf(who)).not.toMatch(ben.marker);
  }
  expect(JSON.parse(answerOf("expired"))).toEqual({
    errors: [{ message: "Your sign-in has expired: please sign in again.", extensions: { code: "UNAUTHENTICATED" } }],
  });
  const { data, errors } = JSON.parse(answerOf("service")) as { data: unknown; errors: { path: string[] }[] };
  expect(errors.map(({ path }) => path)).toEqual([["viewer"]]);
  expect(data).toMatchObject({
    viewer: null,
    mine: { submission: { jobTitle: "Planted Annabel" } },
    theirs: { submission: { jobTitle: "Planted Benedict" } },
    person: { name: "Isolated Benedict" },
  });
}, 60_000);

test("what changes between two requests is seen by the second", async () => {
  const token = await bearer(anna.caller);
  const names =
    "query($id: ID!) { viewer { person { name } } node(id: $id) { ... on Application { applicant { name } } } }";
  const answered = async () => {
    const { data } = JSON.parse(await ask(token, names, { id: anna.applicationId })) as { data: unknown };
    return data;
  };
  const called = (name: string) => ({ viewer: { person: { name } }, node: { applicant: { name } } });
  expect(await answered()).toEqual(called("Isolated Annabel"));
  await step(program, ben.caller, "viewerRename", { name: "Isolated Bertram" });
  await step(program, anna.caller, "viewerRename", { name: "Isolated Arabella" });
  expect(await answered()).toEqual(called("Isolated Arabella"));
});
