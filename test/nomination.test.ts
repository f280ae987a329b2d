import { describe, expect, test } from "vitest";
import { eventsOf } from "../infra/local/ses-events.ts";
import type { Caller } from "../infra/local/caller.ts";
import { checkInvariants } from "./support/invariants.ts";
import { someone, STAFF, startProgram } from "./support/program.ts";
import { cleared } from "./support/review.ts";
import {
  addEmail,
  chairPerson,
  complete,
  draft,
  idOf,
  IN_WINDOW,
  nominated,
  publishedCohort,
  serviceToken,
  step,
  subjectsTo,
  tokensTo,
  type NominationSeen,
} from "./support/steps.ts";

const program = await startProgram({ at: IN_WINDOW });
const cohortId = await publishedCohort(program, { candidateLetters: 1 });
const chair = await chairPerson(program, someone("Chair Person"));

const LETTER = {
  text: "She has run our network for six years.\nWe support her.",
  name: "Pat Super",
  position: "Superintendent",
};

/** Everything an application says of its letters. */
const SELECTION = `state stateLabel partsMissing { part message }
  nominations { id state origin nominatorName nominatorPosition openedAt closedAt }`;

interface Seen {
  state: string;
  partsMissing: { part: string; message: string }[];
  nominations: NominationSeen[];
}

async function look(caller: Caller, id: string): Promise<Seen | null> {
  const query = `query($id: ID!) { node(id: $id) { ... on Application { ${SELECTION} } } }`;
  return (await program.ask<{ node: Seen | null }>(caller, query, { id })).node;
}

async function readLetter(caller: Caller, id: string) {
  const query = "query($id: ID!) { node(id: $id) { ... on Nomination { letter { text signedName signedPosition } } } }";
  const { data, errors } = await program.send(caller, query, { id });
  return { node: (data as { node: { letter: object | null } | null }).node, code: errors?.[0]?.extensions?.["code"] };
}

async function lookBy(token: string, caller: Caller = null) {
  const query =
    "query($token: String!) { nomination(token: $token) { candidateName cohortName closesAt zone asked state text } }";
  return (await program.ask<{ nomination: { state: string; text: string } | null }>(caller, query, { token }))
    .nomination;
}

const by = (token: string | undefined, mutation: string, input: object = {}) =>
  step<{ nomination: { state: string } | null }>(program, null, mutation, { token, ...input }, "nomination { state }");

const codes = ({ userErrors }: { userErrors: { code: string; field: string[] | null }[] }) =>
  userErrors.map(({ code, field }) => (field ? `${code} ${field.join(".")}` : code));

/** A draft with everything but the letter. */
async function filled(applicant: Caller, cohort = cohortId): Promise<string> {
  const id = await draft(program, applicant, cohort);
  await step(program, applicant, "applicationSave", complete(id));
  return id;
}

async function submit(applicant: Caller, applicationId: string): Promise<string> {
  const done = await step<{ application: { state: string } }>(
    program,
    applicant,
    "applicationSubmit",
    { applicationId },
    "application { state }",
  );
  expect(done.userErrors).toEqual([]);
  return done.application.state;
}

/** Somebody with a draft and a nominator who was asked; answers the nominator's token. */
async function asked(name: string, cohort = cohortId) {
  const applicant = someone(name);
  const nominator = someone(`Nominator Of ${name}`);
  const applicationId = await filled(applicant, cohort);
  const { nomination, userErrors } = await nominated(program, applicant, applicationId, nominator);
  expect(userErrors).toEqual([]);
  const [token] = await tokensTo(program, nominator.email, "nomination");
  return { applicant, nominator, applicationId, nominationId: nomination!.id, token: token! };
}

describe("from the request to a complete application", () => {
  test("the nominator writes without an account, and the last letter completes the application", async () => {
    const { applicant, nominator, applicationId, token } = await asked("Ada Asked");
    expect(await subjectsTo(program, nominator)).toEqual(["Ada Asked asks you for a nomination"]);
    const shown = {
      candidateName: "Ada Asked",
      cohortName: "Cohort 2027",
      closesAt: "2026-09-26T00:00:00.000Z",
      zone: "America/Los_Angeles",
      asked: expect.stringContaining("Please write why your organization supports this candidate") as string,
      state: "REQUESTED",
      text: "",
    };
    expect(await lookBy(token)).toEqual(shown);
    // Looking changes nothing: a program that looks into mails does not count as the nominator.
    expect((await look(applicant, applicationId))!.nominations).toMatchObject([{ state: "REQUESTED", openedAt: null }]);

    expect(await by(token, "nominationOpen")).toEqual({ nomination: { state: "OPENED" }, userErrors: [] });
    expect(await by(token, "nominationOpen")).toEqual({ nomination: { state: "OPENED" }, userErrors: [] });
    await by(token, "nominationSave", { text: "She has run" });
    expect(await lookBy(token)).toEqual({ ...shown, state: "OPENED", text: "She has run" });

    expect(await submit(applicant, applicationId)).toBe("SUBMITTED");
    // Once it is complete, nothing is missing that a mail could still tell of.
    await program.settle();
    expect(await look(applicant, applicationId)).toMatchObject({
      stateLabel: "Received, a part is missing",
      partsMissing: [{ part: "NOMINATION", message: "The nomination by Nominator Of Ada Asked has not come yet." }],
    });

    expect(await by(token, "nominationProvide", LETTER)).toEqual({ nomination: { state: "PROVIDED" }, userErrors: [] });
    // Once more, because the answer was lost.
    expect(await by(token, "nominationProvide", LETTER)).toEqual({ nomination: { state: "PROVIDED" }, userErrors: [] });
    expect(codes(await by(token, "nominationProvide", { ...LETTER, text: "Another" }))).toEqual(["WRONG_STATE"]);
    expect(codes(await by(token, "nominationSave", { text: "Another" }))).toEqual(["WRONG_STATE"]);
    expect(codes(await by(token, "nominationRefuse"))).toEqual(["WRONG_STATE"]);
    expect(await lookBy(token)).toEqual({ ...shown, state: "PROVIDED", text: LETTER.text });
    expect(await look(applicant, applicationId)).toMatchObject({ state: "COMPLETE", partsMissing: [] });
    expect((await subjectsTo(program, nominator)).slice(1)).toEqual(["We have received your nomination of Ada Asked"]);
    expect((await subjectsTo(program, applicant)).sort()).toEqual([
      "A nomination for you has come",
      expect.stringMatching(/^We have received your application APP-2027-\d{4}; a part is missing$/),
      expect.stringMatching(/^Your application APP-2027-\d{4} is complete$/),
    ]);
  });

  test("a letter that came before the submission is counted with it", async () => {
    const { applicant, applicationId, token } = await asked("Eve Early");
    await by(token, "nominationProvide", LETTER);
    expect(await submit(applicant, applicationId)).toBe("COMPLETE");
    expect((await subjectsTo(program, applicant)).map((subject) => subject.replace(/APP\S+/, "APP"))).toEqual([
      "A nomination for you has come",
      "We have received your application APP",
    ]);
  });

  test("an empty, an endless and an unsigned letter are refused", async () => {
    const { token, applicationId, applicant } = await asked("Emil Empty");
    expect(codes(await by(token, "nominationProvide", { text: " \n ", name: "", position: " " }))).toEqual([
      "REQUIRED text",
      "REQUIRED name",
      "REQUIRED position",
    ]);
    expect(codes(await by(token, "nominationProvide", { ...LETTER, text: "x".repeat(10_001) }))).toEqual([
      "TOO_LONG text",
    ]);
    expect(codes(await by(token, "nominationSave", { text: "a\u0000b" }))).toEqual(["BAD_CHARACTERS text"]);
    expect(await submit(applicant, applicationId)).toBe("SUBMITTED");
  });

  test("who declines is final; the applicant is told that, not why, and names somebody else", async () => {
    const { applicant, applicationId, nominationId, token } = await asked("Dora Declined");
    await submit(applicant, applicationId);
    expect(codes(await by(token, "nominationRefuse", { why: "planted-why" }))).toEqual([]);
    expect(codes(await by(token, "nominationProvide", LETTER))).toEqual(["WRONG_STATE"]);
    expect((await subjectsTo(program, applicant)).at(-1)).toBe("Please name somebody else to nominate you");
    expect(JSON.stringify(await look(applicant, applicationId))).not.toContain("planted-why");
    const history = `query($id: ID!) { node(id: $id) { ... on Nomination { history { nodes { type why } } } } }`;
    const { data } = await program.send(STAFF, history, { id: nominationId });
    expect(JSON.stringify(data)).toContain('"type":"NominationRefused","why":"planted-why"');
    const tasks = "{ viewer { tasks { code message applicationId } } }";
    expect(await program.ask(applicant, tasks)).toEqual({
      viewer: {
        tasks: [
          {
            code: "NOMINATOR_TO_NAME",
            message: "Your application needs a nomination that nobody is asked for: please name who nominates you.",
            applicationId,
          },
        ],
      },
    });
    const second = someone("Second Nominator Of Dora");
    expect(codes(await nominated(program, applicant, applicationId, second))).toEqual([]);
    const [again] = await tokensTo(program, second.email, "nomination");
    await by(again, "nominationProvide", LETTER);
    expect((await look(applicant, applicationId))!.state).toBe("COMPLETE");
    expect(await program.ask(applicant, tasks)).toEqual({ viewer: { tasks: [] } });
  });

  test("staff can do without it for a reason", async () => {
    const { applicant, applicationId } = await asked("Walt Waived");
    const waive = (caller: Caller, why: string) =>
      step<object>(program, caller, "applicationPartsWaive", { applicationId, why }, "application { state }");
    expect(codes(await waive(STAFF, "Too early"))).toEqual(["WRONG_STATE"]);
    await submit(applicant, applicationId);
    expect(codes(await waive(STAFF, " "))).toEqual(["REQUIRED why"]);
    await expect(waive(chair, "Not an office for it")).rejects.toThrow("FORBIDDEN");
    await expect(waive(applicant, "My own")).rejects.toThrow("FORBIDDEN");
    await expect(waive(someone("Ken Stranger"), "Any")).rejects.toThrow("NOT_FOUND");
    expect(await waive(STAFF, "A letter of last year stands")).toEqual({
      application: { state: "COMPLETE" },
      userErrors: [],
    });
    expect(codes(await waive(STAFF, "Again"))).toEqual(["WRONG_STATE"]);
    expect(await look(applicant, applicationId)).toMatchObject({ state: "COMPLETE", partsMissing: [] });
    expect((await subjectsTo(program, applicant)).at(-1)).toMatch(/is complete$/);
  });
});

describe("who may be named", () => {
  test("nobody with an address of the applicant, one they had, or one that is asked already", async () => {
    const applicant = someone("Nora Naming");
    const applicationId = await filled(applicant);
    await addEmail(program, applicant, "nora.home@example.org");
    await addEmail(program, applicant, "nora.former@example.org");
    await step(program, applicant, "viewerEmailRemove", { email: "nora.former@example.org" });
    const name = (email: string, key: string) =>
      nominated(program, applicant, applicationId, { name: "Pat", email }, { idempotencyKey: `naming-${key}` });
    for (const [index, email] of [
      "Nora.Naming@Example.org",
      " nora.home@example.org",
      "NORA.FORMER@example.org",
      "nora.naming+letters@example.org",
    ].entries()) {
      expect(codes(await name(email, `own-${index}`))).toEqual(["NOMINATOR_IS_APPLICANT email"]);
    }
    expect(codes(await name("not an address", "bad"))).toEqual(["BAD_EMAIL email"]);
    expect(codes(await name("pat.super@example.org", "first"))).toEqual([]);
    expect(codes(await name("PAT.Super@example.org", "second"))).toEqual(["ALREADY_ASKED email"]);
    await program.settle();
    const mails = (await program.ses.mails()).filter(
      ({ subject }) => subject === "Nora Naming asks you for a nomination",
    );
    expect(mails.map(({ to }) => to)).toEqual([["pat.super@example.org"]]);
  });

  test("names, positions and keys are checked all at once, and nobody asks for somebody else", async () => {
    const applicant = someone("Cora Checked");
    const applicationId = await filled(applicant);
    const pat = { name: "Pat", email: "cora.super@example.org" };
    const wrong = { name: " ", email: "x", position: "a\nb" };
    expect(codes(await nominated(program, applicant, applicationId, pat, wrong))).toEqual([
      "REQUIRED name",
      "BAD_EMAIL email",
      "BAD_CHARACTERS position",
    ]);
    expect(codes(await nominated(program, applicant, applicationId, pat, { idempotencyKey: "x" }))).toEqual([
      "BAD_KEY idempotencyKey",
    ]);
    await expect(nominated(program, someone("Ken Stranger"), applicationId, pat)).rejects.toThrow("NOT_FOUND");
    await expect(nominated(program, null, applicationId, pat)).rejects.toThrow("UNAUTHENTICATED");
    await expect(nominated(program, STAFF, applicationId, pat)).rejects.toThrow("FORBIDDEN");
    await expect(nominated(program, chair, applicationId, pat)).rejects.toThrow("NOT_FOUND");
  });

  test("the same request twice, also at once, sends one mail", async () => {
    const applicant = someone("Tim Twice");
    const applicationId = await filled(applicant);
    const pat = someone("Super Of Tim");
    const answers = await Promise.all([1, 2, 3].map(() => nominated(program, applicant, applicationId, pat)));
    answers.push(await nominated(program, applicant, applicationId, pat));
    expect(answers.flatMap(codes)).toEqual([]);
    expect(new Set(answers.map(({ nomination }) => nomination?.id)).size).toBe(1);
    expect(await subjectsTo(program, pat)).toEqual(["Tim Twice asks you for a nomination"]);
    expect(codes(await nominated(program, applicant, applicationId, pat, { name: "Other" }))).toEqual([
      "KEY_REUSED idempotencyKey",
    ]);
  });
});

describe("a new link, somebody else, nobody", () => {
  const renew = (applicant: Caller, nominationId: string, key: string) =>
    step<object>(program, applicant, "nominationResend", { nominationId, idempotencyKey: `resend-${key}` });

  test("a link that is sent again takes the place of the one before, at most ten a day", async () => {
    const { applicant, nominator, nominationId, token } = await asked("Rita Resending");
    expect(codes(await renew(applicant, nominationId, "rita-1"))).toEqual([]);
    expect(codes(await renew(applicant, nominationId, "rita-1"))).toEqual([]);
    const [, second, ...more] = await tokensTo(program, nominator.email, "nomination");
    expect(more).toEqual([]);
    expect(codes(await by(token, "nominationOpen"))).toEqual(["LINK_REVOKED token"]);
    expect(await lookBy(token)).toBeNull();
    expect(codes(await by(second, "nominationOpen"))).toEqual([]);
    for (let count = 3; count <= 10; count++) {
      expect(codes(await renew(applicant, nominationId, `rita-${count}`))).toEqual([]);
    }
    expect(codes(await renew(applicant, nominationId, "rita-11"))).toEqual(["TOO_MANY"]);
    await expect(renew(someone("Ken Stranger"), nominationId, "other")).rejects.toThrow("NOT_FOUND");
    await expect(renew(STAFF, nominationId, "staff")).rejects.toThrow("FORBIDDEN");
  });

  test("whoever is asked instead can write, and the one before cannot any more", async () => {
    const { applicant, applicationId, nominationId, token } = await asked("Rolf Replacing");
    const other = someone("Other Of Rolf");
    const input = { nominationId, ...other, position: "Principal", idempotencyKey: "replace-rolf" };
    const replaced = await step<{ nomination: NominationSeen }>(
      program,
      applicant,
      "nominationReplace",
      input,
      "nomination { id state nominatorName }",
    );
    expect(replaced).toMatchObject({
      nomination: { state: "REQUESTED", nominatorName: "Other Of Rolf" },
      userErrors: [],
    });
    expect(codes(await by(token, "nominationProvide", LETTER))).toEqual(["NOT_NEEDED"]);
    expect(await lookBy(token)).toBeNull();
    const [fresh] = await tokensTo(program, other.email, "nomination");
    expect(codes(await by(fresh, "nominationProvide", LETTER))).toEqual([]);
    expect((await look(applicant, applicationId))!.nominations.map(({ state }) => state)).toEqual([
      "CANCELLED",
      "PROVIDED",
    ]);
    const again = { ...input, nominationId: replaced.nomination.id, idempotencyKey: "replace-rolf-2" };
    expect(codes(await step<object>(program, applicant, "nominationReplace", again))).toEqual(["WRONG_STATE"]);
  });

  test("a request that is taken back, or whose application is withdrawn, is not needed any more", async () => {
    const first = await asked("Cleo Cancelling");
    const cancel = () =>
      step<object>(program, first.applicant, "nominationCancel", { nominationId: first.nominationId });
    expect(codes(await cancel())).toEqual([]);
    expect(codes(await cancel())).toEqual(["WRONG_STATE"]);
    expect(codes(await by(first.token, "nominationOpen"))).toEqual(["NOT_NEEDED"]);
    const second = await asked("Will Withdrawing");
    await step(program, second.applicant, "applicationWithdraw", { applicationId: second.applicationId });
    expect(codes(await by(second.token, "nominationProvide", LETTER))).toEqual(["NOT_NEEDED"]);
    expect(await lookBy(second.token)).toBeNull();
  });

  test("of a letter and a cancellation in the same moment one counts", async () => {
    for (const name of ["Race One", "Race Two", "Race Three"]) {
      const { applicant, applicationId, nominationId, token } = await asked(name);
      await submit(applicant, applicationId);
      const [provided, cancelled] = await Promise.all([
        by(token, "nominationProvide", LETTER),
        step<object>(program, applicant, "nominationCancel", { nominationId }),
      ]);
      const { state, nominations } = (await look(applicant, applicationId))!;
      const isProvided = nominations[0]!.state === "PROVIDED";
      expect([state, codes(provided), codes(cancelled)]).toEqual(
        isProvided
          ? ["COMPLETE", [], ["WRONG_STATE"]]
          : ["SUBMITTED", [expect.stringMatching(/^(NOT_NEEDED|LINK_REVOKED token)$/)], []],
      );
    }
  });

  test("staff give a letter back: it is changed by a new link, and counts again", async () => {
    const { applicant, nominator, applicationId, nominationId, token } = await asked("Gail Given Back");
    await submit(applicant, applicationId);
    await by(token, "nominationProvide", LETTER);
    const reopen = (caller: Caller, key: string, why = "Names another candidate") =>
      step<object>(program, caller, "nominationReopen", { nominationId, why, idempotencyKey: `reopen-${key}` });
    expect(codes(await reopen(STAFF, "gail-0", ""))).toEqual(["REQUIRED why"]);
    await expect(reopen(chair, "gail-m")).rejects.toThrow("FORBIDDEN");
    await expect(reopen(applicant, "gail-a")).rejects.toThrow("FORBIDDEN");
    expect(codes(await reopen(STAFF, "gail-1"))).toEqual([]);
    expect(codes(await by(token, "nominationProvide", LETTER))).toEqual(["LINK_REVOKED token"]);
    const fresh = (await tokensTo(program, nominator.email, "nomination")).at(-1)!;
    expect(await lookBy(fresh)).toMatchObject({ state: "OPENED", text: LETTER.text });
    await by(fresh, "nominationProvide", { ...LETTER, text: "The right letter" });
    expect((await readLetter(STAFF, nominationId)).node).toEqual({
      letter: { text: "The right letter", signedName: "Pat Super", signedPosition: "Superintendent" },
    });
    expect((await look(applicant, applicationId))!.state).toBe("COMPLETE");
  });
});

describe("links that are none", () => {
  test("malformed, unknown, with another secret and of another purpose read the same", async () => {
    const { token } = await asked("Una Unknown");
    const [id = "", secret = ""] = token.split(".");
    const other = someone("Conny Confirming");
    await step(program, other, "viewerEmailAdd", { email: "conny.two@example.org", kind: "WORK" });
    const [foreign] = await tokensTo(program, "conny.two@example.org");
    const wrong = [
      "",
      "x",
      `${id}.${secret.slice(1)}A`,
      `lnk_01J0000000000000000000000A.${secret}`,
      foreign!,
      `${token}x`,
    ];
    const answers = new Set<string>();
    for (const one of wrong) {
      expect(await lookBy(one)).toBeNull();
      for (const [mutation, input] of [
        ["nominationOpen", {}],
        ["nominationSave", { text: "x" }],
        ["nominationProvide", LETTER],
        ["nominationRefuse", {}],
      ] as const) {
        answers.add(JSON.stringify(await by(one, mutation, input)));
      }
    }
    expect([...answers]).toEqual([
      JSON.stringify({
        nomination: null,
        userErrors: [
          {
            code: "LINK_UNKNOWN",
            field: ["token"],
            message: "This link is not valid: please use the whole link from the mail.",
          },
        ],
      }),
    ]);
    // And a link of a nomination confirms nothing else.
    expect(codes(await step<object>(program, null, "emailConfirm", { token }))).toEqual(["LINK_UNKNOWN token"]);
  });
});

describe("what stands in a letter", () => {
  test("is read by staff, and by the committee after declaring no conflict; by nobody recused, and never by the applicant in whatever office", async () => {
    const { applicant, applicationId, nominationId, token } = await asked("Conrad Confidential");
    await submit(applicant, applicationId);
    const planted = "planted-letter-text";
    await by(token, "nominationProvide", { ...LETTER, text: planted, name: "planted-signature" });
    const letter = { text: planted, signedName: "planted-signature", signedPosition: "Superintendent" };
    expect(await readLetter(STAFF, nominationId)).toEqual({ node: { letter }, code: undefined });
    expect(await readLetter(chair, nominationId)).toEqual({ node: { letter: null }, code: undefined });
    await cleared(program, chair, applicationId);
    expect(await readLetter(chair, nominationId)).toEqual({ node: { letter }, code: undefined });
    expect(await readLetter(applicant, nominationId)).toEqual({ node: { letter: null }, code: "FORBIDDEN" });
    expect(await readLetter(someone("Ken Stranger"), nominationId)).toEqual({ node: null, code: undefined });
    expect(await readLetter(null, nominationId)).toMatchObject({ code: "UNAUTHENTICATED" });

    await step(program, chair, "recusalDeclare", { applicationId, why: "A cousin" });
    expect(await readLetter(chair, nominationId)).toEqual({ node: null, code: undefined });

    const roles = ["STAFF", "COMMITTEE"];
    const personId = await idOf(program, applicant);
    for (const role of roles) {
      await step(program, STAFF, "roleGrant", { personId, role, until: "2040-01-01T00:00:00.000Z", why: "Test" });
    }
    expect(await readLetter(applicant, nominationId)).toEqual({ node: { letter: null }, code: "FORBIDDEN" });
    const own = await serviceToken(program, { name: "Own", role: "STAFF", operations: ["node"] }, applicant);
    expect(await readLetter(own.caller, nominationId)).toEqual({ node: null, code: undefined });
    const everything = `{ viewer { export tasks { message } messages(first: 100) { nodes { subject } }
      applications { ${SELECTION} } } }`;
    const answer = await program.ask<{ viewer: { export: string } }>(applicant, everything);
    expect(JSON.stringify(answer)).not.toContain("planted");
    const exported = JSON.parse(answer.viewer.export) as { applications: { nominations: object[] }[] };
    expect(exported.applications[0]!.nominations).toEqual([
      {
        state: "PROVIDED",
        nominator: { name: "Nominator Of Conrad Confidential", email: "nominator.of.conrad.confidential@example.org" },
      },
    ]);
    const mails = (await program.ses.mails()).filter(({ text }) => text?.includes("planted"));
    expect(mails).toEqual([]);
  });
});

describe("a mail that comes back", () => {
  test("makes the request bounced at once, tells the applicant once, and leaves a task until it is corrected", async () => {
    const applicant = someone("Bo Bounced");
    const applicationId = await filled(applicant);
    await submit(applicant, applicationId);
    const wrong = { name: "Pat Typo", email: "bounce.typo@example.org" };
    const { nomination } = await nominated(program, applicant, applicationId, wrong);
    await program.settle();
    expect((await look(applicant, applicationId))!.nominations).toMatchObject([{ state: "BOUNCED" }]);
    const line = program.ses.ledger.find(({ recipients }) => recipients?.includes(wrong.email))!;
    for (const event of [...eventsOf(line), ...eventsOf(line)]) await program.handlers.feedback(event);
    const told = (await subjectsTo(program, applicant)).filter((subject) => subject.startsWith("The address of"));
    expect(told).toEqual(["The address of your nominator does not work"]);
    const tasks = async () =>
      (await program.ask<{ viewer: { tasks: object[] } }>(applicant, "{ viewer { tasks { code message } } }")).viewer
        .tasks;
    expect(await tasks()).toEqual([
      {
        code: "NOMINATOR_ADDRESS_BOUNCED",
        message: "The address of your nominator Pat Typo does not work: please correct it.",
      },
    ]);
    const right = { name: "Pat Typo", email: "right.typo@example.org", position: "Superintendent" };
    const input = { nominationId: nomination!.id, ...right, idempotencyKey: "replace-typo" };
    expect(codes(await step<object>(program, applicant, "nominationReplace", input))).toEqual([]);
    expect(await tasks()).toEqual([]);
    const [token] = await tokensTo(program, right.email, "nomination");
    await by(token, "nominationProvide", LETTER);
    expect((await look(applicant, applicationId))!.state).toBe("COMPLETE");
  });

  const again = (applicant: Caller, nominationId: string, idempotencyKey: string) =>
    step<object>(program, applicant, "nominationResend", { nominationId, idempotencyKey });

  /** The mails about an application to people without a record here, the latest first, as staff see them. */
  async function toNominator(applicationId: string) {
    await program.settle();
    type Mail = { id: string; template: string; state: string; reason: string | null; recipient: object | null };
    const query = `query($id: ID!) {
      messages(applicationId: $id) { nodes { id template state reason recipient { name } } } }`;
    const { messages } = await program.ask<{ messages: { nodes: Mail[] } }>(STAFF, query, { id: applicationId });
    return messages.nodes.filter(({ recipient }) => recipient === null);
  }

  /** The report that the mail to a nominator came back for good. */
  function bounceOf({ email }: { email: string }) {
    const line = program.ses.ledger.find(({ recipients }) => recipients?.includes(email))!;
    return eventsOf({ ...line, recipients: ["bounce@example.org"] })[1]!;
  }

  test("keeps back what waits for the same address, until the applicant asks again", async () => {
    const { applicant, nominator, applicationId, nominationId } = await asked("Wanda Waiting");
    program.ses.faults.set("throttle", { times: 1 });
    expect(codes(await again(applicant, nominationId, "wanda-again-1"))).toEqual([]);
    expect(await toNominator(applicationId)).toMatchObject([{ state: "QUEUED" }, { state: "DELIVERED" }]);
    await program.handlers.feedback(bounceOf(nominator));
    await program.moveClock({ advance: "PT1M" });
    const reason = "Mails to this address come back: whoever named it was asked to correct it.";
    expect(await toNominator(applicationId)).toMatchObject([{ state: "SUPPRESSED", reason }, { state: "BOUNCED" }]);
    expect((await look(applicant, applicationId))!.nominations).toMatchObject([{ state: "BOUNCED" }]);
    expect(await subjectsTo(program, applicant)).toEqual(["The address of your nominator does not work"]);
    expect(await subjectsTo(program, nominator)).toHaveLength(1);

    expect(codes(await again(applicant, nominationId, "wanda-again-2"))).toEqual([]);
    const states = (await toNominator(applicationId)).map(({ state }) => state);
    expect(states).toEqual(["DELIVERED", "SUPPRESSED", "BOUNCED"]);
  });

  test("or was wrong: staff correct it once, to whom it went", async () => {
    const { nominator, applicationId } = await asked("Cora Corrected");
    const [mail] = await toNominator(applicationId);
    const input = { messageId: mail!.id, text: "The letter is due on Friday.", idempotencyKey: "correct-cora" };
    expect(codes(await step<object>(program, STAFF, "messageCorrect", input))).toEqual([]);
    const subject = "Cora Corrected asks you for a nomination";
    expect(await subjectsTo(program, nominator)).toEqual([subject, `Correction: ${subject}`]);
    expect(await toNominator(applicationId)).toMatchObject([
      { template: "mail-correction", state: "DELIVERED" },
      { template: "nomination-requested", state: "DELIVERED" },
    ]);
  });

  test("for a while only changes nothing", async () => {
    const { applicant, nominator, applicationId } = await asked("Sophie Soft");
    const bounce = bounceOf(nominator);
    const soft = structuredClone(bounce) as { detail: { bounce: { bounceType: string } } };
    soft.detail.bounce.bounceType = "Transient";
    await program.handlers.feedback(soft as typeof bounce);
    expect((await look(applicant, applicationId))!.nominations).toMatchObject([{ state: "REQUESTED" }]);
    expect(await subjectsTo(program, applicant)).toEqual([]);
  });

  test("after the letter has come changes nothing", async () => {
    const { applicant, nominator, applicationId, token } = await asked("Lars Late");
    await by(token, "nominationProvide", LETTER);
    await program.handlers.feedback(bounceOf(nominator));
    expect((await look(applicant, applicationId))!.nominations).toMatchObject([{ state: "PROVIDED" }]);
    expect(await subjectsTo(program, applicant)).toEqual(["A nomination for you has come"]);
  });
});

test("what must hold, holds", async () => {
  expect(await checkInvariants(program)).toEqual([]);
});
