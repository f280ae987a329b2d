import { expect, test } from "vitest";
import type { Caller } from "../infra/local/caller.ts";
import { checkInvariants } from "./support/invariants.ts";
import { someone, STAFF, startProgram } from "./support/program.ts";
import { idOf, IN_WINDOW, prepare, publishedCohort, release, step, submitted, subjectsTo } from "./support/steps.ts";
import { cleared, reviewed, saveMarks } from "./support/review.ts";

const program = await startProgram({ at: IN_WINDOW });
const cohortId = await publishedCohort(program);
const elsewhere = await publishedCohort(program, { number: 2 });
const chair = someone("Review Chair");
const chairId = await idOf(program, chair);
await step(program, STAFF, "roleGrant", { personId: chairId, role: "CHAIR", cohortId, why: "Test" });

/** A member of this cohort's committee. */
async function member(name: string, email?: string, of = cohortId) {
  const caller = { ...someone(name), ...(email !== undefined && { email }) };
  const personId = await idOf(program, caller);
  await step(program, STAFF, "roleGrant", { personId, role: "COMMITTEE", cohortId: of, why: "Test" });
  return { caller, personId };
}

const [ada, ben, cleo, dora] = [
  await member("Ada Reviewer"),
  await member("Ben Reviewer"),
  await member("Cleo Reviewer"),
  await member("Dora Reviewer"),
];
const stranger = await member("Stranger Reviewer", undefined, elsewhere);
const colleague = await member("Colleague Reviewer", "colleague@north-county.k12.example");

const applicant = { name: "Sam Applicant", email: "sam@north-county.k12.example" };
const applicationId = await submitted(program, applicant, cohortId);
const second = await submitted(program, someone("Second Applicant"), cohortId);
const third = await submitted(program, someone("Third Applicant"), cohortId);

interface Shown {
  node: {
    number: string;
    state: string;
    organization: { name: string } | null;
    submission: { jobTitle: string } | null;
    review: {
      needed: number;
      count: number | null;
      mean: number | null;
      median: number | null;
      spread: number | null;
      flags: string[];
      isOpen: boolean;
      suspicions: string[];
      reviewers: { state: string; mean: number | null; person: { id: string } }[];
    } | null;
    reviews:
      | { recommendation: string | null; comments: { text: string }[]; marks: { comment: { text: string } | null }[] }[]
      | null;
  } | null;
}

const LOOK = `query($id: ID!) { node(id: $id) { ... on Application { number state organization { name }
  review { needed count mean median spread flags isOpen suspicions reviewers { state mean person { id } } }
  reviews { recommendation comments { text } marks { comment { text } } } } } }`;

const look = async (caller: Caller, id = applicationId) => (await program.ask<Shown>(caller, LOOK, { id })).node;
const CONTENT = "query($id: ID!) { node(id: $id) { ... on Application { submission { jobTitle } } } }";
async function content(caller: Caller, id = applicationId): Promise<string> {
  const { data, errors } = await program.send(caller, CONTENT, { id });
  const node = (data as { node: { submission: { jobTitle: string } | null } | null }).node;
  return node === null ? "hidden" : (node.submission?.jobTitle ?? String(errors?.[0]?.extensions?.["code"]));
}

const codes = ({ userErrors }: { userErrors: { code: string; field: string[] | null }[] }) =>
  userErrors.map(({ code, field }) => (field ? `${code} ${field.join(".")}` : code));
const assign = (caller: Caller, id: string, personIds: string[]) =>
  step<{ application: { state: string } | null }>(
    program,
    caller,
    "reviewAssign",
    { applicationId: id, personIds },
    "application { state }",
  );
const refusedWith = async (caller: Caller, name: string, input: object) => {
  const type = `${name[0]!.toUpperCase()}${name.slice(1)}Input`;
  const query = `mutation($input: ${type}!) { ${name}(input: $input) { userErrors { code } } }`;
  return (await program.send(caller, query, { input })).errors?.[0]?.extensions?.["code"];
};

/** Lets the program's clock do what is due, some time on. */
async function afterMinutes(minutes: number): Promise<void> {
  program.clock.advance(`PT${minutes}M`);
  await program.handlers.due({});
  await program.settle();
}

test("before anybody reviews it, a plain member finds nothing of it, the chair a stub, staff everything", async () => {
  expect(await look(ada.caller)).toBeNull();
  expect(await content(chair)).toBe("FORBIDDEN");
  expect(await look(chair)).toMatchObject({
    state: "COMPLETE",
    organization: { name: "Test Unified School District" },
    review: { needed: 3, count: 0, mean: null, isOpen: false, reviewers: [] },
    reviews: [],
  });
  expect(await content(STAFF)).toBe("Technology coordinator");
});

test("staff and the chair assign, and nobody else; members of this committee alone, without a conflict", async () => {
  expect(await refusedWith(ada.caller, "reviewAssign", { applicationId, personIds: [ada.personId] })).toBe("NOT_FOUND");
  expect(await refusedWith(applicant, "reviewAssign", { applicationId, personIds: [ada.personId] })).toBe("FORBIDDEN");
  const wrong = await assign(STAFF, applicationId, [
    ada.personId,
    stranger.personId,
    colleague.personId,
    await idOf(program, applicant),
  ]);
  expect(codes(wrong)).toEqual([
    "NOT_A_MEMBER personIds.1",
    "CONFLICT_BY_RULE personIds.2",
    "CONFLICT_BY_RULE personIds.3",
  ]);
  expect(wrong.application).toEqual({ state: "COMPLETE" });
  const done = await assign(chair, applicationId, [ada.personId, ben.personId]);
  expect(done).toEqual({ application: { state: "UNDER_REVIEW" }, userErrors: [] });
});

test("one mail tells of everything assigned in one go, and assigning again sends nothing", async () => {
  expect(codes(await assign(STAFF, second, [ada.personId]))).toEqual([]);
  expect(codes(await assign(STAFF, second, [ada.personId]))).toEqual([]);
  await afterMinutes(6);
  expect(await subjectsTo(program, ada.caller)).toEqual(["2 applications for you to review"]);
  expect(await subjectsTo(program, ben.caller)).toEqual(["1 application for you to review"]);
  expect(codes(await assign(STAFF, applicationId, [ben.personId, ada.personId]))).toEqual([]);
  await afterMinutes(6);
  expect(await subjectsTo(program, ada.caller)).toHaveLength(1);
  expect(await subjectsTo(program, ben.caller)).toHaveLength(1);
});

test("what is in it is locked until the reviewer has declared that there is no conflict", async () => {
  expect(await look(ada.caller)).toMatchObject({
    organization: { name: "Test Unified School District" },
    review: { isOpen: false, reviewers: [{ state: "ASSIGNED", person: { id: ada.personId } }] },
  });
  expect(await content(ada.caller)).toBe("FORBIDDEN");
  expect(codes(await step(program, ada.caller, "reviewSave", { applicationId, recommendation: "ACCEPT" }))).toEqual([
    "NOT_DECLARED",
  ]);
  await cleared(program, ada.caller, applicationId);
  expect(await content(ada.caller)).toBe("Technology coordinator");
  const again = await step(program, ada.caller, "reviewConflictDeclare", { applicationId, hasConflict: false });
  expect(codes(again)).toEqual(["ALREADY_DECLARED"]);
  await cleared(program, chair, applicationId);
  expect(await content(chair)).toBe("Technology coordinator");
});

test("a reviewer with a conflict is recused and unassigned at once, and whoever assigned them is told", async () => {
  const nothing = await step(program, ben.caller, "reviewConflictDeclare", { applicationId, hasConflict: true });
  expect(codes(nothing)).toEqual(["REQUIRED why"]);
  const input = { applicationId, hasConflict: true, why: "We have taught together" };
  const declared = await step<{ application: object | null }>(
    program,
    ben.caller,
    "reviewConflictDeclare",
    input,
    "application { id }",
  );
  expect(declared).toEqual({ application: null, userErrors: [] });
  expect([await look(ben.caller), await content(ben.caller)]).toEqual([null, "hidden"]);
  expect((await look(STAFF))?.review?.reviewers.map(({ person }) => person.id)).toEqual([ada.personId]);
  const { number } = (await look(STAFF))!;
  expect(await subjectsTo(program, chair)).toEqual([`A reviewer of ${number} has a conflict`]);
  expect(codes(await assign(STAFF, applicationId, [ben.personId]))).toEqual(["RECUSED personIds.0"]);
});

test("a draft is saved piece by piece, and names every part that is missing when it is submitted", async () => {
  const save = (input: object) => step(program, ada.caller, "reviewSave", { applicationId, ...input });
  expect(
    codes(
      await save({
        marks: [
          { criterionId: "written", score: 5 },
          { criterionId: "objective", score: 3 },
          { criterionId: "none", score: 3 },
          { criterionId: "oral", isMet: true },
        ],
      }),
    ),
  ).toEqual([
    "OUT_OF_RANGE marks.written",
    "NOT_SCORED marks.objective",
    "UNKNOWN_CRITERION marks",
    "NOT_SCORED marks.oral",
  ]);
  expect(codes(await save({ marks: [{ criterionId: "written", score: 4 }] }))).toEqual([]);
  expect(codes(await save({ expectedVersion: 1, recommendation: "ACCEPT" }))).toEqual(["CONFLICT expectedVersion"]);
  const missing = await step(program, ada.caller, "reviewSubmit", { applicationId });
  expect(codes(missing)).toHaveLength(12);
  expect(codes(missing)).toContain("REQUIRED recommendation");
  expect(codes(missing)).toContain("REQUIRED marks.objective");
  expect(codes(missing)).not.toContain("REQUIRED marks.written");
});

test("reviews are independent: nobody reads another's before their own is in", async () => {
  await assign(chair, applicationId, [cleo.personId, dora.personId]);
  for (const { caller } of [cleo, dora]) await cleared(program, caller, applicationId);
  await reviewed(program, ada.caller, applicationId, {
    score: 4,
    comment: { audience: "COMMITTEE", text: "planted-of-ada" },
  });
  expect((await look(cleo.caller))?.review).toMatchObject({
    count: null,
    mean: null,
    median: null,
    spread: null,
    flags: [],
    reviewers: [{ state: "CLEARED", mean: null, person: { id: cleo.personId } }],
  });
  expect(JSON.stringify(await look(cleo.caller))).not.toContain("planted");
  // A draft is its author's alone, also before staff and the chair.
  const drafted = { applicationId, comments: [{ audience: "COMMITTEE", text: "planted-of-cleo" }] };
  await step(program, cleo.caller, "reviewSave", drafted);
  for (const caller of [STAFF, chair, ada.caller]) {
    const text = JSON.stringify(await look(caller));
    expect(text).toContain("planted-of-ada");
    expect(text).not.toContain("planted-of-cleo");
  }
  expect((await look(chair))?.review).toMatchObject({ count: 1, mean: 4, median: 4, spread: null, flags: [] });
});

test("the applicant reads nothing of it, whatever they ask", async () => {
  const { data, errors } = await program.send(applicant, LOOK, { id: applicationId });
  expect(JSON.stringify(data)).not.toContain("planted");
  expect((data as unknown as Shown).node).toMatchObject({ review: null, reviews: null });
  expect(errors?.map(({ extensions }) => extensions?.["code"])).toEqual(["FORBIDDEN", "FORBIDDEN"]);
});

test("two who submit the last reviews at once: both count, and the figures are what they come to", async () => {
  await saveMarks(program, cleo.caller, applicationId, { score: 2 });
  await saveMarks(program, dora.caller, applicationId, { score: 3, abstains: ["written", "oral"] });
  const both = await Promise.all(
    [cleo, dora].map(({ caller }) => step(program, caller, "reviewSubmit", { applicationId })),
  );
  expect(both.map(codes)).toEqual([[], []]);
  expect((await look(STAFF))?.review).toMatchObject({ count: 3, mean: 3, median: 3, spread: 2, flags: ["DISCUSS"] });
  expect(JSON.stringify(await look(cleo.caller))).toContain("planted-of-ada");
  // Once it is reviewed, the whole committee reads the figures; what is in it only who declares no conflict.
  const latecomer = await member("Late Member");
  expect((await look(latecomer.caller))?.review).toMatchObject({ count: 3, mean: 3, isOpen: false });
  expect(JSON.stringify(await look(latecomer.caller))).not.toContain("planted");
  expect(await content(latecomer.caller)).toBe("FORBIDDEN");
  await cleared(program, latecomer.caller, applicationId);
  expect(await content(latecomer.caller)).toBe("Technology coordinator");
  expect(await look(ben.caller)).toBeNull();
  expect(await look(stranger.caller)).toBeNull();
});

test("the chair opens a review again with a reason; it counts no more, and its author is independent again", async () => {
  const reopen = (caller: Caller, why: string) =>
    step(program, caller, "reviewReopen", { applicationId, personId: cleo.personId, why });
  expect(await refusedWith(ada.caller, "reviewReopen", { applicationId, personId: cleo.personId, why: "No" })).toBe(
    "FORBIDDEN",
  );
  expect(codes(await reopen(chair, " "))).toEqual(["REQUIRED why"]);
  expect(codes(await reopen(chair, "Scored the wrong person"))).toEqual([]);
  expect(codes(await reopen(chair, "Again"))).toEqual(["NOT_SUBMITTED personId"]);
  expect((await look(STAFF))?.review).toMatchObject({ count: 2, mean: 3.5, spread: 1, flags: [] });
  expect((await look(cleo.caller))?.review).toMatchObject({ count: null, mean: null });
  expect(codes(await step(program, cleo.caller, "reviewSubmit", { applicationId }))).toEqual([]);
  expect(codes(await step(program, cleo.caller, "reviewSubmit", { applicationId }))).toEqual(["REVIEW_SUBMITTED"]);
  const off = { applicationId, personId: cleo.personId, why: "Too many" };
  expect(codes(await step(program, STAFF, "reviewUnassign", off))).toEqual(["REVIEW_SUBMITTED personId"]);
});

test("a reviewer is replaced by another, and reads nothing any more", async () => {
  const input = { applicationId: second, fromPersonId: ada.personId, toPersonId: cleo.personId, why: "Ill" };
  expect(codes(await step(program, STAFF, "reviewReassign", { ...input, why: "" }))).toEqual(["REQUIRED why"]);
  expect(codes(await step(program, STAFF, "reviewReassign", { ...input, toPersonId: stranger.personId }))).toEqual([
    "NOT_A_MEMBER toPersonId",
  ]);
  expect(codes(await step(program, STAFF, "reviewReassign", input))).toEqual([]);
  expect(codes(await step(program, STAFF, "reviewReassign", input))).toEqual(["NOT_ASSIGNED fromPersonId"]);
  expect(await look(ada.caller, second)).toBeNull();
  expect((await look(cleo.caller, second))?.review?.reviewers).toHaveLength(1);
});

test("from a file: every faulty line is named with its number, and nothing is done, or the rest", async () => {
  const { number } = (await look(STAFF, third))!;
  const csv = [
    "Application,Reviewer",
    `${number},${ada.caller.email}`,
    `${number},nobody@example.org`,
    `APP-2027-9999,${ada.caller.email}`,
    number,
    `${number},${ada.caller.email}`,
    `"${number}",${ben.caller.email.toUpperCase()}`,
  ].join("\n");
  const input = { cohortId, kind: "CANDIDATE", csv, idempotencyKey: "review-csv-1" };
  type Run = { rows: { isAssigned: boolean }[] | null; skipped: string[] | null; confirmToken: string | null };
  const run = (more: object) =>
    step<Run>(program, chair, "reviewAssignFromCsv", { ...input, ...more }, "rows { isAssigned } skipped confirmToken");
  const nothing = await run({ dryRun: true });
  expect(codes(nothing)).toEqual([
    "BAD_CSV csv.5",
    "NOT_A_MEMBER csv.3",
    "UNKNOWN_APPLICATION csv.4",
    "ROW_TWICE csv.6",
  ]);
  expect(nothing.rows).toBeNull();
  expect((await look(STAFF, third))?.review?.reviewers).toEqual([]);
  const looked = await run({ dryRun: true, errorPolicy: "SKIP_FAULTY" });
  expect(looked.skipped?.map((text) => text.slice(0, 6))).toEqual(["Line 5", "Line 3", "Line 4", "Line 6"]);
  expect(looked.rows).toEqual([{ isAssigned: false }, { isAssigned: false }]);
  const { confirmToken } = looked;
  expect(codes(await run({ errorPolicy: "SKIP_FAULTY" }))).toEqual(["CONFIRM_TOKEN_REQUIRED confirmToken"]);
  expect(codes(await run({ errorPolicy: "SKIP_FAULTY", confirmToken: "other" }))).toEqual(["STALE confirmToken"]);
  const done = await run({ errorPolicy: "SKIP_FAULTY", confirmToken });
  expect(done.rows).toEqual([{ isAssigned: true }, { isAssigned: true }]);
  expect(await run({ errorPolicy: "SKIP_FAULTY", confirmToken })).toEqual(done);
  expect(codes(await run({ csv: "x", errorPolicy: "SKIP_FAULTY", confirmToken }))).toEqual([
    "KEY_REUSED idempotencyKey",
  ]);
  expect((await look(STAFF, third))?.review?.reviewers).toHaveLength(2);
});

test("balanced: every application gets its reviewers, members about as many each, and none with a conflict", async () => {
  const fresh = await publishedCohort(program, { number: 3 });
  for (let number = 1; number <= 8; number++) await submitted(program, someone(`Balanced ${number}`), fresh);
  const own = await submitted(program, { name: "Colleague of", email: "other@north-county.k12.example" }, fresh);
  const people = [ada, ben, cleo, colleague].map(({ personId }) => personId);
  for (const personId of people) {
    await step(program, STAFF, "roleGrant", { personId, role: "COMMITTEE", cohortId: fresh, why: "Test" });
  }
  const input = {
    cohortId: fresh,
    kind: "CANDIDATE",
    personIds: people,
    perApplication: 2,
    idempotencyKey: "review-balanced",
  };
  type Run = {
    rows: { applicationId: string; personId: string; isAssigned: boolean }[] | null;
    left: number;
    unfilled: number;
    confirmToken: string;
  };
  const run = (more: object) =>
    step<Run>(
      program,
      STAFF,
      "reviewAssignBalanced",
      { ...input, ...more },
      "rows { applicationId personId isAssigned } left unfilled confirmToken",
    );
  const looked = await run({ dryRun: true });
  expect(await run({ dryRun: true })).toEqual(looked);
  expect([looked.rows?.length, looked.left, looked.unfilled]).toEqual([18, 0, 0]);
  const done = await run({ confirmToken: looked.confirmToken });
  expect(done.rows?.every(({ isAssigned }) => isAssigned)).toBe(true);
  const loads = people.map((id) => done.rows?.filter(({ personId }) => personId === id).length);
  expect(loads.toSorted((a, b) => (a ?? 0) - (b ?? 0))).toEqual([4, 4, 5, 5]);
  expect(done.rows?.filter((row) => row.applicationId === own && row.personId === colleague.personId)).toEqual([]);
  const nothing = await run({ dryRun: false, idempotencyKey: "review-balanced-2", confirmToken: "any" });
  expect(codes(nothing)).toEqual(["NOTHING_TO_ASSIGN"]);
  expect(codes(await run({ dryRun: true, perApplication: 11 }))).toEqual(["OUT_OF_RANGE perApplication"]);
  const strangers = { dryRun: true, personIds: [stranger.personId] };
  expect(codes(await run(strangers))).toEqual(["NOT_A_MEMBER personIds.0"]);
  const overview =
    "query($id: ID!) { cohort(id: $id) { reviewOverview { applications unassigned { number } tooFew { submitted } late { numbers } } } }";
  const { cohort } = await program.ask<{
    cohort: { reviewOverview: { applications: number; unassigned: object[]; tooFew: object[]; late: object[] } };
  }>(STAFF, overview, { id: fresh });
  expect([
    cohort.reviewOverview.applications,
    cohort.reviewOverview.unassigned.length,
    cohort.reviewOverview.tooFew.length,
  ]).toEqual([9, 0, 9]);
});

test("reminders come in one mail a day, list what is left, and stop the minute the last review is in", async () => {
  const lone = await publishedCohort(program, { number: 4 });
  const fresh = await member("Reminded Member", undefined, lone);
  const ids = [
    await submitted(program, someone("Reminded One"), lone),
    await submitted(program, someone("Reminded Two"), lone),
  ];
  for (const id of ids) await assign(STAFF, id, [fresh.personId]);
  await afterMinutes(6);
  const to = () => subjectsTo(program, fresh.caller);
  expect(await to()).toEqual(["2 applications for you to review"]);
  // Assigned on 1 September with 21 days: due on the 22nd, reminded on the 15th and the 20th.
  program.clock.moveTo("2026-09-15T14:59:00.000Z");
  await afterMinutes(0);
  expect(await to()).toHaveLength(1);
  await afterMinutes(1);
  await afterMinutes(60);
  expect(await to()).toEqual(["2 applications for you to review", "Reminder: 2 applications for you to review"]);
  await cleared(program, fresh.caller, ids[0]!);
  await reviewed(program, fresh.caller, ids[0]!, { score: 1 });
  await step(program, someone("Reminded Two"), "applicationWithdraw", { applicationId: ids[1] });
  program.clock.moveTo("2026-09-25T15:00:00.000Z");
  await afterMinutes(0);
  expect(await to()).toHaveLength(2);
});

test("who is late shows in the overview; the applicant reads the feedback once a decision is told", async () => {
  const query = `query($id: ID!) { cohort(id: $id) { reviewOverview { late { numbers person { id } } toDiscuss { spread } } } }`;
  type Found = {
    cohort: { reviewOverview: { late: { numbers: string[]; person: { id: string } }[]; toDiscuss: object[] } };
  };
  const { cohort } = await program.ask<Found>(chair, query, { id: cohortId });
  expect(cohort.reviewOverview.toDiscuss).toEqual([{ spread: 2 }]);
  expect(new Map(cohort.reviewOverview.late.map(({ person, numbers }) => [person.id, numbers.length]))).toEqual(
    new Map([
      [cleo.personId, 1],
      [ada.personId, 1],
      [ben.personId, 1],
    ]),
  );
  const feedback = "query($id: ID!) { node(id: $id) { ... on Application { feedback } } }";
  const read = async () =>
    (await program.ask<{ node: { feedback: string[] } }>(applicant, feedback, { id: applicationId })).node.feedback;
  const spoken = { applicationId, personId: dora.personId, why: "A word for the applicant" };
  expect(codes(await step(program, STAFF, "reviewReopen", spoken))).toEqual([]);
  const comments = [{ audience: "APPLICANT_FEEDBACK", text: "Well done." }];
  await step(program, dora.caller, "reviewSave", { applicationId, comments });
  await step(program, dora.caller, "reviewSubmit", { applicationId });
  expect(await read()).toEqual([]);
  await prepare(program, applicationId, { outcome: "DECLINE" });
  expect(await read()).toEqual([]);
  await release(program, cohortId);
  expect(await read()).toEqual(["Well done."]);
  const late = { applicationId, personId: dora.personId, why: "Too late" };
  expect(codes(await step(program, STAFF, "reviewReopen", late))).toEqual(["WRONG_STATE"]);
});

test("many pairs who submit at once: what is counted is what is there", async () => {
  program.clock.moveTo("2026-09-26T15:00:00.000Z");
  const many = await publishedCohort(program, { number: 5, windowCloses: "2026-10-18T17:00" });
  const pair = [await member("Racing One", undefined, many), await member("Racing Two", undefined, many)];
  const ids = await Promise.all(
    Array.from({ length: 6 }, (_, index) => submitted(program, someone(`Raced ${index}`), many)),
  );
  for (const id of ids) {
    await assign(
      STAFF,
      id,
      pair.map(({ personId }) => personId),
    );
    for (const [index, { caller }] of pair.entries()) {
      await cleared(program, caller, id);
      await saveMarks(program, caller, id, { score: index + 2 });
    }
  }
  const raced = await Promise.all(
    ids.flatMap((id) => pair.map(({ caller }) => step(program, caller, "reviewSubmit", { applicationId: id }))),
  );
  expect(raced.flatMap(codes)).toEqual([]);
  for (const id of ids) {
    expect((await look(STAFF, id))?.review).toMatchObject({ count: 2, mean: 2.5, median: 2.5, spread: 1, flags: [] });
  }
  expect(await checkInvariants(program)).toEqual([]);
});

test("a colleague is kept away also from an applicant whose record was merged into another", async () => {
  const others = await publishedCohort(program, { number: 6, windowCloses: "2026-10-18T17:00" });
  const former = { name: "Merged Applicant", email: "merged@north-county.k12.example" };
  const id = await submitted(program, former, others);
  const peer = await member("Peer Reviewer", "peer@north-county.k12.example", others);
  const [keptId, mergedId] = [await idOf(program, someone("Kept Applicant")), await idOf(program, former)];
  const merge = (more: object) =>
    step<{ confirmToken: string | null }>(
      program,
      STAFF,
      "personMerge",
      { keptId, mergedId, why: "One person", ...more },
      "confirmToken",
    );
  const { confirmToken } = await merge({ dryRun: true });
  expect(codes(await merge({ confirmToken }))).toEqual([]);
  expect(codes(await assign(STAFF, id, [peer.personId]))).toEqual(["CONFLICT_BY_RULE personIds.0"]);
});
