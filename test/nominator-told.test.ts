import { expect, test } from "vitest";
import { checkInvariants } from "./support/invariants.ts";
import { someone, STAFF, startProgram } from "./support/program.ts";
import {
  complete,
  draft,
  IN_WINDOW,
  nominated,
  prepare,
  publishedCohort,
  release,
  step,
  tokensTo,
} from "./support/steps.ts";
import { tracesOf } from "./support/traces.ts";

const program = await startProgram({ at: IN_WINDOW });
const cohortId = await publishedCohort(program, { candidateLetters: 1 });

const LETTER = { text: "She has run our network for six years.", name: "Pat Super", position: "Superintendent" };

/** Somebody who has submitted, with a letter that came unless told otherwise. */
async function applied(name: string, { provides = true } = {}) {
  const [applicant, nominator] = [someone(`${name} Applicant`), someone(`${name} Nominator`)];
  const id = await draft(program, applicant, cohortId);
  await step(program, applicant, "applicationSave", complete(id));
  await nominated(program, applicant, id, nominator);
  await step(program, applicant, "applicationSubmit", { applicationId: id });
  const [token = ""] = await tokensTo(program, nominator.email, "nomination");
  if (provides) await step(program, null, "nominationProvide", { token, ...LETTER });
  return { applicant, nominator, id, token };
}

async function ask(token: string) {
  const query = "query($token: String!) { nomination(token: $token) { state text isReceived isDecided isChosen } }";
  return (await program.ask<{ nomination: object | null }>(null, query, { token })).nomination;
}

async function mailsAbout({ email }: { email: string }) {
  await program.settle();
  const mails = (await program.ses.mails()).filter(({ to }) => to.includes(email));
  return mails.filter(({ subject }) => subject?.startsWith("The decision on your nomination"));
}

const received = { state: "PROVIDED", text: LETTER.text, isReceived: true, isDecided: false, isChosen: false };

test("whoever wrote a letter is told once that it is decided, and by the link whether their person was chosen", async () => {
  const [chosen, waiting, declined] = [await applied("Chosen"), await applied("Waiting"), await applied("Other")];
  const silent = await applied("Silent", { provides: false });
  await step(program, STAFF, "applicationPartsWaive", { applicationId: silent.id, why: "Known to us" });
  await prepare(program, chosen.id);
  await prepare(program, waiting.id, { outcome: "WAITLIST", rank: 1 });
  await prepare(program, declined.id, { outcome: "DECLINE" });
  await prepare(program, silent.id, { outcome: "DECLINE" });
  // Prepared is not told: the link says what it said before.
  for (const { token } of [chosen, waiting, declined]) expect(await ask(token)).toEqual(received);
  await release(program, cohortId);

  const [mail, ...more] = await mailsAbout(chosen.nominator);
  expect([mail?.subject, more.length]).toEqual(["The decision on your nomination of Chosen Applicant", 0]);
  expect(mail?.text).toContain("The Steering Committee has chosen Chosen Applicant for the");
  for (const { nominator } of [waiting, declined]) {
    const texts = (await mailsAbout(nominator)).map(({ text }) => text ?? "");
    expect(texts).toHaveLength(1);
    expect(texts[0]).toContain("and we have written to them.");
    expect(texts[0]).not.toMatch(/waitlist|declined|not selected/i);
  }
  expect(await mailsAbout(silent.nominator)).toEqual([]);

  const after = { ...received, text: "", isDecided: true };
  expect(await ask(chosen.token)).toEqual({ ...after, isChosen: true });
  expect(await ask(waiting.token)).toEqual(after);
  expect(await ask(declined.token)).toEqual(after);
  expect(await ask(silent.token)).toBeNull();

  // Chosen after all is told, and nothing else is told twice.
  await prepare(program, waiting.id);
  await release(program, cohortId, "CANDIDATE", "release-once-more");
  expect((await mailsAbout(waiting.nominator)).map(({ text }) => text?.includes("has chosen"))).toEqual([false, true]);
  expect(await mailsAbout(chosen.nominator)).toHaveLength(1);
  expect(await checkInvariants(program)).toEqual([]);
});

test("with the letter what the nominator was told is removed, their address too", async () => {
  const { applicant, nominator, id, token } = await applied("Forgotten");
  await prepare(program, id, { outcome: "DECLINE" });
  await release(program, cohortId, "CANDIDATE", "release-forgotten");
  expect(await mailsAbout(nominator)).toHaveLength(1);
  const { viewer } = await program.ask<{ viewer: { person: { id: string } } }>(
    applicant,
    "{ viewer { person { id } } }",
  );
  const input = { personId: viewer.person.id, why: "Asked for", idempotencyKey: "erase-forgotten" };
  const select = "confirmToken";
  const { confirmToken } = await step<{ confirmToken: string }>(
    program,
    STAFF,
    "personErase",
    { ...input, dryRun: true },
    select,
  );
  await step(program, STAFF, "personErase", { ...input, confirmToken }, select);
  await program.handlers.due({});
  // What was sent is sent; the program itself knows nothing of it any more.
  const traces = await tracesOf(program, [nominator.email]);
  expect(traces.filter((trace) => !/ in (mail|call) \d+$/.test(trace))).toEqual([]);
  expect(await ask(token)).toBeNull();
});
