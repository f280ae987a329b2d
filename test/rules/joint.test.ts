import { describe, expect, test } from "vitest";
import { APPLICATION_STATES, type ApplicationState } from "../../schema/application/application.ts";
import {
  acceptInvitation,
  declineInvitation,
  invite,
  JOINT_ACTIONS,
  JOINT_STATES,
  lookAfter,
  noteWithdrawal,
  partnersIn,
  partnerState,
  unlink,
  type Joint,
  type JointAction,
  type JointFacts,
  type JointState,
} from "../../schema/joint/joint.ts";
import type { Issued, Link } from "../../schema/link/link.ts";
import { application, cohort, decided, faults, NOW, viewer, VIEWERS } from "./records.ts";

const OWN = application("DRAFT");
const ISSUED: Issued = { about: { kind: "Application", id: OWN.id }, purpose: "JOINT", version: 0, links: [] };
const WISH = { name: " Morgan Sample ", email: " Morgan@Example.org " };
const FACTS = { viewer: VIEWERS.owner, issued: ISSUED, jointId: "jnt_1", linkId: "lnk_1" };
const made = decided(invite(OWN, WISH, FACTS));
const MENTOR = viewer({ id: "per_mentor", addresses: [] });
const ACCEPTING = { viewer: MENTOR, cohort: cohort(), applicationId: "app_1-m-mentor", existing: undefined };

/** What the holder of the link brings along. */
function invitation(joint: Joint = made.outcome.joint, link: Link<JointFacts> = made.outcome.link) {
  return { joint, link, isHeld: true, application: OWN };
}

/** The joint application in a state. */
function jointIn(state: JointState): Joint {
  const { joint } = made.outcome;
  if (state === "INVITED") return joint;
  const invitee =
    state === "LINKED" || state === "UNLINKED" ? { personId: "per_mentor", applicationId: "app_1-m-mentor" } : null;
  return { ...joint, state, invitee, invited: null, dueAt: null };
}

test("the square of states and actions", () => {
  // oxfmt-ignore
  const EXPECTED: Record<JointState, Partial<Record<JointAction, JointState>>> = {
    INVITED:   { accept: "LINKED", decline: "DECLINED", lapse: "LAPSED", cancel: "CANCELLED" },
    LINKED:    { unlink: "UNLINKED" },
    DECLINED:  {},
    LAPSED:    {},
    CANCELLED: {},
    UNLINKED:  {},
  };
  const next = (ruling: object, before: Joint) => {
    if ("refusals" in ruling) return undefined;
    const { joint } = (ruling as { outcome: { joint: Joint } }).outcome;
    return joint.state === before.state ? undefined : joint.state;
  };
  for (const state of JOINT_STATES) {
    const joint = jointIn(state);
    const ended = next(unlink(joint, { link: made.outcome.link, now: NOW, applicationId: OWN.id }), joint);
    const lapsed = lookAfter({ ...joint, dueAt: NOW }, { partner: undefined, now: NOW }).outcome.state;
    const answers: Record<JointAction, JointState | undefined> = {
      accept: next(acceptInvitation(invitation(joint), ACCEPTING), joint),
      decline: next(declineInvitation(invitation(joint), NOW), joint),
      lapse: lapsed === state ? undefined : lapsed,
      cancel: ended === "CANCELLED" ? ended : undefined,
      unlink: ended === "UNLINKED" ? ended : undefined,
    };
    const expected = Object.fromEntries(JOINT_ACTIONS.map((action) => [action, EXPECTED[state][action]]));
    expect({ state, ...answers }).toEqual({ state, ...expected });
  }
});

describe("inviting", () => {
  test("sends a link to an address as it is written everywhere, for thirty days", () => {
    expect(made.outcome.joint).toEqual({
      id: "jnt_1",
      version: 0,
      cohortId: "coh_1",
      state: "INVITED",
      kind: "CANDIDATE",
      inviter: { personId: "per_owner", applicationId: OWN.id },
      invitee: null,
      invited: { name: "Morgan Sample", email: "morgan@example.org" },
      linkId: "lnk_1",
      invitedAt: NOW,
      dueAt: "2026-10-01T16:00:00.000Z",
    });
    expect(made.outcome.link).toMatchObject({ to: "morgan@example.org", facts: { jointId: "jnt_1" }, mostUses: 1 });
    expect(JSON.stringify(made.events)).not.toMatch(/morgan/i);
  });

  test("goes until the application is decided", () => {
    const open: ReadonlySet<ApplicationState> = new Set(["DRAFT", "SUBMITTED", "COMPLETE", "UNDER_REVIEW"]);
    for (const state of APPLICATION_STATES) {
      expect([state, faults(invite(application(state), WISH, FACTS))]).toEqual([
        state,
        open.has(state) ? [] : ["WRONG_STATE"],
      ]);
    }
  });

  test("is three times a day", () => {
    const links = [1, 2, 3].map((number) => ({ id: `lnk_${number}`, at: NOW }));
    expect(faults(invite(OWN, WISH, { ...FACTS, issued: { ...ISSUED, links } }))).toEqual(["TOO_MANY"]);
  });
});

describe("accepting", () => {
  test("binds an application that is still to come, and forgets whom the mail went to", () => {
    const { outcome, events } = decided(acceptInvitation(invitation(), ACCEPTING));
    expect(outcome.joint).toEqual({
      ...made.outcome.joint,
      state: "LINKED",
      invitee: { personId: "per_mentor", applicationId: "app_1-m-mentor" },
      invited: null,
      // Seven days before the closing, at the hour of the closing.
      dueAt: "2026-09-12T00:00:00.000Z",
    });
    expect(outcome.link.uses).toBe(1);
    expect(events.map(({ type }) => type)).toEqual(["LinkUsed", "JointAccepted"]);
    expect(events[1]).toMatchObject({
      facts: { toPersonId: "per_owner" },
      before: { joint: "INVITED" },
      after: { joint: "LINKED" },
    });
  });

  test("is not for the inviter, not with an application that is decided, and tells nothing of the inviting one", () => {
    expect(faults(acceptInvitation(invitation(), { ...ACCEPTING, viewer: VIEWERS.owner }))).toEqual([
      "OWN_APPLICATION token",
    ]);
    for (const state of APPLICATION_STATES) {
      const existing = application(state, { kind: "MENTOR", personId: "per_mentor" });
      const isOver = ["ACCEPTED", "WAITLISTED", "DECLINED", "INELIGIBLE", "NOT_TAKEN_UP", "DEFERRED"].includes(state);
      expect([state, faults(acceptInvitation(invitation(), { ...ACCEPTING, existing }))]).toEqual([
        state,
        isOver ? ["WRONG_STATE"] : [],
      ]);
      const inviting = { ...invitation(), application: application(state) };
      const isGone = isOver || state === "WITHDRAWN";
      expect([state, faults(acceptInvitation(inviting, ACCEPTING))]).toEqual([
        state,
        isGone ? ["LINK_UNKNOWN token"] : [],
      ]);
    }
    expect(faults(acceptInvitation({ ...invitation(), isHeld: false }, ACCEPTING))).toEqual(["LINK_UNKNOWN token"]);
    const other = { ...made.outcome.joint, linkId: "lnk_2" };
    expect(faults(acceptInvitation(invitation(other), ACCEPTING))).toEqual(["LINK_UNKNOWN token"]);
  });
});

describe("what one side learns of the other", () => {
  test("that they withdrew before a decision, and nothing else, whatever was decided", () => {
    const linked = jointIn("LINKED");
    const told = noteWithdrawal(linked, OWN).outcome;
    const seen = (joint: Joint, state: ApplicationState, isOwner: boolean) =>
      partnerState(joint, application(state), { isOwner });
    for (const state of APPLICATION_STATES) {
      const expected = state === "WITHDRAWN" ? "WITHDREW" : "LINKED";
      expect([state, seen(linked, state, true)]).toEqual([state, "LINKED"]);
      expect([state, seen(told, state, true)]).toEqual([state, expected]);
      expect([state, seen(linked, state, false)]).toEqual([state, expected]);
    }
    expect(partnerState(linked, undefined, { isOwner: true })).toBe("LINKED");
    expect(partnerState(jointIn("INVITED"), undefined, { isOwner: true })).toBe("INVITED");
  });

  test("whoever ended it is not told so, the other is", () => {
    const by = (applicationId: string) =>
      decided(unlink(jointIn("LINKED"), { link: undefined, now: NOW, applicationId })).events.map(({ facts }) => facts);
    expect(by(OWN.id)).toMatchObject([{ toPersonId: "per_mentor" }]);
    expect(by("app_1-m-mentor")).toMatchObject([{ toPersonId: "per_owner" }]);
  });
});

test("a withdrawal is told to the other side once, and never after a decision", () => {
  const linked = jointIn("LINKED");
  const toldIn = (joint: Joint, of = OWN) => {
    const { outcome, events } = noteWithdrawal(joint, of);
    return [outcome.toldOfWithdrawal, events.map(({ type, facts }) => [type, facts.toPersonId])];
  };
  const told = [["per_mentor"], [["JointPartnerWithdrew", "per_mentor"]]];
  for (const state of APPLICATION_STATES) {
    const isOpen = ["DRAFT", "SUBMITTED", "COMPLETE", "UNDER_REVIEW"].includes(state);
    expect([state, ...toldIn(linked, application(state))]).toEqual([state, ...(isOpen ? told : [undefined, []])]);
  }
  for (const state of JOINT_STATES) expect(toldIn(jointIn(state))[1]).toEqual(state === "LINKED" ? told[1] : []);
  const once = noteWithdrawal(linked, OWN).outcome;
  expect(toldIn(once)).toEqual([["per_mentor"], []]);
  const back = application("DRAFT", { id: "app_1-m-mentor", personId: "per_mentor" });
  expect(toldIn(once, back)).toEqual([["per_mentor", "per_owner"], [["JointPartnerWithdrew", "per_owner"]]]);
  // Whoever was told so is not told once more when it is ended.
  const ended = decided(unlink(once, { link: undefined, now: NOW, applicationId: OWN.id }));
  expect(ended.events.map(({ facts }) => facts)).toMatchObject([{ toPersonId: null }]);
});

test("the invited side is reminded once, unless it has applied or the joint application is over", () => {
  const due = { ...jointIn("LINKED"), dueAt: NOW };
  const types = (joint: Joint, partner: ApplicationState | null) =>
    lookAfter(joint, { partner: partner ? application(partner) : undefined, now: NOW }).events.map(({ type }) => type);
  expect(types(due, null)).toEqual(["JointReminderDue"]);
  expect(types(due, "DRAFT")).toEqual(["JointReminderDue"]);
  expect(types(due, "COMPLETE")).toEqual([]);
  expect(types({ ...due, dueAt: "2026-09-01T16:00:00.001Z" }, null)).toEqual([]);
  const { outcome } = lookAfter(due, { partner: undefined, now: NOW });
  expect(outcome.dueAt).toBeNull();
  // An agreement that comes after that day brings no reminder.
  const late = { ...ACCEPTING, viewer: viewer(MENTOR.person, "2026-09-12T00:00:00.000Z") };
  expect(decided(acceptInvitation(invitation(), late)).outcome.joint.dueAt).toBeNull();
});

test("partners are those whom both sides have confirmed", () => {
  expect([...partnersIn(JOINT_STATES.map(jointIn))]).toEqual([
    [OWN.id, { personId: "per_mentor", applicationId: "app_1-m-mentor" }],
    ["app_1-m-mentor", { personId: "per_owner", applicationId: OWN.id }],
  ]);
});
