import { expect, test } from "vitest";
import { jointPartnersOf } from "../schema/joint/joint.table.ts";
import { parseGlobalId } from "../schema/shared/id.ts";
import { openTable } from "../schema/shared/table.ts";
import { checkInvariants } from "./support/invariants.ts";
import { someone, startProgram, STAFF } from "./support/program.ts";
import {
  chairPerson,
  complete,
  draft,
  idOf,
  IN_WINDOW,
  prepare,
  publishedCohort,
  release,
  step,
  submitted,
  subjectsTo,
  tokensTo,
  type Outcome,
} from "./support/steps.ts";
import { readTable } from "./support/stored.ts";
import { ticking } from "./support/ticking.ts";

const program = await startProgram({ at: IN_WINDOW, realTime: ticking(IN_WINDOW).realTime });
const direct = openTable({ tableName: program.tableName, endpoint: program.tableEndpoint, now: Date.now });
const committee = await chairPerson(program, someone("Joint Committee"));

type Person = NonNullable<ReturnType<typeof someone>>;

let cohorts = 0;
const newCohort = () => publishedCohort(program, { number: ++cohorts, name: `Cohort ${cohorts}` });
const codes = ({ userErrors }: Outcome<object>) => userErrors.map(({ code }) => code);

const invite = (by: Person, applicationId: string, to: Person) =>
  step(program, by, "jointInvite", { applicationId, name: to.name, email: to.email });
const accept = (by: Person, token: string | undefined) =>
  step<{ application: { id: string } | null }>(program, by, "jointAccept", { token }, "application { id }");
const declining = (by: Person | null, token: string | undefined) => step(program, by, "jointDecline", { token });
const unlinking = (by: Person, applicationId: string) => step(program, by, "jointUnlink", { applicationId });
const tokenFor = async ({ email }: Person) => (await tokensTo(program, email, "/joint-application")).at(-1);

async function seen(caller: Person | typeof STAFF, id: string): Promise<unknown> {
  const query = `query($id: ID!) { node(id: $id) { ... on Application { joint { partnerState partnerName partner { id } } } } }`;
  const { node } = await program.ask<{ node: { joint: object | null } | null }>(caller, query, { id });
  return node && node.joint;
}

/** A candidate with a draft and a mentor without, of a cohort of their own. */
async function pair(name: string) {
  const cohortId = await newCohort();
  const [candidate, mentor] = [someone(`${name} Candidate`), someone(`${name} Mentor`)];
  return { cohortId, candidate, mentor, id: await draft(program, candidate, cohortId) };
}

test("invited by a link, confirmed by both, bound to the application that is begun later; each sees the other's name alone", async () => {
  const { cohortId, candidate, mentor, id } = await pair("Later");
  expect(codes(await invite(candidate, id, mentor))).toEqual([]);
  expect(await seen(candidate, id)).toEqual({ partnerState: "INVITED", partnerName: "Later Mentor", partner: null });
  expect(codes(await invite(candidate, id, someone("Third Mentor")))).toEqual(["ALREADY_LINKED"]);
  const token = await tokenFor(mentor);
  const mail = (await program.ses.mails()).find(({ to }) => to.includes(mentor.email));
  expect(mail?.subject).toBe(`Later Candidate would like to apply together with you: Cohort ${cohorts}`);
  expect(mail?.text).toContain("applies as a candidate");
  expect(mail?.text).toContain("apply together as a mentor.");

  expect(codes(await accept(candidate, token))).toEqual(["OWN_APPLICATION"]);
  expect(codes(await accept(mentor, `${token}x`))).toEqual(["LINK_UNKNOWN"]);
  const { errors } = await program.send(
    null,
    "mutation($input: JointAnswerInput!) { jointAccept(input: $input) { userErrors { code } } }",
    { input: { token } },
  );
  expect(errors?.[0]?.extensions?.["code"]).toBe("UNAUTHENTICATED");
  const accepted = await accept(mentor, token);
  expect(accepted).toEqual({ application: null, userErrors: [] });
  expect(codes(await accept(mentor, token))).toEqual(["LINK_USED"]);
  expect(codes(await declining(null, token))).toEqual(["LINK_USED"]);
  expect(await seen(candidate, id)).toEqual({ partnerState: "LINKED", partnerName: "Later Mentor", partner: null });

  const mentorId = await submitted(program, mentor, cohortId, "MENTOR");
  expect(await seen(mentor, mentorId)).toEqual({
    partnerState: "LINKED",
    partnerName: "Later Candidate",
    partner: null,
  });
  expect(await seen(candidate, id)).toEqual({ partnerState: "LINKED", partnerName: "Later Mentor", partner: null });
  expect(await seen(STAFF, id)).toEqual({
    partnerState: "LINKED",
    partnerName: "Later Mentor",
    partner: { id: mentorId },
  });
  // The candidate's is a draft still, which is not the committee's.
  expect(await seen(committee, mentorId)).toBeNull();
  const local = (opaque: string) => parseGlobalId(opaque)!.id;
  const partners = await jointPartnersOf(direct, [local(id), local(mentorId), "app_none"]);
  expect(Object.fromEntries(partners)).toEqual({
    [local(id)]: { applicationId: local(mentorId), personId: local(await idOf(program, mentor)) },
    [local(mentorId)]: { applicationId: local(id), personId: local(await idOf(program, candidate)) },
  });
  expect(await subjectsTo(program, candidate)).toEqual([`Later Mentor applies together with you: Cohort ${cohorts}`]);
  expect(await checkInvariants(program)).toEqual([]);
});

test("an application is in one joint one only, however many invite and accept at once", async () => {
  const cohortId = await newCohort();
  const mentor = someone("Wanted Mentor");
  const candidates = [someone("Wanting One"), someone("Wanting Two")];
  const ids: string[] = [];
  const tokens: (string | undefined)[] = [];
  for (const candidate of candidates) {
    const id = await draft(program, candidate, cohortId);
    const both = await Promise.all([invite(candidate, id, mentor), invite(candidate, id, mentor)]);
    expect(both.map(codes).sort((a, b) => a.length - b.length)).toEqual([[], ["ALREADY_LINKED"]]);
    ids.push(id);
    tokens.push(await tokenFor(mentor));
  }
  const answers = await Promise.all(tokens.map((token) => accept(mentor, token)));
  expect(answers.map(codes).sort((a, b) => a.length - b.length)).toEqual([[], ["ALREADY_LINKED"]]);
  const linked = await Promise.all(candidates.map((candidate, index) => seen(candidate, ids[index]!)));
  expect(linked.map((joint) => (joint as { partnerState: string }).partnerState).sort()).toEqual(["INVITED", "LINKED"]);
  expect(await checkInvariants(program)).toEqual([]);
});

test("declined without signing in, taken back or ended, both applications stay, and somebody else can be invited", async () => {
  const { cohortId, candidate, mentor, id } = await pair("Ending");
  await invite(candidate, id, mentor);
  const first = await tokenFor(mentor);
  expect(codes(await declining(null, first))).toEqual([]);
  expect(await seen(candidate, id)).toBeNull();
  expect(codes(await accept(mentor, first))).toEqual(["LINK_USED"]);
  expect(codes(await unlinking(candidate, id))).toEqual(["WRONG_STATE"]);
  await program.settle();

  await invite(candidate, id, mentor);
  const second = await tokenFor(mentor);
  expect(codes(await unlinking(candidate, id))).toEqual([]);
  expect(codes(await accept(mentor, second))).toEqual(["LINK_REVOKED"]);

  await invite(candidate, id, mentor);
  expect(codes(await accept(mentor, await tokenFor(mentor)))).toEqual([]);
  const mentorId = await draft(program, mentor, cohortId, "MENTOR");
  await program.settle();
  expect(codes(await unlinking(mentor, mentorId))).toEqual([]);
  expect([await seen(candidate, id), await seen(mentor, mentorId)]).toEqual([null, null]);
  // Three invitations a day, and whom they went to is not kept.
  expect(codes(await invite(candidate, id, mentor))).toEqual(["TOO_MANY"]);
  const joints = (await readTable(program)).records<{ cohortId: string; invited: object | null; state: string }>(
    "JOINT",
  );
  expect(
    joints
      .filter(({ cohortId: of }) => of === parseGlobalId(cohortId)!.id)
      .map(({ state, invited }) => [state, invited]),
  ).toEqual(
    expect.arrayContaining([
      ["DECLINED", null],
      ["CANCELLED", null],
      ["UNLINKED", null],
    ]),
  );
  expect(await subjectsTo(program, candidate)).toEqual([
    `Your invitation was declined: Cohort ${cohorts}`,
    `Ending Mentor applies together with you: Cohort ${cohorts}`,
    `You do not apply together any more: Cohort ${cohorts}`,
  ]);
  expect(await checkInvariants(program)).toEqual([]);
});

test("what cannot be invited is refused with every fault; others' applications are not there", async () => {
  const { cohortId, candidate, mentor, id } = await pair("Faulty");
  const faulty = (input: object) =>
    step(program, candidate, "jointInvite", { applicationId: id, name: "Test", email: "x@example.org", ...input });
  const faults = async (input: object) =>
    (await faulty(input)).userErrors.map(({ code, field }) => `${code} ${field?.join(".")}`);
  expect(await faults({ name: " ", email: "nobody" })).toEqual(["REQUIRED name", "BAD_EMAIL email"]);
  expect(await faults({ name: "x".repeat(201), email: candidate.email.toUpperCase() })).toEqual([
    "TOO_LONG name",
    "EMAIL_OWN email",
  ]);
  const query = "mutation($input: JointInviteInput!) { jointInvite(input: $input) { userErrors { code } } }";
  const input = { applicationId: id, name: "Test", email: "x@example.org" };
  const code = async (caller: Person | typeof STAFF | null) =>
    (await program.send(caller, query, { input })).errors?.[0]?.extensions?.["code"];
  expect([await code(null), await code(mentor), await code(STAFF), await code(committee)]).toEqual([
    "UNAUTHENTICATED",
    "NOT_FOUND",
    "FORBIDDEN",
    "NOT_FOUND",
  ]);
  const decided = await submitted(program, mentor, cohortId, "MENTOR");
  await prepare(program, decided, { outcome: "DECLINE" });
  await release(program, cohortId, "MENTOR");
  await invite(candidate, id, mentor);
  expect(codes(await accept(mentor, await tokenFor(mentor)))).toEqual(["WRONG_STATE"]);
  const late = await step(program, mentor, "jointInvite", {
    applicationId: decided,
    name: "Test",
    email: "x@example.org",
  });
  expect(codes(late)).toEqual(["WRONG_STATE"]);
});

test("withdrawing one leaves the other valid and flagged; what was decided is told to nobody else", async () => {
  const { cohortId, candidate, mentor, id } = await pair("Parting");
  await invite(candidate, id, mentor);
  const mentorId = await submitted(program, mentor, cohortId, "MENTOR");
  await accept(mentor, await tokenFor(mentor));
  await step(program, candidate, "applicationSave", complete(id));
  await step(program, candidate, "applicationSubmit", { applicationId: id });
  await program.settle();
  for (const outcome of ["ACCEPT", "DECLINE"]) {
    await prepare(program, outcome === "ACCEPT" ? id : mentorId, { outcome });
  }
  await release(program, cohortId, "MENTOR");
  const linked = { partnerState: "LINKED", partnerName: "Parting Mentor", partner: null };
  expect(await seen(candidate, id)).toEqual(linked);
  await release(program, cohortId, "CANDIDATE");
  expect(await seen(candidate, id)).toEqual(linked);
  expect(await seen(committee, id)).toEqual({ ...linked, partner: { id: mentorId } });
  await step(program, candidate, "applicationWithdraw", { applicationId: id });
  // Who was declined cannot withdraw: that somebody has would tell what was decided. Whoever decides sees it.
  const parting = { partnerState: "LINKED", partnerName: "Parting Candidate", partner: null };
  expect(await seen(mentor, mentorId)).toEqual(parting);
  expect(await seen(committee, mentorId)).toEqual({ ...parting, partnerState: "WITHDREW", partner: { id } });
  // Whoever is recused from one of them does not learn of it by the other.
  const recused = await chairPerson(program, someone("Parting Member"));
  await step(program, recused, "recusalDeclare", { applicationId: mentorId, why: "A friend" });
  expect(await seen(recused, mentorId)).toBeNull();
  expect(await seen(recused, id)).toBeNull();
  const told = (await subjectsTo(program, mentor)).filter((subject) => !subject.includes("APP-"));
  expect(told).toEqual([`Parting Candidate would like to apply together with you: Cohort ${cohorts}`]);
  expect(await checkInvariants(program)).toEqual([]);
});

test("a withdrawal before the decision is told to the partner by one mail, however often; erasing tells it once as well", async () => {
  const { cohortId, candidate, mentor, id } = await pair("Leaving");
  await invite(candidate, id, mentor);
  await accept(mentor, await tokenFor(mentor));
  const mentorId = await submitted(program, mentor, cohortId, "MENTOR");
  const subject = `You do not apply together any more: Cohort ${cohorts}`;
  const told = async (person: Person) => (await subjectsTo(program, person)).filter((each) => each === subject);
  const withdraw = () => step(program, candidate, "applicationWithdraw", { applicationId: id });
  const twice = await Promise.all([withdraw(), withdraw()]);
  expect(twice.flatMap(codes)).toEqual(["WRONG_STATE"]);
  expect([await told(mentor), await told(candidate)]).toEqual([[subject], []]);
  const flagged = { partnerState: "WITHDREW", partnerName: "Leaving Candidate", partner: null };
  expect(await seen(mentor, mentorId)).toEqual(flagged);
  await step(program, candidate, "applicationStart", { cohortId, kind: "CANDIDATE" });
  expect(await seen(mentor, mentorId)).toEqual({ ...flagged, partnerState: "LINKED" });
  await withdraw();
  expect(await told(mentor)).toEqual([subject]);

  const other = await pair("Erased");
  await invite(other.candidate, other.id, other.mentor);
  await accept(other.mentor, await tokenFor(other.mentor));
  await submitted(program, other.mentor, other.cohortId, "MENTOR");
  const input = { personId: await idOf(program, other.candidate), why: "Asked for", idempotencyKey: "erase-joint" };
  type Looked = { confirmToken: string };
  const looked = await step<Looked>(program, STAFF, "personErase", { ...input, dryRun: true }, "confirmToken");
  await step(program, STAFF, "personErase", { ...input, confirmToken: looked.confirmToken }, "confirmToken");
  await program.handlers.due({});
  const subjects = (await subjectsTo(program, other.mentor)).filter((each) => each.startsWith("You do not apply"));
  expect(subjects).toHaveLength(1);
  expect(await checkInvariants(program)).toEqual([]);
});

// From here on the clock moves.
test("whoever agreed and has not applied is reminded once before the closing; an invitation without an answer lapses", async () => {
  const late = await pair("Late");
  const quick = await pair("Quick");
  const silent = await pair("Silent");
  for (const { candidate, mentor, id } of [late, quick]) {
    await invite(candidate, id, mentor);
    await accept(mentor, await tokenFor(mentor));
  }
  await submitted(program, quick.mentor, quick.cohortId, "MENTOR");
  await invite(silent.candidate, silent.id, silent.mentor);
  const token = await tokenFor(silent.mentor);
  const reminders = async ({ mentor }: typeof late) =>
    (await subjectsTo(program, mentor)).filter((subject) => subject.startsWith("Your application is still to come"));
  await program.moveClock({ to: "2026-09-11T23:59:59.000Z" });
  expect(await reminders(late)).toEqual([]);
  await program.moveClock({ to: "2026-09-12T00:00:00.000Z" });
  await program.moveClock({ to: "2026-09-18T23:00:00.000Z" });
  expect(await reminders(late)).toEqual([`Your application is still to come: Cohort ${cohorts - 2}`]);
  expect(await reminders(quick)).toEqual([]);
  expect(await seen(silent.candidate, silent.id)).toMatchObject({ partnerState: "INVITED" });
  await program.moveClock({ to: "2026-10-02T16:00:00.000Z" });
  expect(await seen(silent.candidate, silent.id)).toBeNull();
  expect(codes(await accept(silent.mentor, token))).toEqual(["LINK_EXPIRED"]);
  expect(await checkInvariants(program)).toEqual([]);
});
