import { expect, test } from "vitest";
import { standingsOf } from "../../schema/viewer/standing.ts";
import { application, certificate, NOW } from "./records.ts";

const kinds = (...of: Parameters<typeof standingsOf>) => standingsOf(...of).map(({ kind }) => kind);

test("an application makes an applicant until it is over, and then a candidate or a mentor", () => {
  expect(
    (["DRAFT", "COMPLETE", "UNDER_REVIEW", "WAITLISTED", "ACCEPTED", "DECLINED", "WITHDRAWN", "EXPIRED"] as const).map(
      (state) => kinds([application(state)], [], NOW),
    ),
  ).toEqual([["APPLICANT"], ["APPLICANT"], ["APPLICANT"], ["APPLICANT"], ["CANDIDATE"], [], [], []]);
  expect(standingsOf([application("ACCEPTED", { kind: "MENTOR" })], [], NOW)).toEqual([
    { kind: "MENTOR", cohortId: "coh_1" },
  ]);
});

test("a certified candidate is a certificate holder while it is valid, and an alumnus for good", () => {
  const accepted = { ...application("ACCEPTED"), certificateNumber: certificate().id };
  expect(standingsOf([accepted], [certificate()], "2030-11-20T07:59:59.999Z")).toEqual([
    { kind: "CERTIFICATE_HOLDER", cohortId: "coh_1" },
    { kind: "ALUMNUS", cohortId: "coh_1" },
  ]);
  expect(kinds([accepted], [certificate()], "2030-11-20T08:00:00.000Z")).toEqual(["ALUMNUS"]);
});

test("several things at once, in several cohorts", () => {
  const mentor = application("COMPLETE", { kind: "MENTOR", cohortId: "coh_2" });
  expect(standingsOf([mentor, application("ACCEPTED")], [], NOW)).toEqual([
    { kind: "APPLICANT", cohortId: "coh_2" },
    { kind: "CANDIDATE", cohortId: "coh_1" },
  ]);
});
