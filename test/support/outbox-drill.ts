import { writeCertificate } from "../../schema/certificate/certificate.table.ts";
import { writeCohort } from "../../schema/cohort/cohort.table.ts";
import type { ProgramEvent } from "../../schema/events.ts";
import type { Message } from "../../schema/message/message.ts";
import { writePerson } from "../../schema/person/person.table.ts";
import type { Person } from "../../schema/person/person.ts";
import { writeEvent, type Recorded } from "../../schema/shared/event.ts";
import { abreast } from "./abreast.ts";
import { startFaultProxy } from "./fault-proxy.ts";
import { startProgram } from "./program.ts";
import { readTable } from "./stored.ts";
import { afterwards } from "./afterwards.ts";
import { certificate, cohort, person } from "../rules/records.ts";

/** One message after the drill, and the times at which the mail endpoint took a mail of it, as places in its ledger. */
interface Fate {
  message: Message;
  taken: number[];
  /** Whether the mail endpoint took one and gave no answer. */
  wasSilent: boolean;
}

/** What a drill found. */
export interface DrillReport {
  fates: Fate[];
  /** Messages whose mail went nowhere, and of which nobody is told. */
  lost: Fate[];
  /** Taken twice: a mail that staff or a reminder's rule sent again, although SES gave neither answer nor report. */
  doubledInWindow: Fate[];
  /** Taken twice for any other reason. */
  doubledOtherwise: Fate[];
  /** Decisions and certificates whose fate nobody knows: staff decide. */
  held: Fate[];
  /** People whose mails were taken in another order than they were queued in. */
  outOfOrder: string[];
  throttled: number;
  unanswered: number;
}

const MAILS_EACH = 10;
const AT = "2026-09-01T16:00:00.000Z";

/**
 * Brings mails, ten for each of some people, half of them of a kind that is sent again when its fate is unknown and half of one that
 * is held, through a table that loses answers and is busy, a stream that repeats and mixes its records, and a mail endpoint that
 * throttles three of ten calls, leaves one of twenty without an answer and loses one report of five.
 */
export async function outboxDrill({ mails, seed }: { mails: number; seed: number }): Promise<DrillReport> {
  const proxies: Awaited<ReturnType<typeof startFaultProxy>>[] = [];
  const program = await startProgram({
    at: AT,
    seed,
    streamFaults: { duplicate: 0.2, shuffle: true, seed },
    streamRetryMilliseconds: 1,
    beforeTable: async (endpoint) => {
      const proxy = await startFaultProxy(endpoint, seed);
      afterwards(() => proxy.stop());
      proxies.push(proxy);
      return proxy.endpoint;
    },
  });
  const { runtime, ses } = program;
  const [proxy] = proxies;
  // So that a call without an answer is given up soon.
  const client = runtime.ses.config.requestHandler as { updateHttpClientConfig(name: string, to: number): void };
  client.updateHttpClientConfig("requestTimeout", 150);
  ses.faults.set("throttle", { share: 0.3 });
  ses.faults.set("hang", { share: 0.025 });
  ses.faults.set("acceptThenHang", { share: 0.025 });
  ses.faults.set("loseEvent", { share: 0.2 });
  ses.faults.set("duplicateEvent", { share: 0.2 });

  const people = await populate(runtime.table, mails / MAILS_EACH);
  for (const [operation, kind] of TROUBLE) proxy!.inject(operation, { kind, probability: 0.01 });
  const happened = eventsOf(people);
  await abreast(happened, 10, (event) => runtime.table.commit([writeEvent(event)]));
  for (let round = 0; round < MOST_ROUNDS; round++) {
    await settle();
    const waiting = (await messagesOf()).filter(({ state }) => state === "QUEUED" || state === "SENDING");
    if (round > 0 && waiting.length === 0) break;
    program.clock.advance("PT11M");
    while ((await program.handlers.due({})).more);
  }

  const fates = (await messagesOf()).map((message): Fate => {
    const lines = ses.ledger.map((line, place) => ({ ...line, place })).filter((line) => line.outboxId === message.id);
    const taken = lines.filter(({ outcome }) => outcome === "accepted");
    return {
      message,
      taken: taken.map(({ place }) => place),
      wasSilent: taken.some(({ answer }) => answer === "hung"),
    };
  });
  const doubled = fates.filter(({ taken }) => taken.length > 1);
  const isInWindow = ({ message, taken, wasSilent }: Fate) => message.isResent && wasSilent && taken.length === 2;
  return {
    fates,
    lost: fates.filter(({ message: { state }, taken }) => taken.length === 0 && state !== "HELD"),
    doubledInWindow: doubled.filter(isInWindow),
    doubledOtherwise: doubled.filter((fate) => !isInWindow(fate)),
    held: fates.filter(({ message: { state } }) => state === "HELD"),
    outOfOrder: people
      .map(({ id }) => id)
      .filter((id) => !isInOrder(fates.filter(({ message }) => message.personId === id))),
    throttled: ses.ledger.filter(({ answer }) => answer === "error Throttling").length,
    unanswered: ses.ledger.filter(({ answer }) => answer === "hung").length,
  };

  /** With patience for a busy machine; what SES reports may have something to follow from it, once more. */
  async function settle(): Promise<void> {
    for (let time = 0; time < 2; time++) {
      await program.stream.settle(600_000);
      await ses.settle();
    }
  }

  async function messagesOf(): Promise<Message[]> {
    return (await readTable(program)).records<Message>("MESSAGE");
  }
}

const MOST_ROUNDS = 60;

/** What goes wrong at the table, a hundredth of the requests each. */
const TROUBLE = [
  ["TransactWriteItems", "commitThenDrop"],
  ["TransactWriteItems", "conflict"],
  ["TransactWriteItems", "throttle"],
  ["GetItem", "throttle"],
  ["Query", "throttle"],
] as const;

async function populate(
  table: { commit: (writes: ReturnType<typeof writePerson>) => Promise<void> },
  size: number,
): Promise<Person[]> {
  const people = Array.from({ length: size }, (_, index) => {
    const email = `drill.${index}@example.org`;
    const addresses = [{ email, kind: "WORK" as const, verifiedAt: AT }];
    return person({ id: `per_drill${index}`, version: 0, email, addresses, roles: [] });
  });
  await table.commit(writeCohort(cohort({ version: 0 })));
  await abreast(people, 10, async (each) => {
    const { id } = each;
    await table.commit([
      ...writePerson(each, each),
      ...writeCertificate(certificate({ id: numberOf(id), version: 0, personId: id, applicationId: `app_1-c-${id}` })),
    ]);
  });
  return people;
}

const numberOf = (personId: string) => `CTOM-2027-${personId.replace("per_", "")}`;

function eventsOf(people: readonly Person[]): Recorded<ProgramEvent>[] {
  const base = { at: AT, actor: { kind: "PROGRAM" } } as const;
  return Array.from({ length: people.length * MAILS_EACH }, (_, index): Recorded<ProgramEvent> => {
    const { id: personId } = people[index % people.length]!;
    const id = `evt_${String(index).padStart(6, "0")}`;
    if (Math.floor(index / people.length) % 2 === 0) {
      return { ...base, id, type: "EmailPreferred", about: { kind: "Person", id: personId }, facts: { personId } };
    }
    const about = { kind: "Certificate", id: numberOf(personId) } as const;
    const applicationId = `app_1-c-${personId}`;
    const facts = { personId, applicationId, number: about.id };
    return { ...base, id, type: "CertificateIssued", about, facts };
  });
}

/** Whether what was taken was taken in the order it was queued in; what is held for staff keeps nobody back. */
function isInOrder(fates: readonly Fate[]): boolean {
  const sent = fates.filter(({ message, taken }) => message.state !== "HELD" && taken.length > 0);
  const queued = sent.toSorted((a, b) => (orderOf(a) < orderOf(b) ? -1 : 1));
  return queued.every(({ taken }, place) => place === 0 || queued[place - 1]!.taken[0]! < taken[0]!);
}

const orderOf = ({ message }: Fate) => `${message.queuedAt} ${message.id}`;
