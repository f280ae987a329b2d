import { expect, test } from "vitest";
import { minutesText, type Minutes } from "../../schema/decision/minutes.ts";
import { cohort } from "./records.ts";

const someone = { applicationId: "a", number: "APP-2027-0001", applicantName: "Avery Example" };
const member = { personId: "p", name: "Max Member" };
const MINUTES: Minutes = {
  motions: [
    {
      motionId: "m",
      name: "Cautious",
      openedAt: "2026-10-01T16:00:00.000Z",
      openedBy: "Cleo Chair",
      closedAt: "2026-10-02T16:00:00.000Z",
      isWithdrawn: false,
      rationale: "As discussed",
      votes: [
        { ...member, choice: "FOR", comment: "Strong" },
        { ...member, name: "Nia Member", choice: "ABSTAIN", comment: "" },
      ],
      rows: [
        {
          ...someone,
          outcome: "WAITLIST",
          rank: 2,
          rationale: "Next year",
          result: "CARRIED",
          vote: { inFavor: 3, against: 1, abstained: 1 },
          apart: [member],
          obstacle: "It was withdrawn.",
        },
      ],
    },
  ],
  releases: [
    { at: "2026-10-03T16:00:00.000Z", by: "Sam Staff", rows: [{ ...someone, outcome: "DECLINE", rationale: "" }] },
  ],
  reversals: [
    { ...someone, at: "2026-09-30T16:00:00.000Z", by: "Sam Staff", from: "DECLINE", to: "ACCEPT", why: "A mistake" },
  ],
};

test("minutes tell in the order of time what was moved, voted, released and reversed", () => {
  expect(minutesText(MINUTES, cohort(), "CANDIDATE")).toBe(
    [
      "Minutes of the Steering Committee: candidates of the Cohort 2027",
      "Reversed by Sam Staff on Wednesday, September 30, 2026 at 9:00 AM PDT:\n" +
        "- APP-2027-0001 Avery Example: from decline to accept; reason: A mistake",
      "Motion “Cautious”, put to the vote by Cleo Chair on Thursday, October 1, 2026 at 9:00 AM PDT. " +
        "Counted on Friday, October 2, 2026 at 9:00 AM PDT.\n" +
        "Reason: As discussed\n" +
        "Votes: Max Member for (“Strong”); Nia Member abstained.\n" +
        "- APP-2027-0001 Avery Example: waitlist at place 2; carried (3 for, 1 against, 1 abstained); without Max Member; " +
        "reason: Next year; not prepared: It was withdrawn.",
      "Released by Sam Staff on Saturday, October 3, 2026 at 9:00 AM PDT:\n- APP-2027-0001 Avery Example: decline\n",
    ].join("\n\n"),
  );
});

test("a motion that is open or taken back says so, and what is not there is left out", () => {
  const [first] = MINUTES.motions;
  const bare = { ...first!, closedAt: null, rationale: "", votes: [], rows: [] };
  const text = (more: object) =>
    minutesText({ motions: [{ ...bare, ...more }], releases: [], reversals: [] }, cohort(), "MENTOR").split("\n")[2];
  const opening = "Motion “Cautious”, put to the vote by Cleo Chair on Thursday, October 1, 2026 at 9:00 AM PDT.";
  expect(text({})).toBe(`${opening} Not counted yet.`);
  expect(text({ isWithdrawn: true })).toBe(`${opening} Withdrawn.`);
});

test("without anything they say that", () => {
  expect(minutesText({ motions: [], releases: [], reversals: [] }, cohort(), "MENTOR")).toBe(
    "Minutes of the Steering Committee: mentors of the Cohort 2027\n\nNothing was moved or decided.\n",
  );
});
