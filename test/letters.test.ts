import { describe, expect, test } from "vitest";
import type { Caller } from "../infra/local/caller.ts";
import { checkInvariants } from "./support/invariants.ts";
import { someone, STAFF, startProgram, type Program } from "./support/program.ts";
import {
  addEmail,
  complete,
  draft,
  idOf,
  IN_WINDOW,
  nominated,
  publishedCohort,
  step,
  subjectsTo,
  tokensTo,
} from "./support/steps.ts";
import { ticking } from "./support/ticking.ts";
import { tracesOf } from "./support/traces.ts";

const LETTER = { text: "planted letter", name: "planted signature", position: "planted position" };

const codes = ({ userErrors }: { userErrors: { code: string; field: string[] | null }[] }) =>
  userErrors.map(({ code, field }) => (field ? `${code} ${field.join(".")}` : code));

async function filled(program: Program, applicant: Caller, cohortId: string): Promise<string> {
  const id = await draft(program, applicant, cohortId);
  await step(program, applicant, "applicationSave", complete(id));
  return id;
}

async function stateOf(program: Program, id: string): Promise<string> {
  const query = "query($id: ID!) { node(id: $id) { ... on Application { state nominations { state } } } }";
  type Found = { node: { state: string; nominations: { state: string }[] } };
  const { node } = await program.ask<Found>(STAFF, query, { id });
  return [node.state, ...node.nominations.map(({ state }) => state)].join(" ");
}

const provide = (program: Program, token: string | undefined) =>
  step<object>(program, null, "nominationProvide", { token, ...LETTER });

describe("the time of the letters", () => {
  test("reminds on the days of the policy, only who has not answered, and ends a week after the window", async () => {
    const program = await startProgram({ at: IN_WINDOW });
    const cohortId = await publishedCohort(program, { candidateLetters: 1 });
    const people = ["Silent", "Answered", "Declined", "Cancelled", "Withdrawn", "Drafting"].map((name) => {
      return { name, applicant: someone(`${name} Applicant`), nominator: someone(`${name} Nominator`) };
    });
    const ids = new Map<string, string>();
    for (const { name, applicant, nominator } of people) {
      const applicationId = await filled(program, applicant, cohortId);
      const { nomination } = await nominated(program, applicant, applicationId, nominator);
      if (name !== "Drafting") await step(program, applicant, "applicationSubmit", { applicationId });
      ids.set(name, applicationId);
      const [token] = await tokensTo(program, nominator.email, "nomination");
      if (name === "Answered") await provide(program, token);
      if (name === "Declined") await step(program, null, "nominationRefuse", { token });
      if (name === "Cancelled") await step(program, applicant, "nominationCancel", { nominationId: nomination!.id });
      if (name === "Withdrawn") await step(program, applicant, "applicationWithdraw", { applicationId });
    }
    await program.settle();
    const moveTo = async (instant: string) => {
      const { ran } = await program.moveClock({ to: instant });
      return ran.mails.map(({ to, subject }) => `${to.join()}: ${subject.replace(/APP-\S+/, "APP")}`).sort();
    };
    const reminder = (name: string) =>
      `${name}.nominator@example.org: Reminder: ${name[0]!.toUpperCase()}${name.slice(1)} Applicant asks you for a nomination`;
    // The letters' time ends on 25 September at 17:00 in Los Angeles.
    expect(await moveTo("2026-09-18T23:59:00.000Z")).toEqual([
      "drafting.applicant@example.org: Your application APP is not submitted yet: applications close today",
    ]);
    expect(await moveTo("2026-09-19T00:00:00.000Z")).toEqual([
      "drafting.applicant@example.org: Your application APP was not submitted",
      reminder("silent"),
    ]);
    expect(await moveTo("2026-09-23T23:59:00.000Z")).toEqual([]);
    expect(await moveTo("2026-09-24T00:00:00.000Z")).toEqual([reminder("silent")]);
    expect(await moveTo("2026-09-25T23:59:00.000Z")).toEqual([]);
    const [first, , third] = await tokensTo(program, "silent.nominator@example.org", "nomination");
    // The links of all its mails lead to it.
    const look = "query($token: String!) { nomination(token: $token) { state } }";
    for (const token of [first, third]) {
      expect(await program.ask(null, look, { token })).toEqual({ nomination: { state: "REQUESTED" } });
    }
    expect(await moveTo("2026-09-26T00:00:00.000Z")).toEqual([
      "cancelled.applicant@example.org: Your application APP was not complete in time",
      "declined.applicant@example.org: Your application APP was not complete in time",
      "silent.applicant@example.org: Your application APP was not complete in time",
    ]);
    const text = (await program.ses.mails()).find(
      ({ to, subject }) => to.includes("silent.applicant@example.org") && subject.includes("not complete in time"),
    )!.text!;
    expect(text).toContain("has not come until Friday, September 25, 2026 at 5:00 PM PDT");
    expect(text).toMatch(/The nomination by Silent Nominator (has not come yet|did not come in time)\./);
    for (const [name, state] of [
      ["Silent", "EXPIRED EXPIRED"],
      ["Answered", "COMPLETE PROVIDED"],
      ["Declined", "EXPIRED REFUSED"],
      ["Cancelled", "EXPIRED CANCELLED"],
      ["Withdrawn", "WITHDRAWN CANCELLED"],
      ["Drafting", "EXPIRED CANCELLED"],
    ] as const) {
      expect({ name, state: await stateOf(program, ids.get(name)!) }).toEqual({ name, state });
    }
    expect(codes(await provide(program, third))).toEqual(["NOT_NEEDED"]);
    expect(await program.ask(null, look, { token: third })).toEqual({ nomination: null });
    expect(await checkInvariants(program)).toEqual([]);
  });

  test("takes a letter in its last moment and none at its end; of missed reminders the latest is sent", async () => {
    const clock = ticking(IN_WINDOW);
    const program = await startProgram({ at: IN_WINDOW, realTime: clock.realTime });
    const cohortId = await publishedCohort(program, { candidateLetters: 1 });
    const applicant = someone("Late Applicant");
    const nominator = someone("Late Nominator");
    const applicationId = await filled(program, applicant, cohortId);
    await nominated(program, applicant, applicationId, nominator);
    await step(program, applicant, "applicationSubmit", { applicationId });
    const other = someone("Other Applicant");
    const otherId = await filled(program, other, cohortId);
    await nominated(program, other, otherId, someone("Other Nominator"));
    await step(program, other, "applicationSubmit", { applicationId: otherId });
    await program.settle();
    // An outage over both reminders.
    await program.moveClock({ to: "2026-09-25T12:00:00.000Z" });
    expect(await subjectsTo(program, nominator)).toEqual([
      "Late Applicant asks you for a nomination",
      "Reminder: Late Applicant asks you for a nomination",
    ]);
    const [token] = await tokensTo(program, nominator.email, "nomination");
    const [tooLate] = await tokensTo(program, "other.nominator@example.org", "nomination");
    await clock.holdAt(program.clock, "2026-09-25T23:59:59.999Z", async () => {
      expect(codes(await provide(program, token))).toEqual([]);
    });
    await clock.holdAt(program.clock, "2026-09-26T00:00:00.000Z", async () => {
      expect(codes(await provide(program, tooLate))).toEqual(["TOO_LATE"]);
    });
    await program.moveClock({ to: "2026-09-27T00:00:00.000Z" });
    expect(await stateOf(program, applicationId)).toBe("COMPLETE PROVIDED");
    expect(await checkInvariants(program)).toEqual([]);
  });

  test("moves along with the window", async () => {
    const program = await startProgram({ at: IN_WINDOW });
    const cohortId = await publishedCohort(program, { candidateLetters: 1 });
    const applicant = someone("Moved Applicant");
    const nominator = someone("Moved Nominator");
    const applicationId = await filled(program, applicant, cohortId);
    await nominated(program, applicant, applicationId, nominator);
    await step(program, applicant, "applicationSubmit", { applicationId });
    const later = { cohortId, expectedVersion: 2, windowCloses: "2026-10-30T17:00" };
    expect(codes(await step<object>(program, STAFF, "cohortChange", later))).toEqual([]);
    await program.moveClock({ to: "2026-10-20T00:00:00.000Z" });
    expect(await stateOf(program, applicationId)).toBe("SUBMITTED REQUESTED");
    expect(await subjectsTo(program, nominator)).toHaveLength(1);
    // A week after 30 October the clocks have been set back: it is 17:00 there all the same, an hour later in UTC.
    await program.moveClock({ to: "2026-11-07T00:59:00.000Z" });
    expect(await stateOf(program, applicationId)).toBe("SUBMITTED REQUESTED");
    await program.moveClock({ to: "2026-11-07T01:00:00.000Z" });
    expect(await stateOf(program, applicationId)).toBe("EXPIRED EXPIRED");
    expect(await checkInvariants(program)).toEqual([]);
  });
});

describe("a letter that comes by itself", () => {
  const wish = (cohortId: string, nominee: NonNullable<Caller>, more: object = {}) => ({
    cohortId,
    nomineeName: nominee.name,
    nomineeEmail: nominee.email,
    nominatorName: "planted nominator",
    nominatorEmail: "planted.nominator@example.org",
    nominatorPosition: "Superintendent",
    text: LETTER.text,
    idempotencyKey: `record-${nominee.email.replaceAll(/[^a-z]/g, "-")}`,
    ...more,
  });
  const record = (program: Program, input: object, caller: Caller = STAFF) =>
    step<{ nomination: { id: string; state: string } | null }>(
      program,
      caller,
      "nominationRecord",
      input,
      "nomination { id state }",
    );
  const list = async (program: Program, cohortId: string, caller: Caller = STAFF) => {
    const query = `query($id: ID!) { cohort(id: $id) { unmatchedNominations { nodes { id state nominatorName letter { text } } } } }`;
    const { data, errors } = await program.send(caller, query, { id: cohortId });
    type Listed = { cohort: { unmatchedNominations: { nodes: { nominatorName: string }[] } | null } };
    return errors?.[0]?.extensions?.["code"] ?? (data as unknown as Listed).cohort.unmatchedNominations?.nodes.length;
  };

  test("tells the nominee how to apply and nothing else, and finds whoever proves the address", async () => {
    const program = await startProgram({ at: IN_WINDOW });
    const cohortId = await publishedCohort(program, { candidateLetters: 1 });
    const nominee = { name: "Nina Nominee", email: "nina.work@example.org" };
    expect(codes(await record(program, wish(cohortId, nominee)))).toEqual([]);
    expect(codes(await record(program, wish(cohortId, nominee)))).toEqual([]);
    await expect(record(program, wish(cohortId, nominee), someone("Ken Stranger"))).rejects.toThrow("FORBIDDEN");
    const wrong = { nomineeName: "", nomineeEmail: "x", nominatorName: " ", nominatorPosition: "", text: " " };
    expect(codes(await record(program, wish(cohortId, nominee, { ...wrong, idempotencyKey: "record-wrong" })))).toEqual(
      [
        "REQUIRED nomineeName",
        "REQUIRED nominatorName",
        "REQUIRED nominatorPosition",
        "BAD_EMAIL nomineeEmail",
        "REQUIRED text",
      ],
    );
    const self = { nominatorEmail: "Nina.Work@example.org", idempotencyKey: "record-self" };
    expect(codes(await record(program, wish(cohortId, nominee, self)))).toEqual([
      "NOMINATOR_IS_APPLICANT nominatorEmail",
    ]);
    expect(await subjectsTo(program, nominee)).toEqual(["Somebody has nominated you for the CTO Mentor Program"]);
    expect(JSON.stringify((await program.ses.mails()).map(({ text }) => text))).not.toContain("planted");
    expect(await list(program, cohortId)).toBe(1);
    expect(await list(program, cohortId, someone("Ken Stranger"))).toBe("FORBIDDEN");

    // She signs in with another address, and nothing is hers before she proves this one.
    const nina = { name: "Nina Nominee", email: "nina.home@example.org" };
    const applicationId = await filled(program, nina, cohortId);
    await step(program, nina, "applicationSubmit", { applicationId });
    await program.moveClock({ advance: "PT1H" });
    expect(await stateOf(program, applicationId)).toBe("SUBMITTED");
    await addEmail(program, nina, nominee.email);
    await program.moveClock({ advance: "PT1H" });
    expect(await stateOf(program, applicationId)).toBe("COMPLETE PROVIDED");
    expect(await list(program, cohortId)).toBe(0);
    const mine = `{ viewer { export applications { nominations { state origin nominatorName nominatorPosition } } } }`;
    type Mine = { viewer: { export: string; applications: { nominations: object[] }[] } };
    const { viewer } = await program.ask<Mine>(nina, mine);
    expect(viewer.applications[0]!.nominations).toEqual([
      { state: "PROVIDED", origin: "UNSOLICITED", nominatorName: null, nominatorPosition: null },
    ]);
    expect(viewer.export).not.toContain("planted");
    expect(JSON.stringify((await program.ses.mails()).map(({ text }) => text))).not.toContain("planted");
    expect(await checkInvariants(program)).toEqual([]);
  });

  test("is put to an application by staff, but by nobody to their own, and is not kept without one", async () => {
    const program = await startProgram({ at: IN_WINDOW });
    const cohortId = await publishedCohort(program, { candidateLetters: 1 });
    const other = await publishedCohort(program, { number: 2, candidateLetters: 1 });
    const applicant = someone("Ines Initials");
    const applicationId = await filled(program, applicant, cohortId);
    await step(program, applicant, "applicationSubmit", { applicationId });
    const { nomination } = await record(program, wish(cohortId, { name: "I. Initials", email: "ines@example.com" }));
    const match = (input: object, caller: Caller = STAFF) =>
      step<object>(program, caller, "nominationMatch", {
        nominationId: nomination!.id,
        applicationId,
        why: "The same person",
        ...input,
      });
    expect(codes(await match({ why: "" }))).toEqual(["REQUIRED why"]);
    await expect(match({}, applicant)).rejects.toThrow("NOT_FOUND");
    const own = await filled(program, STAFF, cohortId);
    expect(codes(await match({ applicationId: own }))).toEqual(["OWN_APPLICATION"]);
    const elsewhere = await filled(program, applicant, other);
    expect(codes(await match({ applicationId: elsewhere }))).toEqual(["OTHER_COHORT applicationId"]);
    const both = await Promise.all([match({}), match({})]);
    expect(both.flatMap(codes)).toEqual(["WRONG_STATE"]);
    expect(await stateOf(program, applicationId)).toBe("COMPLETE PROVIDED");

    const nobody = { name: "planted nominee", email: "planted.nominee@example.org" };
    expect(codes(await record(program, wish(cohortId, nobody)))).toEqual([]);
    // Staff do not read what is about themselves.
    const staffWish = wish(cohortId, { name: "Staff", email: "staff@example.org" }, { idempotencyKey: "record-staff" });
    const clerk = someone("Clerk Test");
    await step(program, STAFF, "roleGrant", { personId: await idOf(program, clerk), role: "STAFF", why: "Test" });
    const mine = await record(program, { ...staffWish, nominatorEmail: "planted.two@example.org" }, clerk);
    expect(await list(program, cohortId)).toBe(1);
    expect(await list(program, cohortId, clerk)).toBe(2);
    const node = "query($id: ID!) { node(id: $id) { id } }";
    expect(await program.ask(STAFF, node, { id: mine.nomination!.id })).toEqual({ node: null });
    await program.moveClock({ to: "2026-09-26T00:00:00.000Z" });
    await program.moveClock({ to: "2026-09-26T01:00:00.000Z" });
    expect(await list(program, cohortId)).toBe(0);
    const left = await tracesOf(program, ["planted nominee", "planted.nominee"]);
    expect(left.filter((place) => !/in (mail|call) /.test(place))).toEqual([]);
    expect(await checkInvariants(program)).toEqual([]);
  });
});

describe("how long letters are kept", () => {
  test("with the application that came to nothing, and of others as long as the cohort says", async () => {
    const program = await startProgram({ at: IN_WINDOW });
    const cohortId = await publishedCohort(program, { candidateLetters: 1 });
    const lettered = async (name: string) => {
      const applicant = someone(`${name} Applicant`);
      const nominator = { name: `planted ${name}`, email: `planted.${name}@example.org` };
      const applicationId = await filled(program, applicant, cohortId);
      const key = { idempotencyKey: `nominate-for-${name}` };
      const { nomination } = await nominated(program, applicant, applicationId, nominator, key);
      const [token] = await tokensTo(program, nominator.email, "nomination");
      await provide(program, token);
      await step(program, applicant, "applicationSubmit", { applicationId });
      return { applicant, applicationId, nominationId: nomination!.id };
    };
    const erased = await lettered("erased");
    const kept = await lettered("kept");
    await program.settle();
    const inTable = async (text: string) =>
      (await tracesOf(program, [text])).filter((place) => !/in (mail|call) /.test(place)).length > 0;
    const personId = await idOf(program, erased.applicant);
    const input = { personId, why: "Asked for it", idempotencyKey: "erase-lettered" };
    const rows = "rows { kind count } confirmToken";
    type Looked = { rows: { kind: string; count: number }[]; confirmToken: string };
    const looked = await step<Looked>(program, STAFF, "personErase", { ...input, dryRun: true }, rows);
    expect(looked.rows).toContainEqual({ kind: "LETTER", count: 1 });
    await step(program, STAFF, "personErase", { ...input, confirmToken: looked.confirmToken });
    await program.settle();
    await program.moveClock({ advance: "PT10M" });
    expect(await inTable("planted erased")).toBe(false);
    expect(await inTable("planted.erased")).toBe(false);
    expect(await inTable("planted.kept")).toBe(true);
    expect(await stateOf(program, erased.applicationId)).toBe("WITHDRAWN PROVIDED");

    await program.moveClock({ advance: "P729D" });
    expect(await inTable("planted kept")).toBe(true);
    await program.moveClock({ advance: "P1D" });
    // A link that was over long ago counts as gone; the engine of the laptop does not take it away.
    const left = (await tracesOf(program, ["planted"])).filter((place) => !/in (mail|call|LINK#)/.test(place));
    expect(left).toEqual([]);
    expect(await stateOf(program, kept.applicationId)).toBe("COMPLETE PROVIDED");
    expect(await checkInvariants(program)).toEqual([]);
  });
});
