import { afterEach, expect, test } from "vitest";
import { checkInvariants } from "./support/invariants.ts";
import { someone, STAFF, startProgram } from "./support/program.ts";
import { IN_WINDOW, publishedCohort, step, subjectsTo, type Outcome } from "./support/steps.ts";

const program = await startProgram({ at: IN_WINDOW });
afterEach(async () => expect(await checkInvariants(program)).toEqual([]));
const cohortId = await publishedCohort(program);

const codes = ({ userErrors }: Outcome<object>) =>
  userErrors.map(({ code, field }) => [code, ...(field ?? [])].join(" "));
const PERSON = "person { id name email joinedAt addresses { email isProved } }";
interface Seen {
  id: string;
  name: string;
  email: string;
  addresses: { email: string; isProved: boolean }[];
}
const create = (input: object) =>
  step<{ person: Seen | null }>(program, STAFF, "personCreate", { why: "On paper", ...input }, PERSON);

const RECORD = "You have a record in the CTO Mentor Program";

test("staff enter somebody who never signed in, apply for them, and whoever signs in with the address finds it", async () => {
  const paper = someone("Paper Applicant");
  const { person, userErrors } = await create({ name: paper.name, email: paper.email.toUpperCase() });
  expect(userErrors).toEqual([]);
  const address = { email: paper.email, isProved: false };
  expect(person).toMatchObject({ name: "Paper Applicant", email: paper.email, addresses: [address] });
  expect(await subjectsTo(program, paper)).toEqual([RECORD]);
  const input = { personId: person!.id, cohortId, kind: "CANDIDATE", why: "On paper" };
  const started = await step<{ application: { id: string } }>(
    program,
    STAFF,
    "applicationStartFor",
    input,
    "application { id }",
  );
  expect(started.userErrors).toEqual([]);

  const query = `{ viewer { person { id name addresses { email isProved } } applications { id } } }`;
  type Own = { viewer: { person: Seen; applications: { id: string }[] } };
  // Another account name proves the address; the name stays as staff have entered it.
  const both = await Promise.all([1, 2].map(() => program.ask<Own>({ ...paper, name: "P. Applicant" }, query)));
  for (const { viewer } of both) {
    const { id, name, addresses } = viewer.person;
    expect([id, name, addresses]).toEqual([person!.id, paper.name, [{ ...address, isProved: true }]]);
    expect(viewer.applications).toEqual([{ id: started.application.id }]);
  }
  const history = `query($id: ID!) { node(id: $id) { ... on Person { history(first: 20) { nodes { type why } } } } }`;
  type History = { node: { history: { nodes: { type: string; why: string | null }[] } } };
  const { node } = await program.ask<History>(STAFF, history, { id: person!.id });
  expect(node.history.nodes.map(({ type, why }) => [type, why]).toReversed()).toEqual([
    ["PersonEntered", "On paper"],
    ["PersonJoined", null],
  ]);
});

test("an address that has a record is refused, also when two enter it at once; faults are all named; only staff may", async () => {
  const { name, email } = someone("Twice Entered");
  const both = await Promise.all([create({ name, email }), create({ name, email })]);
  expect(both.flatMap(codes)).toEqual(["EMAIL_TAKEN email"]);
  expect(both.filter(({ person }) => person === null)).toHaveLength(1);
  expect(await subjectsTo(program, { name, email })).toEqual([RECORD]);
  const taken = await create({ name: "Staff Test", email: STAFF!.email });
  expect([taken.person, codes(taken)]).toEqual([null, ["EMAIL_TAKEN email"]]);
  expect(codes(await create({ name: " ", email: "nobody", why: "" }))).toEqual([
    "REQUIRED name",
    "BAD_EMAIL email",
    "REQUIRED why",
  ]);
  const mutation = "mutation($input: PersonCreateInput!) { personCreate(input: $input) { userErrors { code } } }";
  for (const [caller, code] of [
    [null, "UNAUTHENTICATED"],
    [someone("Stranger"), "FORBIDDEN"],
  ] as const) {
    const { errors } = await program.send(caller, mutation, { input: { name, email, why: "Test" } });
    expect(errors?.[0]?.extensions?.["code"]).toBe(code);
  }
});

test("whoever was erased before they signed in leaves no claim to the address", async () => {
  const { name, email } = someone("Erased Entry");
  const { person } = await create({ name, email });
  await program.settle();
  const input = { personId: person!.id, why: "Asked for", idempotencyKey: "erase-entry" };
  const looked = await step<{ confirmToken: string }>(
    program,
    STAFF,
    "personErase",
    { ...input, dryRun: true },
    "confirmToken",
  );
  const erased = await step(
    program,
    STAFF,
    "personErase",
    { ...input, confirmToken: looked.confirmToken },
    "confirmToken",
  );
  expect(erased.userErrors).toEqual([]);
  await program.handlers.due({});
  const again = await create({ name, email });
  expect(again.userErrors).toEqual([]);
  expect(again.person!.id).not.toBe(person!.id);
});
