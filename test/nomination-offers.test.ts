import { expect, test } from "vitest";
import type { Caller } from "../infra/local/caller.ts";
import { checkInvariants } from "./support/invariants.ts";
import { someone, STAFF, startProgram } from "./support/program.ts";
import { readTable } from "./support/stored.ts";
import { IN_WINDOW, publishedCohort, step, subjectsTo, submitted, tokensTo, type Outcome } from "./support/steps.ts";

const program = await startProgram({ at: IN_WINDOW });
const cohortId = await publishedCohort(program, { candidateLetters: 1 });

const NOMINATOR = "planted.nominator@example.org";
const nominee = { name: "Nina Nominee", email: "nina.nominee@example.org" };
let keys = 0;

const wish = (more: object = {}) => ({
  cohortId,
  nomineeName: "planted nominee",
  nomineeEmail: nominee.email,
  nominatorName: "planted nominator",
  nominatorEmail: NOMINATOR,
  nominatorPosition: "planted position",
  text: "planted letter",
  idempotencyKey: `offer-${++keys}-of-the-test`,
  ...more,
});
const offer = (input: object, caller: Caller = null) =>
  step<{ confirmUntil: string | null }>(program, caller, "nominationOffer", input, "confirmUntil");
const confirm = (token: string, caller: Caller = null) =>
  step<{ candidateName: string | null }>(program, caller, "nominationConfirm", { token }, "candidateName");
const linksTo = (email: string) => tokensTo(program, email, "/nomination-confirm");
const codes = ({ userErrors }: Outcome<object>) =>
  userErrors.map(({ code, field }) => [code, ...(field ?? [])].join(" "));

/** What staff find of letters that wait for an application. */
async function unmatched(): Promise<string[]> {
  const query =
    "query($id: ID!) { cohort(id: $id) { unmatchedNominations { nodes { nominatorName letter { text } } } } }";
  type Listed = { cohort: { unmatchedNominations: { nodes: { nominatorName: string }[] } } };
  const { cohort } = await program.ask<Listed>(STAFF, query, { id: cohortId });
  return cohort.unmatchedNominations.nodes.map(({ nominatorName }) => nominatorName);
}

/** Every text of every mail to an address. */
async function mailsTo(email: string): Promise<string> {
  await program.settle();
  return (await program.ses.mails())
    .filter(({ to }) => to.includes(email))
    .map(({ text }) => text)
    .join("\n");
}

async function afterHours(hours: number): Promise<void> {
  program.clock.advance(`PT${hours}H`);
  await program.handlers.due({});
  await program.handlers.due({});
  await program.settle();
}

test("a letter that anybody offers counts once whoever it names has confirmed it, and then finds its application", async () => {
  const input = wish();
  const offered = await offer(input);
  expect(offered).toEqual({ confirmUntil: expect.stringMatching(/^2026-09-04T16:0/) as string, userErrors: [] });
  // Sent once more because the answer was lost: one letter, one mail.
  expect(await offer(input)).toEqual(offered);
  expect(codes(await offer({ ...input, text: "Another" }))).toEqual(["KEY_REUSED idempotencyKey"]);
  expect(await subjectsTo(program, { name: "", email: NOMINATOR })).toEqual([
    "Please confirm your nomination for the CTO Mentor Program",
  ]);
  expect(await mailsTo(NOMINATOR)).not.toContain("planted");
  expect(await unmatched()).toEqual([]);
  expect(await subjectsTo(program, nominee)).toEqual([]);

  const [token = ""] = await linksTo(NOMINATOR);
  expect(codes(await confirm(`${token.slice(0, -1)}${token.endsWith("A") ? "B" : "A"}`))).toEqual([
    "LINK_UNKNOWN token",
  ]);
  const both = await Promise.all([confirm(token), confirm(token)]);
  expect(both.map(({ candidateName, userErrors }) => [candidateName, userErrors])).toEqual([
    ["planted nominee", []],
    ["planted nominee", []],
  ]);
  expect(await unmatched()).toEqual(["planted nominator"]);
  expect(await subjectsTo(program, { name: "", email: NOMINATOR })).toEqual([
    "Please confirm your nomination for the CTO Mentor Program",
    "Your nomination is confirmed",
  ]);
  expect(await subjectsTo(program, nominee)).toEqual(["Somebody has nominated you for the CTO Mentor Program"]);
  expect(await mailsTo(nominee.email)).not.toContain("planted");

  const applicationId = await submitted(program, nominee, cohortId);
  await afterHours(2);
  expect(await unmatched()).toEqual([]);
  const query = `query($id: ID!) { node(id: $id) { ... on Application { state
    nominations { state origin nominatorName letter { text } history { nodes { type } } } } } }`;
  const { node } = await program.ask<{ node: object }>(STAFF, query, { id: applicationId });
  expect(node).toEqual({
    state: "COMPLETE",
    nominations: [
      {
        state: "PROVIDED",
        origin: "UNSOLICITED",
        nominatorName: "planted nominator",
        letter: { text: "planted letter" },
        history: { nodes: ["NominationMatched", "NominationConfirmed", "NominationOffered"].map((type) => ({ type })) },
      },
    ],
  });
});

test("nothing tells whether there is an application, or who is known here", async () => {
  const known = { nomineeEmail: nominee.email, nominatorEmail: "known.a@example.org" };
  const unknown = { nomineeEmail: "nobody@example.org", nominatorEmail: "known.b@example.org" };
  const answers = [
    await offer(wish(known)),
    await offer(wish(unknown)),
    await offer(wish(unknown), someone("Signed In")),
  ];
  expect(answers.map(({ confirmUntil, userErrors }) => [typeof confirmUntil, userErrors])).toEqual([
    ["string", []],
    ["string", []],
    ["string", []],
  ]);
  for (const email of ["known.a@example.org", "known.b@example.org"]) {
    const [token = ""] = await linksTo(email);
    expect(await confirm(token)).toEqual({ candidateName: "planted nominee", userErrors: [] });
  }
  await program.settle();
  // The link and the minute aside, of each mail one.
  const of = async (email: string) => {
    const texts = (await program.ses.mails()).filter(({ to }) => to.includes(email)).map(({ text }) => text ?? "");
    return [...new Set(texts.map((text) => text.replaceAll(/#\S+|\d+:\d+/g, "#")))].sort();
  };
  expect(await of("known.a@example.org")).toHaveLength(2);
  expect(await of("known.b@example.org")).toEqual(await of("known.a@example.org"));
});

test("bad input is named, and writes and mails nothing", async () => {
  const before = (await readTable(program)).items.length;
  expect(codes(await offer(wish({ nomineeName: " ", nominatorEmail: "x", text: "a\u0000" })))).toEqual([
    "REQUIRED nomineeName",
    "BAD_EMAIL nominatorEmail",
    "BAD_CHARACTERS text",
  ]);
  expect(codes(await offer(wish({ text: "x".repeat(10_001) })))).toEqual(["TOO_LONG text"]);
  expect(codes(await offer(wish({ nominatorEmail: nominee.email })))).toEqual([
    "NOMINATOR_IS_APPLICANT nominatorEmail",
  ]);
  expect(codes(await offer(wish({ idempotencyKey: "short" })))).toEqual(["BAD_KEY idempotencyKey"]);
  await expect(offer(wish({ cohortId: "none" }))).rejects.toThrow("NOT_FOUND");
  expect((await readTable(program)).items.length).toBe(before);
});

test("nobody is flooded: five letters a day in the name of one address, also at once, and one mail to whom they are about", async () => {
  const many = { nominatorEmail: "flooded@example.org", nomineeEmail: "praised@example.org" };
  const inputs = Array.from({ length: 4 }, () => wish(many));
  for (const input of inputs) expect(codes(await offer(input))).toEqual([]);
  const atOnce = await Promise.all([offer(wish(many)), offer(wish(many))]);
  expect(atOnce.flatMap(codes)).toEqual(["TOO_MANY nominatorEmail"]);
  const tokens = await linksTo("flooded@example.org");
  expect(tokens).toHaveLength(5);
  for (const token of tokens) expect(codes(await confirm(token))).toEqual([]);
  expect(await subjectsTo(program, { name: "", email: "praised@example.org" })).toEqual([
    "Somebody has nominated you for the CTO Mentor Program",
  ]);
  await afterHours(24);
  expect(codes(await offer(wish(many)))).toEqual([]);
});

test("what nobody confirms within three days is removed with its mail and its link, and the link says so", async () => {
  const email = "unaware@example.org";
  const marked = { nomineeName: "unaware nominee", nominatorName: "unaware nominator", text: "unaware letter" };
  await offer(wish({ ...marked, nominatorEmail: email, nomineeEmail: "unaware.nominee@example.org" }));
  const [token = ""] = await linksTo(email);
  await afterHours(73);
  expect(codes(await confirm(token))).toEqual(["LINK_UNKNOWN token"]);
  await afterHours(1);
  const left = (await readTable(program)).items.filter((item) => JSON.stringify(item).includes("unaware"));
  expect(left.map(({ entity }) => entity)).toEqual([]);
});

test("the records agree with each other afterwards", async () => {
  expect(await checkInvariants(program)).toEqual([]);
});
