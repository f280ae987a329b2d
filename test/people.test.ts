import { describe, expect, test } from "vitest";
import type { Person } from "../schema/person/person.ts";
import type { Caller } from "../infra/local/caller.ts";
import { checkInvariants } from "./support/invariants.ts";
import { someone, STAFF, startProgram } from "./support/program.ts";
import { readTable } from "./support/stored.ts";
import {
  accepted,
  chairOf,
  idOf,
  IN_WINDOW,
  issue,
  publishedCohort,
  step,
  submitted,
  subjectsTo,
} from "./support/steps.ts";

const program = await startProgram({ at: IN_WINDOW });
const cohortId = await publishedCohort(program);
const otherCohortId = await publishedCohort(program, { number: 2 });

const roleStep = (caller: Caller, name: "roleGrant" | "roleEnd", input: object) =>
  step<{ person: { roles: object[] } }>(
    program,
    caller,
    name,
    { why: "Test", ...input },
    "person { roles { role until } }",
  );
const grant = (input: object, caller: Caller = STAFF) => roleStep(caller, "roleGrant", input);
const end = (input: object, caller: Caller = STAFF) => roleStep(caller, "roleEnd", input);
const codes = ({ userErrors }: { userErrors: { code: string }[] }) => userErrors.map(({ code }) => code);

const codeOf = async (caller: Caller, query: string, variables: object = {}) =>
  (await program.send(caller, query, { ...variables })).errors?.[0]?.extensions?.["code"];

describe("roles", () => {
  test("for one cohort show that cohort's applications and no others", async () => {
    const chair = await chairOf(program, cohortId, someone("Scoped Chair"));
    const here = await submitted(program, someone("Scoped One"), cohortId);
    const there = await submitted(program, someone("Scoped Two"), otherCohortId);
    const nodes = "query($ids: [ID!]!) { nodes(ids: $ids) { id } }";
    expect(await program.ask(chair, nodes, { ids: [here, there] })).toEqual({ nodes: [{ id: here }, null] });
    const list = "query($id: ID!) { cohort(id: $id) { seatsTaken applications { nodes { id } } } }";
    const seen = await program.ask<{ cohort: { applications: { nodes: object[] } } }>(chair, list, { id: cohortId });
    expect(seen.cohort.applications.nodes).toEqual([{ id: here }]);
    expect(await codeOf(chair, list, { id: otherCohortId })).toBe("FORBIDDEN");
    const release = (of: string) => ({
      cohortId: of,
      kind: "CANDIDATE",
      dryRun: true,
      idempotencyKey: "scoped-release",
    });
    expect(codes(await step(program, chair, "decisionRelease", release(cohortId)))).toEqual(["NOTHING_PREPARED"]);
    const mutation = "mutation($input: DecisionReleaseInput!) { decisionRelease(input: $input) { rows { outcome } } }";
    expect(await codeOf(chair, mutation, { input: release(otherCohortId) })).toBe("FORBIDDEN");
  });

  test("of the board and of instructors lead to no application", async () => {
    const here = await submitted(program, someone("Seen By None"), cohortId);
    for (const [name, role, scope] of [
      ["Board Member", "BOARD", {}],
      ["Class Instructor", "INSTRUCTOR", { cohortId, classId: "finance" }],
      ["Lead Instructor", "INSTRUCTOR", {}],
    ] as const) {
      const caller = someone(name);
      expect(codes(await grant({ personId: await idOf(program, caller), role, ...scope }))).toEqual([]);
      expect(await program.ask(caller, "query($id: ID!) { node(id: $id) { id } }", { id: here })).toEqual({
        node: null,
      });
    }
  });

  test("begin and end at the instant of their term, with the same token", async () => {
    const member = someone("Term Member");
    const personId = await idOf(program, member);
    const [from, until] = ["2026-09-02T16:00:00.000Z", "2026-09-03T16:00:00.000Z"];
    expect(codes(await grant({ personId, role: "COMMITTEE", from, until }))).toEqual([]);
    const held = async () =>
      (await program.ask<{ viewer: { roles: string[] } }>(member, "{ viewer { roles } }")).viewer.roles;
    expect(await held()).toEqual([]);
    program.clock.moveTo(from);
    expect(await held()).toEqual(["COMMITTEE"]);
    program.clock.moveTo(until);
    expect(await held()).toEqual([]);
  });

  test("are not granted for a cohort or a class that is not there", async () => {
    const personId = await idOf(program, someone("Nobody Special"));
    const query = "mutation($input: RoleInput!) { roleGrant(input: $input) { userErrors { code } } }";
    const input = { personId, role: "INSTRUCTOR", cohortId: personId, why: "Test" };
    expect(await codeOf(STAFF, query, { input })).toBe("NOT_FOUND");
    expect(codes(await grant({ personId, role: "INSTRUCTOR", cohortId, classId: "cooking" }))).toEqual(["BAD_SCOPE"]);
  });
});

describe("the last member of staff", () => {
  const LAST = {
    code: "LAST_STAFF",
    field: ["role"],
    message:
      "Nobody would be left to administer the program: please grant the staff role to somebody else, without an end, first.",
  };

  test("cannot be removed while the others leave by themselves", async () => {
    const staffId = await idOf(program, STAFF);
    expect((await end({ personId: staffId, role: "STAFF" })).userErrors).toEqual([LAST]);
    const temporary = someone("Temporary Staff");
    await grant({ personId: await idOf(program, temporary), role: "STAFF", until: "2027-01-01T00:00:00.000Z" });
    expect((await end({ personId: staffId, role: "STAFF" }, temporary)).userErrors).toEqual([LAST]);
    expect(codes(await end({ personId: await idOf(program, temporary), role: "STAFF" }))).toEqual([]);
  });

  test("is whoever is left when two end each other's role at once", async () => {
    const second = someone("Second Staff");
    const ids = { staff: await idOf(program, STAFF), second: await idOf(program, second) };
    await grant({ personId: ids.second, role: "STAFF" });
    const answers = await Promise.all([
      program.send(STAFF, END, { input: { personId: ids.second, role: "STAFF", why: "Test" } }),
      program.send(second, END, { input: { personId: ids.staff, role: "STAFF", why: "Test" } }),
    ]);
    const stored = await readTable(program);
    const lasting = stored
      .records<Person>("PERSON")
      .filter(({ roles }) => roles.some(({ role, until }) => role === "STAFF" && until === null));
    expect(lasting).toHaveLength(1);
    const outcomes = answers.map(({ data, errors }) => {
      const done = (data as { roleEnd: { userErrors: { code: string }[] } } | null)?.roleEnd;
      return done ? (done.userErrors[0]?.code ?? "done") : errors?.[0]?.extensions?.["code"];
    });
    expect(outcomes.filter((outcome) => outcome === "done")).toHaveLength(1);
    // Whoever is left makes the other staff again, so that what follows has both.
    const left = lasting[0]!.email === STAFF!.email ? STAFF : second;
    const gone = left === STAFF ? ids.second : ids.staff;
    expect(codes(await grant({ personId: gone, role: "STAFF" }, left))).toEqual([]);
  });

  const END = "mutation($input: RoleInput!) { roleEnd(input: $input) { userErrors { code } } }";
});

/** The mails of both records, the newest first: those of the kept one, then those of the merged one. */
const MAILED = [
  "records-merged",
  "application-received",
  "records-merged",
  "certificate-issued",
  "decision-accepted",
  "application-received",
];

describe("two records of one person", () => {
  const merge = (input: object, caller: Caller = STAFF) =>
    step<{ person: { id: string } | null; effect: object | null; confirmToken: string | null }>(
      program,
      caller,
      "personMerge",
      { why: "Wrote to us from both addresses", ...input },
      "person { id } effect { name emails applicationNumbers certificateNumbers roles { role } } confirmToken",
    );
  const kept = someone("Robin Work");
  const merged = someone("Robin Home");

  test("become one after a look at the effect; both sign-ins lead to it, and everything is there", async () => {
    const registrar = someone("Merge Registrar");
    await grant({ personId: await idOf(program, registrar), role: "STAFF" });
    program.clock.moveTo("2026-09-04T16:00:00.000Z");
    const early = await publishedCohort(program, { number: 3 });
    const first = await accepted(program, merged, early);
    const { number } = await issue(program, first);
    const second = await submitted(program, kept, otherCohortId);
    await grant({ personId: await idOf(program, merged), role: "INSTRUCTOR" });
    const ids = { keptId: await idOf(program, kept), mergedId: await idOf(program, merged) };

    const looked = await merge({ ...ids, dryRun: true });
    expect(looked.userErrors).toEqual([]);
    expect(looked.person).toBeNull();
    expect(looked.effect).toEqual({
      name: "Robin Work",
      emails: [kept.email, merged.email],
      applicationNumbers: [expect.stringMatching(/^APP-2027-/), expect.stringMatching(/^APP-2027-/)],
      certificateNumbers: [number],
      roles: [{ role: "INSTRUCTOR" }],
    });
    expect(codes(await merge(ids))).toEqual(["CONFIRM_TOKEN_REQUIRED"]);
    await step(program, kept, "viewerRename", { name: "Robin Example" });
    expect(codes(await merge({ ...ids, confirmToken: looked.confirmToken }))).toEqual(["STALE"]);
    const { confirmToken } = await merge({ ...ids, dryRun: true });
    expect((await merge({ ...ids, confirmToken })).person).toEqual({ id: ids.keptId });

    await program.settle();
    const notices = (await program.ses.mails()).filter(
      ({ subject }) => subject === "Two accounts of yours are one from now on",
    );
    expect(notices).toHaveLength(2);
    expect(new Set(notices.flatMap(({ to }) => to))).toEqual(new Set([merged.email, kept.email]));

    for (const caller of [kept, merged]) {
      const query =
        "{ viewer { person { id name } roles standings { kind } applications { id } certificates { number } messages { nodes { template } } } }";
      expect(await program.ask(caller, query)).toEqual({
        viewer: {
          person: { id: ids.keptId, name: "Robin Example" },
          roles: ["INSTRUCTOR"],
          standings: [{ kind: "APPLICANT" }, { kind: "CERTIFICATE_HOLDER" }, { kind: "ALUMNUS" }],
          applications: expect.arrayContaining([{ id: first }, { id: second }]) as unknown,
          certificates: [{ number }],
          messages: {
            nodes: MAILED.map((template) => ({ template })),
          },
        },
      });
    }
    expect(await program.ask(STAFF, "query($id: ID!) { node(id: $id) { id } }", { id: ids.mergedId })).toEqual({
      node: { id: ids.keptId },
    });
  });

  test("page through the messages of both, one by one", async () => {
    const seen: string[] = [];
    let after: string | null = null;
    do {
      type Page = { nodes: { template: string }[]; pageInfo: { hasNextPage: boolean; endCursor: string } };
      const { viewer }: { viewer: { messages: Page } } = await program.ask(
        kept,
        `query($after: String) { viewer { messages(first: 1, after: $after) {
          nodes { template } pageInfo { hasNextPage endCursor } } } }`,
        { after },
      );
      seen.push(...viewer.messages.nodes.map(({ template }) => template));
      after = viewer.messages.pageInfo.hasNextPage ? viewer.messages.pageInfo.endCursor : null;
    } while (after !== null);
    expect(seen).toEqual(MAILED);
  });

  test("stay one applicant: a second application to the same cohort is not started", async () => {
    const again = await step(program, merged, "applicationStart", { cohortId: otherCohortId, kind: "CANDIDATE" });
    expect(codes(again)).toEqual(["ALREADY_STARTED"]);
  });

  test("are not merged twice, with themselves, with the record of whoever asks, or when both have applied", async () => {
    const keptId = await idOf(program, kept);
    expect(codes(await merge({ keptId, mergedId: keptId }))).toEqual(["SAME_PERSON"]);
    expect(codes(await merge({ keptId, mergedId: await idOf(program, STAFF) }))).toEqual(["OWN_RECORD"]);
    const rival = someone("Robin Rival");
    const rivals = await submitted(program, rival, otherCohortId);
    const both = await merge({ keptId, mergedId: await idOf(program, rival), dryRun: true });
    expect(codes(both)).toEqual(["TWO_APPLICATIONS"]);
    await step(program, rival, "applicationWithdraw", { applicationId: rivals });
    expect(codes(await merge({ keptId, mergedId: await idOf(program, rival), dryRun: true }))).toEqual([]);
    const stored = await readTable(program);
    const gone = stored.records<Person>("PERSON").filter(({ state }) => state === "MERGED");
    expect(
      gone.map(({ email, addresses, roles }) => ({ email, addresses, open: roles.filter((r) => !r.until) })),
    ).toEqual([{ email: "", addresses: [], open: [] }]);
  });

  test("mails about what the merged one did go to the address that stays", async () => {
    program.clock.moveTo("2029-03-08T18:00:00.000Z");
    await program.runDue();
    expect(await subjectsTo(program, kept)).toContainEqual(expect.stringMatching(/recertif/i));
    expect((await subjectsTo(program, merged)).filter((subject) => /recertif/i.test(subject))).toEqual([]);
  });

  test("leave nothing that does not fit", async () => {
    expect(await checkInvariants(program)).toEqual([]);
  });
});

test("the directory shows those who agreed, to those who agreed and to staff", async () => {
  const [open, shy] = [someone("Open Alumna"), someone("Shy Alumnus")];
  const query = "{ directory { nodes { name email } } }";
  const set = (caller: Caller, isListed: boolean) => step(program, caller, "viewerDirectorySet", { isListed });
  expect(codes(await set(open, true))).toEqual([]);
  expect(codes(await set(open, true))).toEqual(["UNCHANGED"]);
  const listed = { directory: { nodes: [{ name: open.name, email: open.email }] } };
  expect(await program.ask(open, query)).toEqual(listed);
  expect(await program.ask(STAFF, query)).toEqual(listed);
  expect(await codeOf(shy, query)).toBe("FORBIDDEN");
  expect(await codeOf(null, query)).toBe("UNAUTHENTICATED");
  expect(codes(await set(open, false))).toEqual([]);
  expect(await program.ask(STAFF, query)).toEqual({ directory: { nodes: [] } });
});

test("a name that staff correct says in the history for whom, and why", async () => {
  const person = someone("Mispelt Person");
  const personId = await idOf(program, person);
  const input = { personId, name: "Misspelt Person", why: "Asked for by phone" };
  expect(codes(await step(program, STAFF, "personRename", input))).toEqual([]);
  const query = `query($id: ID!) { node(id: $id) { ... on Person { history(first: 1) { nodes {
    type why before after actor { name } actingFor { name } } } } } }`;
  expect(await program.ask(STAFF, query, { id: personId })).toEqual({
    node: {
      history: {
        nodes: [
          {
            type: "PersonRenamed",
            why: "Asked for by phone",
            before: '{"name":"Mispelt Person"}',
            after: '{"name":"Misspelt Person"}',
            actor: { name: "Staff Test" },
            actingFor: { name: "Misspelt Person" },
          },
        ],
      },
    },
  });
});
