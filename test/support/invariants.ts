import { isDeepStrictEqual } from "node:util";
import { applicationKey, writeApplication, writeNewApplication } from "../../schema/application/application.table.ts";
import { TRANSITIONS } from "../../schema/application/application.ts";
import type { Application } from "../../schema/application/application.ts";
import { writeCertificate } from "../../schema/certificate/certificate.table.ts";
import type { Certificate } from "../../schema/certificate/certificate.ts";
import { seatsFrom, seatsKey, writeCohort, writeNewCohort } from "../../schema/cohort/cohort.table.ts";
import type { Cohort } from "../../schema/cohort/cohort.ts";
import { writeReleased } from "../../schema/decision/decision.table.ts";
import { ACTION_OF, ranksOf } from "../../schema/decision/decision.ts";
import type { Decision } from "../../schema/decision/decision.ts";
import { writeRelease } from "../../schema/decision/release.table.ts";
import type { Release } from "../../schema/decision/release.ts";
import type { ProgramEvent } from "../../schema/events.ts";
import { writeFile } from "../../schema/file/file.table.ts";
import type { StoredFile } from "../../schema/file/file.ts";
import { writeIssued, writeLink } from "../../schema/link/link.table.ts";
import type { Issued, Link } from "../../schema/link/link.ts";
import { messagesOf } from "../../schema/mails.ts";
import { writeMailKind } from "../../schema/message/kind.table.ts";
import type { MailKind } from "../../schema/message/kind.ts";
import { mailedItem, placeOf, writeMessage } from "../../schema/message/message.table.ts";
import { isInLane } from "../../schema/message/message.ts";
import type { Message } from "../../schema/message/message.ts";
import { claimItem, staffCountKey, writePerson } from "../../schema/person/person.table.ts";
import { idsOf } from "../../schema/person/person.ts";
import type { Person } from "../../schema/person/person.ts";
import { isLastingStaff } from "../../schema/person/role.ts";
import { writeServiceToken } from "../../schema/service-token/service-token.table.ts";
import type { ServiceToken } from "../../schema/service-token/service-token.ts";
import { writeErasure } from "../../schema/privacy/erasure.table.ts";
import type { Erasure } from "../../schema/privacy/erasure.ts";
import { eventFrom, writeEvent } from "../../schema/shared/event.ts";
import type { Recorded } from "../../schema/shared/event.ts";
import { recordOf } from "../../schema/shared/keys.ts";
import type { Entity, Item } from "../../schema/shared/keys.ts";
import { daysBetween } from "../../schema/shared/time.ts";
import type { Write } from "../../schema/shared/write.ts";
import type { LedgerLine } from "../../infra/local/ses.ts";
import type { Program } from "./program.ts";
import { readTable } from "./stored.ts";
import type { Stored } from "./stored.ts";

type Happened = Recorded<ProgramEvent>;

/**
 * What must hold whatever happened, looked at once everything has had its consequences. Answers one sentence for each
 * thing that does not hold; an empty list means that all is well.
 */
export async function checkInvariants(program: Program): Promise<string[]> {
  await program.settle();
  const stored = await readTable(program);
  return [
    ...wrongItems(stored),
    ...wrongClaims(stored),
    ...wrongSeats(stored),
    ...wrongDecisions(stored),
    ...wrongHistory(stored),
    ...wrongOutbox(stored),
    ...wrongLedger(stored, program.ses.ledger),
    ...wrongFiles(stored, await program.files.keys()),
  ];
}

/** How each kind of record would be saved again. Claims, counters and kept answers have no index attributes. */
const SAVED: Partial<Record<Entity, (item: Item) => readonly Write[]>> = {
  PERSON: (item) => writePerson(recordOf<Person>(item), recordOf<Person>(item)),
  COHORT: (item) => writeCohort(recordOf<Cohort>(item)),
  APPLICATION: (item) => writeApplication(recordOf<Application>(item)),
  DECISION: (item) => writeReleased(recordOf<Decision>(item), recordOf<Decision>(item)),
  MAIL_KIND: (item) => writeMailKind(recordOf<MailKind>(item)),
  RELEASE: (item) => writeRelease(recordOf<Release>(item)),
  CERTIFICATE: (item) => writeCertificate(recordOf<Certificate>(item)),
  SERVICE_TOKEN: (item) => writeServiceToken(recordOf<ServiceToken>(item)),
  MESSAGE: (item) => writeMessage(recordOf<Message>(item)),
  FILE: (item) => writeFile(recordOf<StoredFile>(item)),
  LINK: (item) => writeLink(recordOf<Link>(item)),
  LINKS: (item) => writeIssued(recordOf<Issued>(item)),
  ERASURE: (item) => writeErasure(recordOf<Erasure>(item)),
  EVENT: (item) => [writeEvent(eventFrom(item))],
};

/** Keys, kind and index attributes are what saving the record again would make of them. */
function wrongItems({ items }: Stored): string[] {
  return items.flatMap((item) => {
    const saved = SAVED[item.entity]?.(item)[0];
    if (saved === undefined && "personId" in item && item.entity === "CLAIM") {
      const again = claimItem(item, item["personId"] as string);
      return isDeepStrictEqual(again, item) ? [] : [`${nameOf(item)} would be claimed otherwise`];
    }
    if (saved === undefined) {
      return "byWhoPk" in item || "byListPk" in item || "byDuePk" in item ? [`${nameOf(item)} is in an index`] : [];
    }
    if (saved.kind !== "put") return [`${nameOf(item)} is not saved whole`];
    const again = { ...saved.item, ...(item.version !== undefined && { version: item.version }) };
    return isDeepStrictEqual(again, item) ? [] : [`${nameOf(item)} would be saved otherwise`];
  });
}

/** Every claim belongs to the record that made it, and every record has its claims. */
function wrongClaims(stored: Stored): string[] {
  const wanted = [
    ...stored.records<Application>("APPLICATION").flatMap((application) => writeNewApplication(application)[1]!),
    ...stored.records<Cohort>("COHORT").flatMap((cohort) => writeNewCohort(cohort)[1]!),
  ];
  const lost = wanted.filter(({ key: { pk, sk } }) => stored.find(pk, sk) === undefined);
  const claims = stored.items.filter(({ entity }) => entity === "CLAIM");
  const idle = claims.filter((claim) => !isHeld(claim, stored));
  const people = stored.records<Person>("PERSON").filter(({ state }) => state === "ACTIVE");
  const unclaimed = people.flatMap((person) => {
    const { email, addresses } = person;
    const holder = (address: string) => stored.find(`CLAIM#EMAIL#${address}`, "CLAIM")?.["personId"] as string;
    const all = addresses.map((address) => address.email);
    const stray = email === "" || all.includes(email) ? [] : [email];
    return all.filter((address) => !idsOf(person).includes(holder(address))).concat(stray);
  });
  const lasting = people.filter((person) => isLastingStaff(person)).length;
  const counted = (stored.find(staffCountKey.pk, staffCountKey.sk)?.["counted"] as number | undefined) ?? 0;
  return [
    ...lost.map(({ key: { pk } }) => `${pk} is missing`),
    ...idle.map((claim) => `${nameOf(claim)} is claimed for nothing`),
    ...unclaimed.map((address) => `The address ${address} is not claimed, or not among the person's`),
    ...(lasting === counted ? [] : [`${lasting} people are lasting staff, and ${counted} are counted`]),
  ];
}

function isHeld(claim: Item, { find }: Stored): boolean {
  const { personId, cohortId, applicationId } = claim as Item & Record<string, string | undefined>;
  if (personId !== undefined) {
    let person = recordOf<Person>(find(`PERSON#${personId}`, "PERSON"));
    while (person?.mergedInto) person = recordOf<Person>(find(`PERSON#${person.mergedInto}`, "PERSON"));
    const [, email] = /^CLAIM#EMAIL#(.*)$/.exec(claim.pk) ?? [];
    return (
      person?.state === "ACTIVE" && (email === undefined || person.addresses.some((address) => address.email === email))
    );
  }
  if (cohortId !== undefined) return find(`COHORT#${cohortId}`, "COHORT") !== undefined;
  if (applicationId === undefined) return false;
  if (!claim.sk.startsWith("WAITLIST#")) return find(`APPLICATION#${applicationId}`, "APPLICATION") !== undefined;
  const decision = recordOf<Decision>(find(`APPLICATION#${applicationId}`, "DECISION"));
  return decision !== undefined && ranksOf(decision).has(Number(claim.sk.split("#").at(-1)));
}

/** Seats taken are the seats that decisions hold, and never more than there are. */
function wrongSeats(stored: Stored): string[] {
  const decisions = stored.records<Decision>("DECISION");
  return stored.records<Cohort>("COHORT").flatMap(({ id, seats }) => {
    const { pk, sk } = seatsKey(id);
    const taken = seatsFrom(stored.find(pk, sk));
    const held = decisions.filter((decision) => decision.cohortId === id && decision.holdsSeat).length;
    if (taken === held && taken <= seats) return [];
    return [`${id} counts ${taken} of ${seats} seats taken, and ${held} decisions hold one`];
  });
}

/** A decision says what its application says, holds what it must, and no finished release is left open. */
function wrongDecisions(stored: Stored): string[] {
  const wrong = stored.records<Decision>("DECISION").filter((decision) => {
    const { pk, sk } = applicationKey(decision.id);
    const application = recordOf<Application>(stored.find(pk, sk));
    if (application === undefined) return true;
    const { state, outcome, kind, rank, holdsSeat } = decision;
    const stands = state !== "CANCELLED";
    if (holdsSeat !== (stands && outcome === "ACCEPT" && kind === "CANDIDATE")) return true;
    if ((rank !== null) !== (stands && outcome === "WAITLIST")) return true;
    for (const kept of ranksOf(decision)) {
      if (stored.find(...waitlistKey(decision, kept))?.["applicationId"] !== decision.id) return true;
    }
    if (state === "RELEASED") return application.state !== STATE_OF[outcome];
    return state === "PREPARED" && TRANSITIONS[application.state][ACTION_OF[outcome]] === undefined;
  });
  const open = stored
    .records<Release>("RELEASE")
    .filter(({ state, resumesAt }) => (state === "DONE") !== (resumesAt === null));
  return [...wrong, ...open].map(({ id, state }) => `${id} does not fit what is around it (${state})`);
}

const STATE_OF = { ACCEPT: "ACCEPTED", WAITLIST: "WAITLISTED", DECLINE: "DECLINED" } as const;

function waitlistKey({ cohortId, kind }: Decision, rank: number): [string, string] {
  return [`COHORT#${cohortId}`, `WAITLIST#${kind}#${String(rank).padStart(3, "0")}`];
}

interface Written {
  id: string;
  version: number;
  events: number;
  /** How many changes may have happened without an event. */
  silent?: number;
}

/** Every change has exactly one event, and the states before and after join to one way through. */
function wrongHistory(stored: Stored): string[] {
  const events = stored.records<Happened>("EVENT");
  const count = (id: string, ...types: ProgramEvent["type"][]) =>
    events.filter(({ type, about }) => about.id === id && types.includes(type)).length;
  const records: Written[] = [
    ...stored.records<Person>("PERSON").map(({ id, version }) => {
      const silent = count(
        id,
        "PersonLinked",
        "EmailAdded",
        "LinkIssued",
        "LinkUsed",
        "LinkRevoked",
        "ErasureRequested",
      );
      const own = events.filter(({ about }) => about.kind === "Person" && about.id === id).length - silent;
      const recusals = events.filter(
        (event) => (event.type === "MemberRecused" || event.type === "RecusalLifted") && event.facts.personId === id,
      );
      return { id, version, events: own + recusals.length };
    }),
    ...stored.records<Cohort>("COHORT").map(({ id, version }) => {
      return { id, version, events: count(id, "CohortCreated", "CohortChanged", "CohortPublished") };
    }),
    ...stored.records<Application>("APPLICATION").map((application) => {
      const { id, version } = application;
      const isCertified = "certificateNumber" in application;
      const own = events.filter(({ about }) => about.id === id && about.kind === "Application");
      return { id, version, events: own.length + (isCertified ? 1 : 0), silent: movedWindows(events, application) };
    }),
    ...stored.records<Decision>("DECISION").map(({ id, version }) => {
      const counted = count(
        id,
        "DecisionPrepared",
        "DecisionReleased",
        "DecisionRetracted",
        "DecisionCancelled",
        "DecisionRationaleRemoved",
      );
      return { id: `the decision on ${id}`, version, events: counted };
    }),
    ...stored.records<Certificate>("CERTIFICATE").map(({ id, version, nextReminder }) => {
      // The last step may be let pass without a mail, once the time to renew is over.
      const silent = nextReminder === null ? 1 : 0;
      return {
        id,
        version,
        events: count(id, "CertificateIssued", "RecertificationDue", "CertificateHolderErased"),
        silent,
      };
    }),
    ...stored.records<ServiceToken>("SERVICE_TOKEN").map(({ id, version, createdAt, lastUsedOn }) => {
      // Its use is noted once a day, without an event.
      const silent = lastUsedOn === null ? 0 : 1 + daysBetween(createdAt.slice(0, 10), lastUsedOn);
      return { id, version, events: count(id, "ServiceTokenCreated", "ServiceTokenRevoked"), silent };
    }),
    ...stored.records<StoredFile>("FILE").map(({ id, version }) => {
      return { id, version, events: count(id, "FileUploadStarted", "FileAttached", "FileRemoved", "FileErased") };
    }),
  ];
  const miscounted = records
    .filter(({ version, events: told, silent = 0 }) => version < told || version > told + silent)
    .map(({ id, version, events: told }) => `${id} was written ${version} times with ${told} events`);
  // A link is written without an event for each secret of it that is sent.
  const links = stored.records<Link>("LINK").filter(({ id, uses, mostUses, revokedAt, hashes }) => {
    const told = [count(id, "LinkIssued"), count(id, "LinkUsed"), count(id, "LinkRevoked")];
    return !isDeepStrictEqual(told, [1, uses, revokedAt === null ? 0 : 1]) || uses > mostUses || hashes.length > 3;
  });
  const unfit = links.map(({ id }) => `${id} does not fit its history`);
  return [...miscounted, ...unfit, ...brokenWays(stored, events)];
}

/** A draft whose window was moved follows without an event, once for each move at most. */
function movedWindows(events: readonly Happened[], { cohortId }: Application): number {
  return events.filter(
    (event) => event.type === "CohortChanged" && event.about.id === cohortId && event.facts.windowMoved,
  ).length;
}

/** Each state was entered as often as it was left, but for the one the record is in. */
function brokenWays(stored: Stored, events: readonly Happened[]): string[] {
  const ways = [
    ...stored.records<Application>("APPLICATION").map(({ id, state }) => ({ kind: "Application", id, state })),
    ...stored.records<Cohort>("COHORT").map(({ id, state }) => ({ kind: "Cohort", id, state })),
  ];
  return ways.flatMap(({ kind, id, state }) => {
    const balance = new Map<unknown, number>(kind === "Cohort" ? [["DRAFT", 1]] : []);
    for (const { about, before, after } of events) {
      if (about.kind !== kind || about.id !== id) continue;
      const [from, to] = [before?.["state"], after?.["state"]];
      if (from !== undefined) balance.set(from, (balance.get(from) ?? 0) - 1);
      if (to !== undefined) balance.set(to, (balance.get(to) ?? 0) + 1);
    }
    const left = [...balance].filter(([, times]) => times !== 0);
    return isDeepStrictEqual(left, [[state, 1]])
      ? []
      : [
          `The history of ${id} leads to ${left.map(([at, times]) => `${String(at)} ${times}`).join(", ")}, not ${state}`,
        ];
  });
}

/** The outbox holds the messages that the events bring, and no others. */
function wrongOutbox(stored: Stored): string[] {
  const wanted = stored.records<Happened>("EVENT").flatMap((event) => messagesOf(event, event.at));
  const found = stored.records<Message>("MESSAGE");
  const lost = wanted.filter(({ id }) => !found.some((message) => message.id === id));
  const lanes = stored.items.filter(({ entity }) => entity === "LANE").map(nameOf);
  const places = found.filter(isInLane).map((message) => nameOf({ ...placeOf(message), entity: "LANE" }));
  const lists = stored.items.filter(({ entity }) => entity === "MAILED").map(nameOf);
  const listed = found.filter(({ about }) => about.kind !== "Person").map((message) => nameOf(mailedItem(message)));
  const strays = found.filter(({ id }) => !wanted.some((message) => message.id === id));
  return [
    ...lost.map(({ id }) => `${id} is not in the outbox`),
    ...strays.map(({ id }) => `${id} is in the outbox for no event`),
    ...[...without(lanes, places), ...without(lists, listed)].map((name) => `${name} leads to no message`),
    ...[...without(places, lanes), ...without(listed, lists)].map((name) => `${name} is missing`),
  ];
}

const without = (all: readonly string[], others: readonly string[]) => all.filter((each) => !others.includes(each));

/** How many mails of the current attempt the mail endpoint may have accepted, by what the message says. */
const ACCEPTED: Record<Message["state"], readonly number[]> = {
  QUEUED: [0],
  SENDING: [0, 1],
  SENT: [1],
  DELIVERED: [1],
  BOUNCED: [1],
  COMPLAINED: [1],
  FAILED: [0, 1],
  HELD: [0, 1],
  CANCELLED: [0],
  SUPPRESSED: [0],
};

/** What was sent has exactly one line in the ledger, and every accepted mail has its message. */
function wrongLedger(stored: Stored, ledger: readonly LedgerLine[]): string[] {
  const accepted = ledger.filter(({ outcome }) => outcome === "accepted");
  const messages = stored.records<Message>("MESSAGE");
  const known = new Set(messages.map(({ id }) => id));
  const unknown = accepted.filter(({ outboxId }) => outboxId === undefined || !known.has(outboxId));
  const wrong = messages.flatMap(({ id, state, sesMessageId, earlierSesMessageIds, erasedAt }) => {
    const lines = accepted.filter(({ outboxId, messageId = "" }) => {
      return outboxId === id && !earlierSesMessageIds.includes(messageId);
    });
    // One that was held is cancelled with the erasure of its recipient, and may have gone out before.
    const most = erasedAt !== undefined && state === "CANCELLED" ? ACCEPTED.HELD : ACCEPTED[state];
    if (!most.includes(lines.length)) return [`${id} is ${state} and was accepted ${lines.length} times`];
    const isOther = sesMessageId !== null && lines.length > 0 && lines[0]?.messageId !== sesMessageId;
    return isOther ? [`${id} names another mail than the one accepted`] : [];
  });
  return [...wrong, ...unknown.map(({ messageId }) => `The mail ${messageId} belongs to no message`)];
}

/** What was handed in is kept, what was erased is gone, and an application and its résumé name each other. */
function wrongFiles(stored: Stored, keys: readonly string[]): string[] {
  const files = stored.records<StoredFile>("FILE");
  const byId = new Map(files.map((file) => [file.id, file]));
  const strays = keys.filter((key) => (byId.get(key.split("/")[1] ?? "")?.state ?? "ERASED") === "ERASED");
  const lost = files.filter(({ id, state }) => state === "ATTACHED" && !keys.includes(`kept/${id}`));
  const resumes = stored
    .records<Application>("APPLICATION")
    .map(({ id, draft }) => [id, draft.resume?.fileId] as const);
  const misplaced = resumes.filter(([id, fileId]) => {
    const attached = files.filter(({ purpose, state, about }) => {
      return purpose === "RESUME" && state === "ATTACHED" && about?.id === id;
    });
    return attached.length !== (fileId === undefined ? 0 : 1) || attached.some((file) => file.id !== fileId);
  });
  return [
    ...strays.map((key) => `${key} belongs to no file`),
    ...lost.map(({ id }) => `The content of ${id} is lost`),
    ...misplaced.map(([id]) => `${id} and its résumé do not fit`),
  ];
}

function nameOf({ pk, sk }: Item): string {
  return `${pk} ${sk}`;
}
