import { expect, test } from "vitest";
import { someone, startProgram } from "./support/program.ts";
import { complete, draft, IN_WINDOW, prepare, publishedCohort, release, step, subjectsTo } from "./support/steps.ts";

const program = await startProgram({ at: IN_WINDOW });
const cohortId = await publishedCohort(program, { seats: 1 });

test("a candidate applies, the committee accepts, the mails arrive", async () => {
  const candidate = someone("Story Candidate");
  const applicationId = await draft(program, candidate, cohortId);
  await step(program, candidate, "applicationSave", complete(applicationId));
  const done = await step<{ application: { state: string; stateLabel: string } }>(
    program,
    candidate,
    "applicationSubmit",
    { applicationId },
    "application { state stateLabel }",
  );
  expect(done).toEqual({ application: { state: "COMPLETE", stateLabel: "Received" }, userErrors: [] });
  expect(await subjectsTo(program, candidate)).toEqual(["We have received your application APP-2027-0001"]);

  expect((await prepare(program, applicationId)).userErrors).toEqual([]);
  const before = await program.ask(candidate, "{ viewer { applications { state decision { outcome } } } }");
  expect(before).toEqual({ viewer: { applications: [{ state: "COMPLETE", decision: null }] } });
  expect(await subjectsTo(program, candidate)).toHaveLength(1);

  const { rows } = await release(program, cohortId);
  expect(rows).toEqual([{ applicationId, outcome: "ACCEPT", released: true }]);
  const after = await program.ask(candidate, "{ viewer { applications { state decision { outcome } } } }");
  expect(after).toEqual({ viewer: { applications: [{ state: "ACCEPTED", decision: { outcome: "ACCEPT" } }] } });
  expect(await subjectsTo(program, candidate)).toEqual([
    "We have received your application APP-2027-0001",
    "You are accepted: Cohort 2027",
  ]);
});
