import { expect, test, vi } from "vitest";
import PostalMime from "postal-mime";
import { personTemplates } from "../schema/person/person.mail.ts";
import { messageFrom, messageKey, writeMessage } from "../schema/message/message.table.ts";
import { parseGlobalId } from "../schema/shared/id.ts";
import { checkInvariants } from "./support/invariants.ts";
import { someone, startProgram, STAFF } from "./support/program.ts";
import {
  addEmail,
  committeeMember,
  idOf,
  IN_WINDOW,
  outbox,
  prepare,
  publishedCohort,
  release,
  step,
  submitted,
  subjectsTo,
  tokensTo,
} from "./support/steps.ts";
import { ticking } from "./support/ticking.ts";

const program = await startProgram({
  at: IN_WINDOW,
  realTime: ticking(IN_WINDOW).realTime,
  streamRetryMilliseconds: 1,
});
let cohorts = 0;
const newCohort = () => publishedCohort(program, { number: ++cohorts, name: `Cohort ${cohorts}` });
const cohortId = await newCohort();
const OTHER_STAFF = someone("Other Staff");
await step(program, STAFF, "roleGrant", { personId: await idOf(program, OTHER_STAFF), role: "STAFF", why: "Test" });

type Person = ReturnType<typeof someone>;
interface Seen {
  id: string;
  version: number;
  state: string;
  template: string;
  reason: string | null;
  preview: { subject: string; text: string; html: string; body: string } | null;
}

const FIELDS = "id version state template reason preview { subject text html body }";
const act = (mutation: string, input: object, by: Parameters<typeof step>[1] = STAFF) =>
  step<{ message: Seen | null }>(program, by, mutation, input, `message { ${FIELDS} }`);

const codes = ({ userErrors }: { userErrors: readonly { code: string }[] }) => userErrors.map(({ code }) => code);

/** The mails to a person, newest first, as staff see them. */
async function mailsTo(person: Person): Promise<Seen[]> {
  await program.settle();
  const personId = await idOf(program, person);
  const query = `query($personId: ID!) { messages(personId: $personId) { nodes { ${FIELDS} } } }`;
  return (await program.ask<{ messages: { nodes: Seen[] } }>(STAFF, query, { personId })).messages.nodes;
}

/** An application whose receipt waits, because the kind of mail is held. */
async function heldReceipt(name: string): Promise<{ person: Person; applicationId: string; mail: Seen }> {
  const person = someone(name);
  const template = "application-received";
  await step(program, STAFF, "mailKindHold", { template, why: "Check the wording" });
  const applicationId = await submitted(program, person, cohortId);
  await program.settle();
  await step(program, STAFF, "mailKindFree", { template, why: "Checked" });
  const [mail] = await mailsTo(person);
  return { person, applicationId, mail: mail! };
}

function releaseMails(messageIds: readonly string[], more: object, by: Parameters<typeof step>[1] = STAFF) {
  return step<{ messages: Seen[] | null; confirmToken: string | null }>(
    program,
    by,
    "messagesRelease",
    { messageIds, ...more },
    `messages { ${FIELDS} } confirmToken`,
  );
}

test("a kind of mails is held, looked at, edited, and released together once", async () => {
  const { person, mail } = await heldReceipt("Held One");
  const { person: other, mail: second } = await heldReceipt("Held Two");
  expect(mail).toMatchObject({ state: "HELD", reason: "Staff hold mails of this kind: Check the wording" });
  expect(mail.preview!.subject).toMatch(/^We have received your application APP-2027-\d{4}$/);
  expect(mail.preview!.text).toMatch(/^Dear Held One,\n\nThank you for applying as a candidate/);

  const edited = {
    messageId: mail.id,
    expectedVersion: mail.version,
    subject: "Welcome",
    text: "One.\n\nTwo.",
    why: "Tone",
  };
  expect(codes(await act("messageEdit", { ...edited, expectedVersion: 1 }))).toEqual(["CONFLICT"]);
  const { message } = await act("messageEdit", edited);
  expect(message!.preview!.body).toBe("One.\n\nTwo.");
  const { node } = await program.ask<{
    node: { history: { nodes: { type: string; why: string; before: string; after: string }[] } };
  }>(STAFF, "query($id: ID!) { node(id: $id) { ... on Message { history { nodes { type why before after } } } } }", {
    id: mail.id,
  });
  const parsed = node.history.nodes.map(({ type, why, before, after }) => {
    return { type, why, before: JSON.parse(before) as object, after: JSON.parse(after) as object };
  });
  expect(parsed).toEqual([
    {
      type: "MessageEdited",
      why: "Tone",
      before: { subject: mail.preview!.subject, body: mail.preview!.body },
      after: { subject: "Welcome", body: "One.\n\nTwo." },
    },
  ]);

  const ids = [mail.id, second.id];
  const look = await releaseMails(ids, { dryRun: true, idempotencyKey: "release-two-a" });
  expect(look.messages!.map(({ state }) => state)).toEqual(["HELD", "HELD"]);
  const confirm = { confirmToken: look.confirmToken, idempotencyKey: "release-two-1" };
  // Whatever changes what would be said makes the look stale.
  await act("messageEdit", { ...edited, expectedVersion: message!.version, text: "One." });
  expect(codes(await releaseMails(ids, confirm))).toEqual(["STALE"]);
  expect(codes(await releaseMails(ids, { idempotencyKey: "release-two-2" }))).toEqual(["CONFIRM_TOKEN_REQUIRED"]);
  const again = await releaseMails(ids, { dryRun: true, idempotencyKey: "release-two-b" });
  const really = { confirmToken: again.confirmToken, idempotencyKey: "release-two-3" };
  const both = await Promise.all([1, 2].map(() => releaseMails(ids, really)));
  expect(both.map(codes)).toEqual([[], []]);
  expect(await subjectsTo(program, person)).toEqual(["Welcome"]);
  expect(await subjectsTo(program, other)).toEqual([second.preview!.subject]);
  expect(codes(await releaseMails(ids, really))).toEqual([]);
  expect(await subjectsTo(program, person)).toHaveLength(1);
  const sent = (await program.ses.mails()).find(({ to }) => to.includes(person.email))!;
  const raw = await PostalMime.parse((await program.ses.raw(sent.id))!);
  const [, url] = /(https?:\S+)/.exec(raw.text!)!;
  const said = ["Dear Held One,", "One.", `See your application:\n${url}`];
  const signature = "The CTO Mentor Program\nYou can answer this mail; a person reads it.";
  expect(raw.text!.trim()).toBe([...said, signature].join("\n\n"));
});

test("a single mail is held before its turn, called off for good, and kinds are listed with who holds them", async () => {
  program.ses.faults.set("throttle", { times: 1 });
  const person = someone("Called Off");
  await submitted(program, person, cohortId);
  const [waiting] = await mailsTo(person);
  const held = await act("messageHold", { messageId: waiting!.id, why: "Wait" });
  expect(held.message).toMatchObject({ state: "HELD", reason: "Held by staff: Wait" });
  await program.moveClock({ advance: "PT1H" });
  expect(await subjectsTo(program, person)).toEqual([]);
  expect((await act("messageCancel", { messageId: waiting!.id, why: "Twice" })).message!.state).toBe("CANCELLED");
  expect(codes(await act("messageCancel", { messageId: waiting!.id, why: "Twice" }))).toEqual(["WRONG_STATE"]);
  expect(codes(await act("messageHold", { messageId: waiting!.id, why: "Twice" }))).toEqual(["WRONG_STATE"]);

  await step(program, STAFF, "mailKindHold", { template: "decision-declined", why: "Wording" });
  const { mailKinds } = await program.ask<{ mailKinds: { id: string; hold: object | null }[] }>(
    STAFF,
    "{ mailKinds { id mailClass hold { why by { name } } history { nodes { type } } } }",
  );
  expect(mailKinds.filter(({ hold }) => hold !== null)).toEqual([
    {
      id: "decision-declined",
      mailClass: "REQUIRED",
      hold: { why: "Wording", by: { name: "Staff Test" } },
      history: { nodes: [{ type: "MailKindHeld" }] },
    },
  ]);
  expect(codes(await step(program, STAFF, "mailKindHold", { template: "decision-declined", why: "x" }))).toEqual([
    "UNCHANGED",
  ]);
  await step(program, STAFF, "mailKindFree", { template: "decision-declined", why: "Done" });
  const unknown = step(program, STAFF, "mailKindHold", { template: "nothing", why: "x" });
  await expect(unknown).rejects.toThrow("NOT_FOUND");
});

test("a mail that was wrong is corrected once, to the same mailbox", async () => {
  const person = someone("Corrected Person");
  await submitted(program, person, cohortId);
  const [mail] = await mailsTo(person);
  expect(mail).toMatchObject({ state: "DELIVERED", preview: null });
  const input = { messageId: mail!.id, text: "The session is on Friday.", idempotencyKey: "correct-one-1" };
  const both = await Promise.all([1, 2].map(() => act("messageCorrect", input)));
  expect(both.map(codes)).toEqual([[], []]);
  expect(codes(await act("messageCorrect", { ...input, idempotencyKey: "correct-one-2" }))).toEqual([
    "ALREADY_CORRECTED",
  ]);
  const subjects = await subjectsTo(program, person);
  expect(subjects).toHaveLength(2);
  expect(subjects[1]).toBe(`Correction: ${subjects[0]}`);
  const [correction] = await mailsTo(person);
  expect(
    codes(await act("messageCorrect", { ...input, messageId: correction!.id, idempotencyKey: "correct-one-3" })),
  ).toEqual(["WRONG_STATE"]);
});

test("mails to one person go out in the order of what they tell, and one that failed keeps nobody back", async () => {
  const person = someone("Ordered Person");
  const cohort = await newCohort();
  program.ses.faults.set("throttle", { times: 1 });
  const applicationId = await submitted(program, person, cohort);
  await program.settle();
  await prepare(program, applicationId);
  await release(program, cohort);
  await program.settle();
  // The receipt waits for SES; the decision waits for the receipt.
  expect(await outbox(program, "QUEUED", person)).toMatchObject([
    { template: "decision-accepted", attempts: 0 },
    { template: "application-received", attempts: 1 },
  ]);
  await program.moveClock({ advance: "PT1M" });
  expect((await subjectsTo(program, person)).map((subject) => subject.slice(0, 16))).toEqual([
    "We have received",
    "You are accepted",
  ]);

  const refused = someone("Refused First");
  program.ses.faults.set("reject", { times: 1 });
  await prepare(program, await submitted(program, refused, cohort));
  await program.settle();
  await release(program, cohort, "CANDIDATE", "release-refused-first");
  expect(await subjectsTo(program, refused)).toEqual([`You are accepted: Cohort ${cohorts}`]);
  expect(await outbox(program, "FAILED", refused)).toMatchObject([{ template: "application-received" }]);
});

test("a template that throws fails its mail alone, and says so to staff and in the log", async () => {
  const person = someone("Poison Person");
  const error = vi.spyOn(program.runtime.logger, "error");
  const write = vi.spyOn(personTemplates["address-confirm"]!, "write").mockImplementation(() => {
    throw new TypeError("Cannot read properties of undefined");
  });
  await step(program, person, "viewerEmailAdd", { email: "poison.home@example.net", kind: "PERSONAL" });
  await submitted(program, person, cohortId);
  await program.settle();
  write.mockRestore();
  const mails = await mailsTo(person);
  expect(mails.map(({ state, template, reason }) => [state, template, reason])).toEqual([
    ["DELIVERED", "application-received", null],
    ["FAILED", "address-confirm", "The mail could not be written: Cannot read properties of undefined"],
  ]);
  expect(error.mock.calls.map(([text]) => text)).toEqual(["A mail could not be written"]);
  error.mockRestore();

  // Of no template that there is, or of more bytes than SES takes.
  const { table } = program.runtime;
  const failed = messageFrom(await table.get(messageKey(parseGlobalId(mails[1]!.id)!.id)))!;
  const queued = { ...failed, state: "QUEUED", reason: null } as const;
  await table.commit(writeMessage({ ...queued, template: "no-such-mail" }));
  const [, unknown] = await mailsTo(person);
  expect(unknown).toMatchObject({
    state: "FAILED",
    reason: "What the mail is about, or whom it is for, is not there any more.",
  });
  const { version } = messageFrom(await table.get(messageKey(failed.id)))!;
  const body = "x".repeat(200_000);
  vi.spyOn(personTemplates["address-confirm"]!, "write").mockImplementationOnce(() => ({
    subject: "Large",
    blocks: Array.from({ length: 60 }, () => ({ kind: "paragraph", text: body }) as const),
  }));
  await table.commit(writeMessage({ ...queued, version }));
  const [, large] = await mailsTo(person);
  expect(large!.reason).toMatch(/^The mail has \d+ bytes: SES takes 10485760\.$/);
});

test("an address that bounced is unreachable until a mail arrives there, and mails go to another one meanwhile", async () => {
  const person = { name: "Bounce Person", email: "bounce.work@example.org" };
  await submitted(program, person, cohortId);
  await program.settle();
  const ask = async () => {
    const { unreachableAddresses: found } = await program.ask<{ unreachableAddresses: { nodes: object[] } }>(
      STAFF,
      "{ unreachableAddresses { nodes { person { name } mailsGoTo fix addresses { email unreachable { at reason } } } } }",
    );
    return found.nodes as { person: { name: string }; mailsGoTo: string | null; addresses: object[] }[];
  };
  const reason = "Permanent bounce: smtp; 550 5.1.1 user unknown";
  const dead = { email: person.email, unreachable: { at: expect.any(String), reason } };
  expect(await ask()).toMatchObject([{ person: { name: "Bounce Person" }, mailsGoTo: null, addresses: [dead] }]);
  expect(await mailsTo(person)).toMatchObject([{ state: "BOUNCED" }]);

  // The next mail goes nowhere, and says what to do.
  const [receipt] = await mailsTo(person);
  const cohort = await newCohort();
  const applicationId = await submitted(program, person, cohort);
  const [next] = await mailsTo(person);
  expect(next).toMatchObject({
    state: "FAILED",
    reason: `No address of this person can be reached (${reason}). Ask them for another one and add it to their account, or send this mail again once theirs works.`,
  });

  // With another confirmed address mails go there.
  await addEmail(program, person, "mended.home@example.net");
  expect(await ask()).toMatchObject([{ mailsGoTo: "mended.home@example.net" }]);
  await prepare(program, applicationId);
  await release(program, cohort);
  const home = { name: person.name, email: "mended.home@example.net" };
  expect(await subjectsTo(program, home)).toEqual([
    "Please confirm this e-mail address",
    "An e-mail address was added to your account",
    `You are accepted: Cohort ${cohorts}`,
  ]);
  expect(codes(await act("messageResend", { messageId: receipt!.id, idempotencyKey: "resend-bounce" }))).toEqual([]);
  expect((await subjectsTo(program, home)).at(-1)).toMatch(/^We have received/);

  // The person is told, confirms it anew, and is on no list any more.
  const own = "{ viewer { person { addresses { email unreachable { reason } } } } }";
  const { viewer } = await program.ask<{ viewer: { person: { addresses: object[] } } }>(home, own);
  expect(viewer.person.addresses[0]).toEqual({ email: person.email, unreachable: { reason } });
  expect(codes(await step(program, home, "viewerEmailAdd", { email: home.email, kind: "WORK" }))).toEqual([
    "EMAIL_OWN",
  ]);
  expect(codes(await step(program, home, "viewerEmailAdd", { email: person.email, kind: "WORK" }))).toEqual([]);
  const [token] = await tokensTo(program, person.email);
  expect(codes(await step(program, null, "emailConfirm", { token }))).toEqual([]);
  expect(await ask()).toEqual([]);
});

test("what was mailed about an application is one list, without what the viewer may not see", async () => {
  const person = someone("Asked About");
  const cohort = await newCohort();
  const applicationId = await submitted(program, person, cohort);
  await prepare(program, applicationId);
  await release(program, cohort);
  await program.settle();
  type Page = { messages: { nodes: object[]; pageInfo: { endCursor: string; hasNextPage: boolean } } };
  const query = `query($id: ID!, $after: String) { messages(applicationId: $id, first: 1, after: $after) {
    nodes { state template recipient { name } } pageInfo { endCursor hasNextPage } } }`;
  const first = (await program.ask<Page>(STAFF, query, { id: applicationId })).messages;
  const second = (await program.ask<Page>(STAFF, query, { id: applicationId, after: first.pageInfo.endCursor }))
    .messages;
  const recipient = { name: "Asked About" };
  expect([...first.nodes, ...second.nodes]).toEqual([
    { state: "DELIVERED", template: "decision-accepted", recipient },
    { state: "DELIVERED", template: "application-received", recipient },
  ]);
  expect([first.pageInfo.hasNextPage, second.pageInfo.hasNextPage]).toEqual([true, false]);

  for (const filter of ["", "(state: SENT, applicationId: $id)"]) {
    const bad = `query${filter ? "($id: ID!)" : ""} { messages${filter} { nodes { id } } }`;
    await expect(program.ask(STAFF, bad, { id: applicationId })).rejects.toThrow("BAD_FILTER");
  }

  // Whoever is recused finds nothing of it, by whatever way.
  const [mail] = await mailsTo(person);
  await committeeMember(program, OTHER_STAFF);
  await step(program, OTHER_STAFF, "recusalDeclare", { applicationId, why: "Conflict" });
  await expect(program.ask(OTHER_STAFF, query, { id: applicationId })).rejects.toThrow("NOT_FOUND");
  for (const [mutation, input] of [
    ["messageHold", { messageId: mail!.id, why: "x" }],
    ["messageCancel", { messageId: mail!.id, why: "x" }],
    ["messageCorrect", { messageId: mail!.id, text: "x", idempotencyKey: "recused-1" }],
  ] as const) {
    await expect(act(mutation, input, OTHER_STAFF)).rejects.toThrow("NOT_FOUND");
  }
  const dryRun = { dryRun: true, idempotencyKey: "recused-2" };
  await expect(releaseMails([mail!.id], dryRun, OTHER_STAFF)).rejects.toThrow("NOT_FOUND");
});

test("everything in the table fits together", async () => {
  expect(await checkInvariants(program)).toEqual([]);
});
