import { createContext, runInContext } from "node:vm";
import { afterEach, expect, test, vi } from "vitest";
import { sendLane } from "../functions/mail/send.ts";
import { linkFrom, linkKey, writeLink } from "../schema/link/link.table.ts";
import { messageFrom, messageKey } from "../schema/message/message.table.ts";
import { parseGlobalId } from "../schema/shared/id.ts";
import type { Purpose } from "../schema/link/link.ts";
import type { Caller } from "../infra/local/caller.ts";
import { startFaultProxy, type FaultProxy } from "./support/fault-proxy.ts";
import { checkInvariants } from "./support/invariants.ts";
import { someone, startProgram, STAFF } from "./support/program.ts";
import { addEmail, idOf, IN_WINDOW, outbox, step, subjectsTo, tokensTo, type UserError } from "./support/steps.ts";
import { readTable } from "./support/stored.ts";
import { ticking } from "./support/ticking.ts";

// Everything that could be logged is.
process.env["POWERTOOLS_LOG_LEVEL"] = "DEBUG";
let logged = "";
const capture = (chunk: unknown) => {
  logged += String(chunk);
  return true;
};
vi.spyOn(process.stdout, "write").mockImplementation(capture);
vi.spyOn(process.stderr, "write").mockImplementation(capture);

let proxy!: FaultProxy;
const program = await startProgram({
  at: IN_WINDOW,
  quiet: false,
  realTime: ticking(IN_WINDOW).realTime,
  beforeTable: async (endpoint) => {
    proxy = await startFaultProxy(endpoint, 11);
    return proxy.endpoint;
  },
});
afterEach(async () => {
  await program.settle();
  program.ses.faults.clear();
  proxy.reset();
});

/** Asks to add an address; answers when the link is too old, and the codes of what stood in the way. */
async function add(caller: Caller, email: string): Promise<{ validUntil: string | null; userErrors: UserError[] }> {
  return step(program, caller, "viewerEmailAdd", { email, kind: "PERSONAL" }, "validUntil");
}

/** The code of what stood in the way, or the address that was confirmed. */
async function confirm(token: string | undefined, caller: Caller = null): Promise<string | null> {
  const { email, userErrors } = await step<{ email: string | null }>(
    program,
    caller,
    "emailConfirm",
    { token: token ?? "" },
    "email",
  );
  return userErrors[0]?.code ?? email;
}

async function addressesOf(caller: Caller): Promise<{ email: string; addresses: string[] }> {
  type Answer = { viewer: { person: { email: string; addresses: { email: string; kind: string }[] } } };
  const { viewer } = await program.ask<Answer>(caller, "{ viewer { person { email addresses { email kind } } } }");
  const { email, addresses } = viewer.person;
  return { email, addresses: addresses.map((address) => `${address.email} ${address.kind}`) };
}

const mailsTo = async (email: string) => {
  await program.settle();
  return (await program.ses.mails()).filter(({ to }) => to.includes(email));
};

test("an address is added, proved by the link that was sent to it, and signs in from then on", async () => {
  const person = someone("Way Person");
  const fresh = { name: "Way At Home", email: "way.home@example.net" };
  const answer = await add(person, " Way.Home@Example.Net ");
  expect(answer).toEqual({ validUntil: expect.stringMatching(/^2026-09-02T16:00:/), userErrors: [] });
  const [mail, ...others] = await mailsTo("way.home@example.net");
  expect(others).toEqual([]);
  expect(mail!.subject).toBe("Please confirm this e-mail address");
  expect(mail!.text).toContain("Way Person has asked to add this e-mail address");
  expect(mail!.text).not.toContain(person.email);
  expect(await addressesOf(person)).toEqual({ email: person.email, addresses: [`${person.email} WORK`] });

  const [token] = await tokensTo(program, "way.home@example.net");
  expect(await confirm(token)).toBe("way.home@example.net");
  expect(await addressesOf(person)).toEqual({
    email: person.email,
    addresses: [`${person.email} WORK`, "way.home@example.net PERSONAL"],
  });
  expect(await idOf(program, fresh)).toBe(await idOf(program, person));
  expect(await confirm(token)).toBe("LINK_USED");
  expect(await subjectsTo(program, person)).toEqual(["An e-mail address was added to your account"]);
  expect(await outbox(program, "DELIVERED", person)).toMatchObject([
    { template: "address-added", sentTo: person.email },
    { template: "address-confirm", sentTo: "way.home@example.net", attempts: 1, reason: null },
  ]);
});

test("the page that the mail links to sends what stands behind the # when the button is pressed", async () => {
  const person = someone("Page Person");
  await add(person, "page.home@example.net");
  const [mail] = await mailsTo("page.home@example.net");
  const url = new URL(/http\S+\/confirm-address#\S+/.exec(mail!.text!)![0]);
  const page = await (await fetch(url)).text();
  expect(page).toContain('<script src="/assets/confirm.js" defer>');
  const script = await (await fetch(`${program.url}/assets/confirm.js`)).text();
  const elements: Record<string, Record<string, unknown>> = { confirm: { hidden: true }, outcome: {} };
  let press: (() => Promise<void>) | undefined;
  elements["confirm"]!["addEventListener"] = (_: string, listener: () => Promise<void>) => (press = listener);
  const surroundings = {
    location: url,
    document: { getElementById: (id: string) => elements[id] },
    fetch: (path: string, init: RequestInit) => fetch(new URL(path, url), init),
  };
  runInContext(script, createContext(surroundings));
  expect(elements["confirm"]!["hidden"]).toBe(false);
  expect((await addressesOf(person)).addresses).toHaveLength(1);
  await press!();
  expect(elements["outcome"]!["textContent"]).toBe("Confirmed: page.home@example.net");
  expect((await addressesOf(person)).addresses).toHaveLength(2);
});

test("whether somebody else has an address is told to nobody but who reads its mails", async () => {
  const owner = someone("Claim Owner");
  await idOf(program, owner);
  const asker = someone("Claim Asker");
  const answers = [await add(asker, owner.email), await add(asker, "claim.free@example.net")];
  for (const { validUntil, userErrors } of answers) {
    expect([validUntil?.slice(0, 13), userErrors]).toEqual(["2026-09-02T16", []]);
  }
  const [taken, free] = [await mailsTo(owner.email), await mailsTo("claim.free@example.net")];
  const sameFor = ({ text }: { text: string | null }) => text?.replaceAll(/confirm-address#\S+/g, "");
  expect(taken.map(sameFor)).toEqual(free.map(sameFor));
  expect((await outbox(program, "DELIVERED", asker)).map(({ template }) => template)).toEqual([
    "address-confirm",
    "address-confirm",
  ]);
  const [token] = await tokensTo(program, owner.email);
  for (const _ of [1, 2]) expect(await confirm(token)).toBe("EMAIL_TAKEN");
  expect((await addressesOf(owner)).addresses).toHaveLength(1);
  expect((await addressesOf(asker)).addresses).toHaveLength(1);
  expect((await add(owner, owner.email.toUpperCase())).userErrors).toEqual([
    { code: "EMAIL_OWN", field: ["email"], message: "This address is among yours already." },
  ]);
});

test("of two people who want the same address exactly one gets it, and the other is told", async () => {
  const [one, two] = [someone("Both One"), someone("Both Two")];
  await Promise.all([add(one, "both@example.net"), add(two, "both@example.net")]);
  const tokens = await tokensTo(program, "both@example.net");
  expect(tokens).toHaveLength(2);
  const outcomes = await Promise.all(tokens.map((token) => confirm(token)));
  expect(outcomes.map(String).toSorted()).toEqual(["EMAIL_TAKEN", "both@example.net"]);
  const counts = [(await addressesOf(one)).addresses.length, (await addressesOf(two)).addresses.length];
  expect(counts.map(String).toSorted()).toEqual(["1", "2"]);
});

test("a link that is used twice at once is used once", async () => {
  const person = someone("Double Person");
  await add(person, "double@example.net");
  const [token] = await tokensTo(program, "double@example.net");
  const outcomes = await Promise.all([1, 2, 3].map(() => confirm(token)));
  expect(outcomes.map(String).toSorted()).toEqual(["LINK_USED", "LINK_USED", "double@example.net"]);
  expect((await addressesOf(person)).addresses).toHaveLength(2);
});

test("an answer that was lost does not use the link up", async () => {
  const person = someone("Lost Person");
  await add(person, "lost@example.net");
  const [token] = await tokensTo(program, "lost@example.net");
  proxy.inject("TransactWriteItems", { kind: "commitThenDrop", times: 1 });
  expect(await confirm(token)).toBe("lost@example.net");
  expect((await addressesOf(person)).addresses).toHaveLength(2);
});

test("without the very secret a link is unknown, whatever it is", async () => {
  const person = someone("Guess Person");
  await add(person, "guess@example.net");
  const [token = ""] = await tokensTo(program, "guess@example.net");
  const [id = "", secret = ""] = token.split(".");
  const other = `${secret[0] === "A" ? "B" : "A"}${secret.slice(1)}`;
  const wrong = [
    `${id}.${other}`,
    `${id}.`,
    id,
    secret,
    `${id}.${secret}x`,
    `${id.toLowerCase()}.${secret}`,
    `lnk_00000000000000000000000000.${secret}`,
    "",
    "__proto__",
    "a#b",
    "x".repeat(100_000),
  ];
  for (const guess of wrong) expect(await confirm(guess)).toBe("LINK_UNKNOWN");
  const say = async (guess: string) => (await step(program, null, "emailConfirm", { token: guess })).userErrors;
  expect(await say(wrong[0]!)).toEqual([
    {
      code: "LINK_UNKNOWN",
      field: ["token"],
      message: "This link is not valid: please use the whole link from the mail.",
    },
  ]);

  // Of another purpose, with the right secret.
  const stored = linkFrom(await program.runtime.table.get(linkKey(id)))!;
  await program.runtime.table.commit(writeLink({ ...stored, purpose: "ANOTHER" as Purpose }));
  expect(await say(token)).toEqual(await say(wrong[0]!));
  await program.runtime.table.commit(writeLink({ ...stored, version: stored.version + 1 }));
  expect(await confirm(token)).toBe("guess@example.net");
});

test("a newer request takes the earlier link's place, to the same address alone", async () => {
  const person = someone("Newer Person");
  await add(person, "newer@example.net");
  await add(person, "newer.other@example.net");
  // The first mail is out before its link is replaced; one that waits would be cancelled instead.
  await program.settle();
  await add(person, "newer@example.net");
  const [first, second] = await tokensTo(program, "newer@example.net");
  const [other] = await tokensTo(program, "newer.other@example.net");
  expect(await confirm(first)).toBe("LINK_REVOKED");
  expect(await confirm(other)).toBe("newer.other@example.net");
  expect(await confirm(second)).toBe("newer@example.net");
});

test("a mail whose link was replaced before its turn is cancelled", async () => {
  const person = someone("Replaced Person");
  program.ses.faults.set("throttle", { times: 1 });
  await add(person, "replaced@example.net");
  await program.settle();
  await add(person, "replaced@example.net");
  await program.moveClock({ advance: "PT1M" });
  expect(await outbox(program, "CANCELLED", person)).toMatchObject([
    { template: "address-confirm", reason: "A newer link took the place of the one in this mail." },
  ]);
  expect(await mailsTo("replaced@example.net")).toHaveLength(1);
  // The secret of the try that was throttled was never seen by anybody: one link, one mail.
  expect(await tokensTo(program, "replaced@example.net")).toHaveLength(1);
});

test("a link that is taken back in the moment its mail goes out is not sent", async () => {
  const person = someone("Moment Person");
  program.ses.faults.set("throttle", { times: 1 });
  await add(person, "moment@example.net");
  await program.settle();
  const [waiting] = await outbox(program, "QUEUED", person);
  program.clock.advance("PT1M");
  const { table } = program.runtime;
  let isFirst = true;
  const commit: typeof table.commit = async (writes) => {
    if (isFirst) {
      isFirst = false;
      await add(person, "moment@example.net");
    }
    await table.commit(writes);
  };
  await sendLane(
    { ...program.runtime, table: { ...table, commit } },
    messageFrom(await table.get(messageKey(parseGlobalId(waiting!.id)!.id)))!,
    async () => true,
  );
  expect(await outbox(program, "CANCELLED", person)).toMatchObject([
    { attempts: 1, reason: "A newer link took the place of the one in this mail." },
  ]);
  expect(await confirm((await tokensTo(program, "moment@example.net"))[0])).toBe("moment@example.net");
});

test("a mail that is sent again carries another secret, and the one before still counts", async () => {
  const person = someone("Again Person");
  program.ses.faults.set("loseEvent", { share: 1 });
  program.ses.faults.set("acceptThenDrop", { times: 1 });
  await add(person, "again@example.net");
  await program.settle();
  expect(await outbox(program, "SENDING", person)).toHaveLength(1);
  await program.moveClock({ advance: "PT11M" });
  const tokens = await tokensTo(program, "again@example.net");
  expect(tokens).toHaveLength(2);
  expect(tokens[0]!.split(".")[0]).toBe(tokens[1]!.split(".")[0]);
  expect(tokens[0]).not.toBe(tokens[1]);
  expect(await confirm(tokens[0])).toBe("again@example.net");
  expect(await confirm(tokens[1])).toBe("LINK_USED");
});

test("a mail that failed is sent again by staff with a secret that works", async () => {
  const person = someone("Failed Person");
  program.ses.faults.set("reject", { times: 1 });
  await add(person, "failed@example.net");
  await program.settle();
  const [failed] = await outbox(program, "FAILED", person);
  expect(failed).toMatchObject({ template: "address-confirm", sentTo: "failed@example.net" });
  expect(await tokensTo(program, "failed@example.net")).toEqual([]);
  const input = { messageId: failed!.id, idempotencyKey: "resend-failed-address" };
  expect((await step(program, STAFF, "messageResend", input)).userErrors).toEqual([]);
  const [token] = await tokensTo(program, "failed@example.net");
  expect(await confirm(token)).toBe("failed@example.net");
});

test("a table that fails between making the secret and sending leaves one mail whose link works", async () => {
  for (const [index, kind] of (["commitThenDrop", "serverError", "conflict"] as const).entries()) {
    const person = someone(`Fault Person ${index}`);
    const email = `fault.${index}@example.net`;
    await idOf(program, person);
    // Not the request's own transaction: the first one that follows from it.
    await add(person, email);
    proxy.inject("TransactWriteItems", { kind, times: 2 });
    await program.settle();
    proxy.reset();
    await program.moveClock({ advance: "PT11M" });
    const tokens = await tokensTo(program, email);
    expect(tokens).toHaveLength(1);
    expect(await confirm(tokens[0])).toBe(email);
  }
});

test("no secret is in the table, in the outbox or in a log", async () => {
  const { items } = await readTable(program);
  const everything = JSON.stringify(items);
  const mails = await program.ses.mails();
  const secrets = mails.flatMap(({ text }) => /#lnk_\w+\.(\S+)/.exec(text ?? "")?.[1] ?? []);
  expect(secrets.length).toBeGreaterThan(15);
  expect(new Set(secrets).size).toBe(secrets.length);
  expect(secrets.filter((secret) => secret.length !== 43)).toEqual([]);
  expect(secrets.filter((secret) => everything.includes(secret))).toEqual([]);
  expect(logged).toContain("SES did not answer");
  expect(secrets.filter((secret) => logged.includes(secret))).toEqual([]);
  // Nor an address that was never confirmed, but where it is needed: the link, and the mail that went there.
  const events = JSON.stringify(items.filter(({ entity }) => entity === "EVENT"));
  expect(events).not.toContain("@example.");
});

test("an expired link says so for a week, then it is gone with its address", async () => {
  const person = someone("Expired Person");
  await add(person, "expired@example.net");
  const [token] = await tokensTo(program, "expired@example.net");
  await program.moveClock({ advance: "P1D" });
  expect(await confirm(token)).toBe("LINK_EXPIRED");
  await program.moveClock({ advance: "P7D" });
  expect(await confirm(token)).toBe("LINK_UNKNOWN");
});

test("five requests a day and no more, then again a day after the first", async () => {
  const person = someone("Eager Person");
  for (const number of [1, 2, 3, 4, 5])
    expect((await add(person, `eager.${number}@example.net`)).userErrors).toEqual([]);
  const refused = await add(person, "eager.6@example.net");
  expect(refused).toEqual({
    validUntil: null,
    userErrors: [
      {
        code: "TOO_MANY",
        field: null,
        message: expect.stringMatching(
          /^This was asked for too often today: please try again after \w+, September \d+, 2026 at [\d:]+ PM UTC\.$/,
        ),
      },
    ],
  });
  expect(await mailsTo("eager.6@example.net")).toEqual([]);
  // At once they are counted too.
  const hasty = someone("Hasty Person");
  await idOf(program, hasty);
  const answers = await Promise.all([1, 2].map((number) => add(hasty, `hasty.${number}@example.net`)));
  expect(answers.map(({ userErrors }) => userErrors)).toEqual([[], []]);
  await program.moveClock({ advance: "P1D" });
  expect((await add(person, "eager.6@example.net")).userErrors).toEqual([]);
});

test("a person has at most five addresses, also when more links were sent", async () => {
  const person = someone("Rich Person");
  const emails = [1, 2, 3, 4, 5].map((number) => `rich.${number}@example.net`);
  for (const email of emails) await add(person, email);
  const outcomes: (string | null)[] = [];
  for (const email of emails) outcomes.push(await confirm((await tokensTo(program, email))[0]));
  expect(outcomes).toEqual([...emails.slice(0, 4), "TOO_MANY_ADDRESSES"]);
  await program.moveClock({ advance: "P1D" });
  expect((await add(person, "rich.6@example.net")).userErrors).toEqual([
    { code: "TOO_MANY_ADDRESSES", field: null, message: "There are 5 addresses already: please remove one first." },
  ]);
});

test("what is no address is refused", async () => {
  const person = someone("Bad Person");
  const bad = [
    "",
    "a",
    "a@b",
    "a b@example.org",
    "a@b@example.org",
    "a#b@example.org",
    "a@example.org\nBcc: b@example.org",
  ];
  const hidden = ["a,b@example.org", "<a@example.org>", '"a"@example.org', "ä@example.org", "a\u0000@example.org"];
  for (const email of [...bad, ...hidden, `${"a".repeat(65)}@example.org`, `a@${"b".repeat(180)}.org`]) {
    expect((await add(person, email)).userErrors.map(({ code, field }) => [code, field])).toEqual([
      ["BAD_EMAIL", ["email"]],
    ]);
  }
});

test("another address is preferred, the one before is told even when it is given up at once, and can be claimed anew", async () => {
  const person = someone("Moving Person");
  await addEmail(program, person, "moving.home@example.net");
  const prefer = (email: string) => step(program, person, "viewerEmailPrefer", { email });
  const remove = (email: string) => step(program, person, "viewerEmailRemove", { email });
  expect((await remove(person.email)).userErrors.map(({ code }) => code)).toEqual(["EMAIL_PREFERRED"]);
  for (const change of [prefer, remove]) {
    expect((await change("moving.nowhere@example.net")).userErrors.map(({ code }) => code)).toEqual(["EMAIL_UNKNOWN"]);
  }

  expect((await prefer("Moving.Home@example.net")).userErrors).toEqual([]);
  expect((await remove(person.email)).userErrors).toEqual([]);
  const moved = { ...person, email: "moving.home@example.net" };
  const personId = await idOf(program, moved);
  await program.settle();
  const before = await readTable(program);
  const again = await step(program, moved, "viewerEmailPrefer", { email: "moving.home@example.net" });
  expect(again.userErrors).toEqual([]);
  expect((await readTable(program)).items).toHaveLength(before.items.length);
  expect(await subjectsTo(program, person)).toEqual([
    "An e-mail address was added to your account",
    "Our mails to you go to another address from now on",
  ]);
  const [, told] = await mailsTo(person.email);
  expect(told!.text).not.toContain("moving.home@example.net");

  // The address is free for whoever proves it, and whoever reads its mails is somebody else, whatever account they come with.
  expect(await addressesOf(moved)).toEqual({
    email: "moving.home@example.net",
    addresses: ["moving.home@example.net PERSONAL"],
  });
  const successor = someone("Moving Successor");
  await addEmail(program, successor, person.email, "WORK");
  expect((await addressesOf(successor)).addresses).toEqual([`${successor.email} WORK`, `${person.email} WORK`]);
  expect(await idOf(program, moved)).toBe(personId);
  expect(await idOf(program, person)).toBe(await idOf(program, successor));
});

test("a notice that has to be sent again still goes to the address before", async () => {
  const person = someone("Notice Person");
  await addEmail(program, person, "notice.home@example.net");
  program.ses.faults.set("reject", { times: 1 });
  await step(program, person, "viewerEmailPrefer", { email: "notice.home@example.net" });
  await program.settle();
  const [failed] = await outbox(program, "FAILED", { ...person, email: "notice.home@example.net" });
  expect(failed).toMatchObject({ template: "address-changed", sentTo: person.email });
  await step(program, STAFF, "messageResend", { messageId: failed!.id, idempotencyKey: "resend-notice" });
  expect(await subjectsTo(program, person)).toEqual([
    "An e-mail address was added to your account",
    "Our mails to you go to another address from now on",
  ]);
  const stored = messageFrom(await program.runtime.table.get(messageKey(parseGlobalId(failed!.id)!.id)))!;
  expect([stored.state, stored.to, stored.sentTo]).toEqual(["DELIVERED", person.email, person.email]);
});

test("an address is labelled as one's own or the job's", async () => {
  const person = someone("Label Person");
  const label = (kind: string) => step(program, person, "viewerEmailLabel", { email: person.email, kind });
  expect((await label("PERSONAL")).userErrors).toEqual([]);
  expect((await label("PERSONAL")).userErrors).toEqual([]);
  expect((await addressesOf(person)).addresses).toEqual([`${person.email} PERSONAL`]);
});

test("staff add an address in somebody's name with a reason, and it still has to be proved", async () => {
  const person = someone("Helped Person");
  const personId = await idOf(program, person);
  const wish = { personId, email: "helped.new@example.net", kind: "WORK" };
  const ask = (input: object) => step(program, STAFF, "personEmailAdd", { ...wish, why: "Lost the mailbox", ...input });
  expect((await ask({ why: " ", email: "none" })).userErrors.map(({ code, field }) => [code, field])).toEqual([
    ["REQUIRED", ["why"]],
    ["BAD_EMAIL", ["email"]],
  ]);
  expect((await ask({})).userErrors).toEqual([]);
  expect((await addressesOf(person)).addresses).toHaveLength(1);
  const [mail] = await mailsTo("helped.new@example.net");
  expect(mail!.text).toContain("The program's staff have asked to add this e-mail address");
  expect(mail!.text).toContain("Account: Helped Person");
  await confirm((await tokensTo(program, "helped.new@example.net"))[0]);
  expect(await idOf(program, { name: "Helped", email: "helped.new@example.net" })).toBe(personId);

  type Entry = {
    type: string;
    why: string | null;
    before: string | null;
    after: string | null;
    actor: { name: string } | null;
  };
  const { node } = await program.ask<{ node: { history: { nodes: Entry[] } } }>(
    STAFF,
    `query($id: ID!) { node(id: $id) { ... on Person { history { nodes { type why before after actor { name } } } } } }`,
    { id: personId },
  );
  expect(node.history.nodes.slice(0, 3)).toEqual([
    { type: "PersonLinked", why: null, before: null, after: null, actor: { name: "Helped Person" } },
    { type: "EmailConfirmed", why: null, before: null, after: '{"kind":"WORK"}', actor: null },
    {
      type: "EmailAdded",
      why: "Lost the mailbox",
      before: null,
      after: '{"kind":"WORK"}',
      actor: { name: "Staff Test" },
    },
  ]);
});

test("everything in the table fits together, but for the mails of which SES reported nothing", async () => {
  const wrong = await checkInvariants(program);
  expect(wrong.map((sentence) => sentence.replaceAll(/msg_\w+-|-\w{26}/g, ""))).toEqual([
    "address-confirm is SENT and was accepted 2 times",
  ]);
});
