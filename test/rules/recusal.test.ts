import { describe, expect, test } from "vitest";
import { conflictRefusals, isRecusedFrom, mayRead } from "../../schema/application/application.ts";
import { eraseReason, liftRecusal, mayRecuseOthers, recuse } from "../../schema/recusal/recusal.ts";
import { application, decided, faults, NOW, person, termOf, viewer, VIEWERS } from "./records.ts";

const MEMBER = person({ id: "per_member", name: "Robin Member" });
const APPLICATION = application("COMPLETE");
const RECUSAL = { personId: "per_member", why: "A relative", at: NOW };
const RECUSED = application("COMPLETE", { recusals: [RECUSAL] });
const KEPT_AWAY = person({ id: "per_member", name: "Robin Member", recusedFrom: [APPLICATION.id] });

describe("recusing", () => {
  const by = { viewer: VIEWERS.staff, why: " A relative " };

  test("is noted with the application and with the person, in one step", () => {
    expect(recuse({ application: APPLICATION, person: MEMBER }, by)).toEqual({
      outcome: { application: RECUSED, person: KEPT_AWAY },
      events: [
        {
          type: "MemberRecused",
          about: { kind: "Application", id: APPLICATION.id },
          facts: { personId: "per_member" },
          why: "A relative",
        },
      ],
    });
  });

  test("asks for a reason, happens once, and never to the applicant", () => {
    const refused = (of: Parameters<typeof recuse>[0], why = "x") => faults(recuse(of, { viewer: VIEWERS.staff, why }));
    expect(refused({ application: APPLICATION, person: MEMBER }, " ")).toEqual(["REQUIRED why"]);
    expect(refused({ application: RECUSED, person: KEPT_AWAY })).toEqual(["ALREADY_RECUSED personId"]);
    expect(refused({ application: APPLICATION, person: person() })).toEqual(["OWN_APPLICATION"]);
    expect(refused({ application: APPLICATION, person: person({ id: "per_kept", formerIds: ["per_owner"] }) })).toEqual(
      ["OWN_APPLICATION"],
    );
  });

  test("takes every office away, and leaves others theirs", () => {
    const staff = viewer({ ...KEPT_AWAY, roles: [termOf("STAFF", NOW, null), termOf("CHAIR", NOW, null)] });
    const chair = viewer({ id: "per_chair", roles: [termOf("CHAIR", "2026-01-01T08:00:00.000Z", null)] });
    expect([isRecusedFrom(staff, RECUSED.id), mayRead(staff, RECUSED)]).toEqual([true, false]);
    expect(conflictRefusals(RECUSED, staff).map(({ code }) => code)).toEqual(["RECUSED"]);
    expect([mayRead(VIEWERS.staff, RECUSED), mayRead(chair, RECUSED)]).toEqual([true, true]);
    expect(conflictRefusals(RECUSED, VIEWERS.committee)).toEqual([]);
  });
});

describe("lifting", () => {
  const lift = (of: Parameters<typeof liftRecusal>[0], by = VIEWERS.staff) =>
    liftRecusal(of, { viewer: by, why: "No conflict" });

  test("gives back what was taken, also under a former id", () => {
    expect(decided(lift({ application: RECUSED, person: KEPT_AWAY })).outcome).toEqual({
      application: APPLICATION,
      person: person({ id: "per_member", name: "Robin Member", wasRecusedFrom: [APPLICATION.id] }),
    });
    const kept = person({ id: "per_kept", formerIds: ["per_member"], recusedFrom: [APPLICATION.id] });
    expect(decided(lift({ application: RECUSED, person: kept })).outcome.application.recusals).toEqual([]);
  });

  test("is for others, and of what there is", () => {
    expect(faults(lift({ application: APPLICATION, person: MEMBER }))).toEqual(["NOT_RECUSED personId"]);
    expect(faults(lift({ application: RECUSED, person: KEPT_AWAY }, viewer(KEPT_AWAY)))).toEqual([
      "OWN_RECUSAL personId",
    ]);
  });
});

test("staff and the chair of the cohort recuse others, its members do not", () => {
  const chair = viewer({ id: "per_chair", roles: [termOf("CHAIR", NOW, null, { cohortId: "coh_1" })] });
  expect(
    [VIEWERS.staff, chair, VIEWERS.committee, VIEWERS.owner, null].map((by) =>
      mayRecuseOthers(by, { cohortId: "coh_1" }),
    ),
  ).toEqual([true, true, false, false, false]);
  expect(mayRecuseOthers(chair, { cohortId: "coh_2" })).toBe(false);
});

test("the reason of somebody who was erased goes, that they stepped back stays", () => {
  const { outcome, events } = eraseReason(RECUSED, ["per_member"]);
  expect(outcome.recusals).toEqual([{ ...RECUSAL, why: "[removed]" }]);
  expect(events.map(({ type }) => type)).toEqual(["RecusalReasonErased"]);
  expect(eraseReason(outcome, ["per_member"])).toEqual({ outcome, events: [] });
  expect(eraseReason(RECUSED, ["per_other"])).toEqual({ outcome: RECUSED, events: [] });
});
