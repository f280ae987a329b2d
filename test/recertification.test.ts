import { expect, test } from "vitest";
import { readTable } from "./support/stored.ts";
import { checkInvariants } from "./support/invariants.ts";
import { someone, startProgram } from "./support/program.ts";
import { accepted, IN_WINDOW, issue, publishedCohort, subjectsTo, type Certificate } from "./support/steps.ts";
import { ticking } from "./support/ticking.ts";

const { realTime } = ticking(IN_WINDOW);
const program = await startProgram({ at: IN_WINDOW, realTime });
const west = await publishedCohort(program);
const east = await publishedCohort(program, { number: 2, name: "Eastern Cohort", zone: "America/New_York" });

type Holder = ReturnType<typeof someone>;

// Applications are taken in the window only, so all holders are accepted before the clock moves.
const holders = new Map<string, { holder: Holder; applicationId: string }>();
for (const [name, cohortId] of [
  ["Steps", west],
  ["Weekly", west],
  ["Western", west],
  ["Eastern", east],
  ["Twice", west],
  ["Outage", west],
  ["Leap", west],
  ["Grace", west],
  ["Beyond", west],
  ["Public", west],
] as const) {
  const holder = someone(`${name} Holder`);
  holders.set(name, { holder, applicationId: await accepted(program, holder, cohortId) });
}
const recipients = [...holders.values()].map(({ holder }) => holder.email);

async function certify(name: string, issuedOn?: string): Promise<Certificate & { holder: Holder }> {
  const { holder, applicationId } = holders.get(name)!;
  const certificate = await issue(program, applicationId, issuedOn);
  await program.settle();
  return { ...certificate, holder };
}

/** Recertification-due mails to somebody so far: the minute each was taken, and its subject. */
async function reminders({ email }: Holder): Promise<(readonly [minute: string, subject: string])[]> {
  const mails = await program.ses.mails();
  return mails
    .filter(({ to, subject }) => to.includes(email) && subject.startsWith("Recertification due"))
    .map(({ time, subject, to }) => {
      expect(to).toEqual([email]);
      return [time.slice(0, 16), subject] as const;
    });
}

/** Moves the clock to an instant; answers the recertification-due mails of that move as recipient and subject. */
async function moveTo(instant: string): Promise<string[]> {
  const { ran } = await program.moveClock({ to: instant });
  return ran.mails.flatMap(({ to, subject }) =>
    subject.startsWith("Recertification due") ? [`${to.join()}: ${subject}`] : [],
  );
}

const SUBJECTS = [
  "Recertification due in 180 days",
  "Recertification due in 90 days",
  "Recertification due in 60 days",
  "Recertification due in 30 days",
  "Recertification due in 7 days",
  "Recertification due: your certificate expires today",
];

test("three years in steps bring exactly the six mails, each at 8:00 in the cohort's zone and not a moment before", async () => {
  const { holder, ...certificate } = await certify("Steps");
  expect(certificate).toEqual({
    number: expect.stringMatching(/^CTOM-2027-[0-9A-HJKMNP-TV-Z]{6}$/),
    issuedOn: "2026-09-01",
    expiresOn: "2029-09-01",
    zone: "America/Los_Angeles",
  });
  // 8:00 is 16:00 UTC in winter and 15:00 UTC in summer.
  const steps = ["2029-03-05T16", "2029-06-03T15", "2029-07-03T15", "2029-08-02T15", "2029-08-25T15", "2029-09-01T15"];
  for (const [index, step] of steps.entries()) {
    const hour = Date.parse(`${step}:00:00.000Z`);
    expect(await moveTo(new Date(hour - 10_000).toISOString())).toEqual([]);
    expect(await moveTo(`${step}:00:00.000Z`)).toEqual([`${holder.email}: ${SUBJECTS[index]}`]);
  }
  for (let month = 1; month <= 4; month++) await program.moveClock({ advance: "P30D" });
  expect(await reminders(holder)).toEqual(steps.map((step, index) => [`${step}:00`, SUBJECTS[index]]));
  expect(await subjectsTo(program, holder)).toEqual([
    "We have received your application APP-2027-0001",
    "You are accepted: Cohort 2027",
    `Your certificate ${certificate.number}`,
    ...SUBJECTS,
  ]);

  const first = (await program.ses.mails()).find(
    ({ to, subject }) => to.includes(holder.email) && subject === SUBJECTS[0],
  )!;
  expect(first.date?.slice(0, 16)).toBe("2029-03-05T16:00");
  expect(first.text?.trim().split("\n\n")).toEqual([
    "Dear Steps Holder,",
    `Your certificate ${certificate.number} is valid through Saturday, September 1, 2029. Please file your renewal ` +
      "by then, with the hours of continuing education you have earned.",
    `Certificate: ${certificate.number}\nValid through: Saturday, September 1, 2029\n` +
      "Renewal can be filed until: Wednesday, October 31, 2029",
    `See your certificate:\n${program.url}/certificates/${certificate.number}`,
    "The CTO Mentor Program\nYou can answer this mail; a person reads it.",
  ]);
});

test("weekly steps bring six mails too, each with the true number of days left", async () => {
  const { holder, issuedOn, expiresOn } = await certify("Weekly");
  expect([issuedOn, expiresOn]).toEqual(["2029-12-30", "2032-12-30"]);
  for (let week = 0; week < 130; week += 13) await program.moveClock({ advance: "P91D" });
  expect(await reminders(holder)).toEqual([]);
  for (let week = 130; week <= 170; week++) await program.moveClock({ advance: "P7D" });
  // Sundays from 2032-06-27 on; the steps are on 07-03, 10-01, 10-31, 11-30, 12-23 and 12-30.
  expect(await reminders(holder)).toEqual([
    [expect.stringMatching(/^2032-07-04T/), "Recertification due in 179 days"],
    [expect.stringMatching(/^2032-10-03T/), "Recertification due in 88 days"],
    [expect.stringMatching(/^2032-10-31T/), "Recertification due in 60 days"],
    [expect.stringMatching(/^2032-12-05T/), "Recertification due in 25 days"],
    [expect.stringMatching(/^2032-12-26T/), "Recertification due in 4 days"],
    [expect.stringMatching(/^2033-01-02T/), "Recertification due: your certificate has expired"],
  ]);
});

test("certificates of two cohorts keep their own zones: the eastern holder is told three hours earlier", async () => {
  const western = await certify("Western", "2032-09-01");
  const eastern = await certify("Eastern", "2032-09-01");
  expect([western.zone, eastern.zone]).toEqual(["America/Los_Angeles", "America/New_York"]);
  expect([western.expiresOn, eastern.expiresOn]).toEqual(["2035-09-01", "2035-09-01"]);
  const toWest = (subject: string) => `${western.holder.email}: ${subject}`;
  const toEast = (subject: string) => `${eastern.holder.email}: ${subject}`;
  expect(await moveTo("2035-03-05T12:59:50.000Z")).toEqual([]);
  expect(await moveTo("2035-03-05T13:00:00.000Z")).toEqual([toEast(SUBJECTS[0]!)]);
  expect(await moveTo("2035-03-05T15:59:50.000Z")).toEqual([]);
  expect(await moveTo("2035-03-05T16:00:00.000Z")).toEqual([toWest(SUBJECTS[0]!)]);
  // The last day ends at midnight of each zone.
  for (const instant of ["2035-06-03T20:00:00Z", "2035-07-03T20:00:00Z", "2035-08-02T20:00:00Z"]) await moveTo(instant);
  expect((await moveTo("2035-08-25T12:00:00.000Z")).sort()).toEqual([toEast(SUBJECTS[4]!)]);
  expect(await moveTo("2035-08-25T15:00:00.000Z")).toEqual([toWest(SUBJECTS[4]!)]);
  expect(await moveTo("2035-09-02T03:59:50.000Z")).toHaveLength(2);
  expect([await statusOf(western.number), await statusOf(eastern.number)]).toEqual(["VALID", "VALID"]);
  await moveTo("2035-09-02T04:00:00.000Z");
  expect([await statusOf(western.number), await statusOf(eastern.number)]).toEqual(["VALID", "EXPIRED"]);
  await moveTo("2035-09-02T07:00:00.000Z");
  expect([await statusOf(western.number), await statusOf(eastern.number)]).toEqual(["EXPIRED", "EXPIRED"]);
  expect(await reminders(western.holder)).toHaveLength(6);
  expect(await reminders(eastern.holder)).toHaveLength(6);
});

test("due run twice at once, and again an hour later, sends each mail once", async () => {
  const { holder, expiresOn } = await certify("Twice", "2035-01-01");
  expect(expiresOn).toBe("2038-01-01");
  const steps = ["2037-07-05T15", "2037-10-03T15", "2037-11-02T16", "2037-12-02T16", "2037-12-25T16", "2038-01-01T16"];
  for (const [index, step] of steps.entries()) {
    program.clock.moveTo(`${step}:00:00.000Z`);
    await Promise.all([program.handlers.due({}), program.handlers.due({}), program.handlers.due({})]);
    await program.settle();
    program.clock.advance("PT1H");
    await Promise.all([program.handlers.due({}), program.handlers.due({})]);
    await program.settle();
    expect(await reminders(holder)).toHaveLength(index + 1);
  }
  expect((await reminders(holder)).map(([, subject]) => subject)).toEqual(SUBJECTS);
  const { records } = await readTable(program);
  const events = records<{ type: string; facts: { personId: string; daysBefore: number } }>("EVENT");
  const { viewer } = await program.ask<{ viewer: { person: { id: string } } }>(holder, "{ viewer { person { id } } }");
  const personId = Buffer.from(viewer.person.id, "base64url").toString().replace("Person:", "");
  const told = events.filter(({ type, facts }) => type === "RecertificationDue" && facts.personId === personId);
  expect(told.map(({ facts }) => facts.daysBefore).sort((a, b) => b - a)).toEqual([180, 90, 60, 30, 7, 0]);
});

test("an outage of three days across a step is caught up once, with the true number of days", async () => {
  const { holder, expiresOn } = await certify("Outage", "2037-06-01");
  expect(expiresOn).toBe("2040-06-01");
  expect(await moveTo("2039-12-03T15:59:50.000Z")).toEqual([]);
  // The step of 180 days is 2039-12-04; nothing runs until the 7th.
  expect(await moveTo("2039-12-07T16:00:00.000Z")).toEqual([`${holder.email}: Recertification due in 177 days`]);
  await program.runDue();
  expect(await moveTo("2039-12-10T16:00:00.000Z")).toEqual([]);
  // The next step stays where it was.
  expect(await moveTo("2040-03-03T15:59:50.000Z")).toEqual([]);
  expect(await moveTo("2040-03-03T16:00:00.000Z")).toEqual([`${holder.email}: Recertification due in 90 days`]);
  // Longer than the time between two steps: 60 and 30 days are missed, and one mail tells the truth.
  expect(await moveTo("2040-05-20T16:00:00.000Z")).toEqual([`${holder.email}: Recertification due in 12 days`]);
  expect(await moveTo("2040-05-25T15:00:00.000Z")).toEqual([`${holder.email}: Recertification due in 7 days`]);
  expect(await moveTo("2040-06-01T15:00:00.000Z")).toEqual([
    `${holder.email}: Recertification due: your certificate expires today`,
  ]);
  expect(await moveTo("2040-08-30T16:00:00.000Z")).toEqual([]);
});

test(
  "one leap of exactly three years: only the mail of the last day, because the five before would tell of days " +
    "that are over and several at once tell nothing more",
  async () => {
    const { holder, issuedOn, expiresOn } = await certify("Leap");
    expect([issuedOn, expiresOn]).toEqual(["2040-08-30", "2043-08-30"]);
    const { ran } = await program.moveClock({ advance: "P3Y" });
    expect(ran.mails.map(({ to, subject }) => [to, subject])).toEqual([
      [[holder.email], "Recertification due: your certificate expires today"],
    ]);
    await program.moveClock({ advance: "P61D" });
    expect(await reminders(holder)).toHaveLength(1);
  },
);

test(
  "one leap into the grace period: one mail that the certificate has expired, because a renewal can still be filed " +
    "for sixty days; on its last day too",
  async () => {
    const { holder, expiresOn } = await certify("Grace");
    expect(expiresOn).toBe("2046-10-30");
    // 2046-12-29 is the sixtieth day after; at 23:00 in Los Angeles it is the 30th in UTC.
    expect(await moveTo("2046-12-30T07:00:00.000Z")).toEqual([
      `${holder.email}: Recertification due: your certificate has expired`,
    ]);
    const { text } = (await program.ses.mails()).find(
      ({ to, subject }) => to.includes(holder.email) && subject.startsWith("Recertification due"),
    )!;
    expect(text).toContain("was valid through Tuesday, October 30, 2046. You can still file your renewal");
    expect(text).toContain("Renewal can be filed until: Saturday, December 29, 2046");
    await program.moveClock({ advance: "P1Y" });
    expect(await reminders(holder)).toHaveLength(1);
  },
);

test("one leap beyond the grace period: none, because nothing can be filed any more", async () => {
  const { holder, number, expiresOn } = await certify("Beyond");
  expect(expiresOn).toBe("2050-12-29");
  // Midnight of the sixty-first day after, in Los Angeles.
  expect(await moveTo("2051-02-28T08:00:00.000Z")).toEqual([]);
  await program.moveClock({ advance: "P1Y" });
  expect(await reminders(holder)).toEqual([]);
  expect(await subjectsTo(program, holder)).toHaveLength(3);
  expect(await statusOf(number)).toBe("EXPIRED");
});

test("anybody can check a certificate by its number, through its last day and after; nothing else is told", async () => {
  const { number } = await certify("Public", "2050-01-15");
  const query = `query($number: String!) { certificateVerification(number: $number) {
    number holderName status issuedOn expiresOn } }`;
  const verify = (asked: string) => program.ask<object>(null, query, { number: asked });
  const known = { number, holderName: "Public Holder", issuedOn: "2050-01-15", expiresOn: "2053-01-15" };
  await moveTo("2053-01-16T07:59:50.000Z");
  expect(await verify(number)).toEqual({ certificateVerification: { ...known, status: "VALID" } });
  await moveTo("2053-01-16T08:00:00.000Z");
  expect(await verify(number)).toEqual({ certificateVerification: { ...known, status: "EXPIRED" } });
  for (const unknown of ["CTOM-2027-000000", "", number.toLowerCase(), `${number} `, "CERTIFICATE#1", "A".repeat(41)]) {
    expect(await verify(unknown)).toEqual({ certificateVerification: null });
  }
  const fields = await program.ask<{ type: { fields: { name: string }[] } }>(
    null,
    `{ type: __type(name: "CertificateVerification") { fields { name } } }`,
  );
  expect(fields.type.fields.map(({ name }) => name).sort()).toEqual([
    "expiresOn",
    "holderName",
    "issuedOn",
    "number",
    "status",
  ]);
});

test("in all these years nobody else got a mail, and everything in the table fits together", async () => {
  const mails = await program.ses.mails();
  const due = mails.filter(({ subject }) => subject.startsWith("Recertification due"));
  expect([...new Set(due.flatMap(({ to }) => to))].sort()).toEqual(
    recipients.filter((email) => email !== "beyond.holder@example.org").sort(),
  );
  expect(await checkInvariants(program)).toEqual([]);
});

async function statusOf(number: string): Promise<string> {
  const { certificateVerification: found } = await program.ask<{ certificateVerification: { status: string } }>(
    null,
    "query($number: String!) { certificateVerification(number: $number) { status } }",
    { number },
  );
  return found.status;
}
