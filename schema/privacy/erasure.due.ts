import { applicationFrom, applicationKey, writeApplication } from "../application/application.table.ts";
import { certificateFrom, certificateKey, writeCertificate } from "../certificate/certificate.table.ts";
import { removeHolder } from "../certificate/certificate.ts";
import { removeStored, type FileContext } from "../file/file.due.ts";
import { fileFrom } from "../file/file.table.ts";
import { endJoint } from "../joint/unlink.due.ts";
import { linkFrom, linkKey } from "../link/link.table.ts";
import { drop } from "../shared/write.ts";
import { eraseBallot } from "../decision/rationale.due.ts";
import { messageFrom, messageKey, writeMessage } from "../message/message.table.ts";
import { eraseMessage } from "../message/message.ts";
import { withdrawPlace } from "../offer/place.ts";
import { loadPlace, writePlace } from "../offer/place.table.ts";
import { nominationFrom } from "../nomination/nomination.table.ts";
import { dropClaim, personFrom, personKey, writePerson } from "../person/person.table.ts";
import { idsOf, type Person } from "../person/person.ts";
import { mentorsOfCohort } from "../mentor/mentor.table.ts";
import { eraseReason } from "../recusal/recusal.ts";
import { loadReviewing, writeAssigned } from "../review/load.table.ts";
import { reviewFrom } from "../review/review.table.ts";
import { eraseReviewer } from "../review/review.ts";
import { carryOut, type CommandContext } from "../shared/command.ts";
import type { Actor, Recorded } from "../shared/event.ts";
import type { Entity, Item } from "../shared/keys.ts";
import { LostVersion } from "../shared/table.ts";
import { removeApplicationContent } from "./content.due.ts";
import { removeNominationContent } from "./letter.due.ts";
import { redactHistories } from "./redact.table.ts";
import { erase, erased, finishErasure, type Erasure } from "./erasure.ts";
import { erasureFrom, erasureKey, writeErasure } from "./erasure.table.ts";
import { readOwned, subjectsOf } from "./trace.table.ts";

/** Takes up an erasure that broke off, or looks whether one has left anything. */
export async function resumeErasure(context: FileContext, id: string): Promise<void> {
  const erasure = erasureFrom(await context.table.get(erasureKey(id)));
  if (erasure?.resumesAt && erasure.resumesAt <= context.now) await carryOutErasure(context, erasure);
}

/** Erases one item; answers how much there was to remove or to wait for, 0 when nothing was left. */
type Step = (context: FileContext, item: Item, actor: Actor) => Promise<number>;

/**
 * How each kind of item that is listed as a person's is erased; null for what is nobody's in particular, or holds nothing
 * personal. A kind that is added has to be entered here before anything compiles.
 */
const STEPS: Record<Entity, Step | null> = {
  CLAIM: giveUpClaim,
  APPLICATION: eraseApplication,
  REVIEW: endReview,
  CERTIFICATE: eraseHolder,
  MESSAGE: eraseMail,
  FILE: removeFile,
  LINK: dropLink,
  JOINT_SIDE: leaveJoint,
  BALLOT: eraseBallot,
  NOMINATION: eraseLetter,
  // Fingerprints of addresses, which vanish within two days.
  OFFERED: null,
  // Erased with the application they are about, or as the person themselves.
  DECISION: null,
  OFFER: null,
  SLATE: null,
  MOTION: null,
  REVERSAL: null,
  EVENT: null,
  PERSON: null,
  ERASURE: null,
  // What was answered holds ids, what was asked is a fingerprint, and both are gone after two days.
  IDEMPOTENCY: null,
  // Ids of links that were sent lately, and fingerprints of accounts and addresses that are gone after two minutes.
  LINKS: null,
  RATE: null,
  // A program's, not a person's; who created it is an id.
  SERVICE_TOKEN: null,
  COHORT: null,
  LATE_CODE: null,
  SEATS: null,
  OPENING: null,
  // Ids, once it is answered or over; before that it goes with its side.
  JOINT: null,
  COUNTER: null,
  RELEASE: null,
  // Ids, states and times: who was whose mentor is a fact of the program. The reasons stand in the histories.
  TEAM: null,
  MENTOR: null,
  PLACES: null,
  PROPOSAL: null,
  CONFIRMATION: null,
  // Ids of mails, and of people with addresses that do not work; both go with what they lead to, or hold nothing personal.
  LANE: null,
  MAILED: null,
  UNREACHABLE: null,
  // A program's, not a person's.
  MAIL_KIND: null,
};

const ABREAST = 5;

/**
 * Does everything that a started erasure still has to, and closes it when there was nothing. Safe to repeat and to run twice
 * at once: each step looks for itself whether it is done.
 */
export async function carryOutErasure(context: FileContext, erasure: Erasure): Promise<Erasure> {
  const { table } = context;
  const person = personFrom(await table.get(personKey(erasure.id)));
  if (erasure.state !== "RUNNING" || erasure.startedBy === null || person?.state !== "ERASED") return erasure;
  const actor: Actor = { kind: "PERSON", id: erasure.startedBy };
  const owned = await readOwned(table, person);
  let left = 0;
  for (const id of person.formerIds) left += await eraseFormer(context, id, actor);
  for (let start = 0; start < owned.length; start += ABREAST) {
    const some = owned.slice(start, start + ABREAST);
    const counts = await Promise.all(some.map(async (item) => (await STEPS[item.entity]?.(context, item, actor)) ?? 0));
    left += counts.reduce((sum, count) => sum + count, 0);
  }
  left += await eraseRecusals(context, person, actor);
  left += await redactHistories(table, subjectsOf(person, owned));
  const carried = await carryOut(context, {
    actor,
    load: async () => erasureFrom(await table.get(erasureKey(erasure.id))) ?? erasure,
    decide: (current) => finishErasure(current, { left, now: context.now }),
    write: (next, before) => (next === before ? [] : writeErasure(next)),
  });
  return carried.status === "done" ? carried.outcome : erasure;
}

/** A record that was merged into the person's still has the name it had. */
async function eraseFormer(context: CommandContext, id: string, actor: Actor): Promise<number> {
  const former = personFrom(await context.table.get(personKey(id)));
  const wish = erasureFrom(await context.table.get(erasureKey(id)));
  // What they asked for with that record is carried out with this one.
  if (wish) await context.table.commit([drop(erasureKey(id))]).catch(unlessLost);
  if (!former || former.state === "ERASED") return wish ? 1 : 0;
  await carryOut(context, {
    actor,
    load: async () => personFrom(await context.table.get(personKey(id))) ?? former,
    decide: (person) =>
      person.state === "ERASED"
        ? { outcome: person, events: [] }
        : { outcome: erase(person, context.now), events: [erased(id, [])] },
    write: (next, before) => (next === before ? [] : writePerson(next, before)),
  });
  return 1;
}

/** Why the person stepped back from others' applications stands there, and in their histories. */
async function eraseRecusals(context: CommandContext, person: Person, actor: Actor): Promise<number> {
  const ids = idsOf(person);
  let left = 0;
  for (const id of new Set([...person.recusedFrom, ...person.wasRecusedFrom])) {
    const isTheirs = ({ facts }: Recorded) => ids.includes((facts as { personId?: string }).personId ?? "");
    left += await redactHistories(context.table, [{ kind: "Application", id }], isTheirs);
    const load = async () => applicationFrom(await context.table.get(applicationKey(id)));
    const application = await load();
    if (!application) continue;
    const carried = await carryOut(context, {
      actor,
      load: async () => (await load()) ?? application,
      decide: (current) => eraseReason(current, ids),
      write: (next, before) => (next === before ? [] : writeApplication(next)),
    });
    left += carried.status === "done" && carried.outcome !== carried.loaded ? 1 : 0;
  }
  return left;
}

async function giveUpClaim({ table }: CommandContext, item: Item): Promise<number> {
  // Whoever signed in meanwhile has taken it over, or it is gone: either way it is not this person's any more.
  await table.commit([dropClaim(item, item["personId"] as string)]).catch(unlessLost);
  return 1;
}

async function removeFile(context: FileContext, item: Item, actor: Actor): Promise<number> {
  const file = fileFrom(item)!;
  if (file.state === "ERASED") return 0;
  await removeStored(context, file, { actor, why: "The person was erased." });
  return 1;
}

async function leaveJoint(context: CommandContext, item: Item, actor: Actor): Promise<number> {
  await endJoint(context, item["id"] as string, actor);
  return 1;
}

/** A letter about the person; also one of an application that was begun anew since. */
function eraseLetter(context: CommandContext, item: Item, actor: Actor): Promise<number> {
  return removeNominationContent(context, nominationFrom(item)!.id, actor);
}

async function dropLink({ table }: CommandContext, item: Item): Promise<number> {
  await table.commit([drop(linkKey(linkFrom(item)!.id))]).catch(unlessLost);
  return 1;
}

async function eraseApplication(context: CommandContext, item: Item, actor: Actor): Promise<number> {
  const found = applicationFrom(item)!;
  const { id, cohortId } = found;
  const openingId = context.ids.make("opn");
  const withdrawn = await carryOut(context, {
    actor,
    load: async () => (await loadPlace(context.table, id))!,
    // Refused where there is nothing to withdraw any more, and for one that led to a certificate.
    decide: ({ cohort, ...place }) => withdrawPlace(place, { cohort, now: context.now, openingId }),
    write: (next, { cohort, ...before }) => writePlace(next, before, cohort),
  });
  const removed = await removeApplicationContent(context, found, { actor, because: "ApplicationContentErased" });
  const told = await eraseExclusions(context, { id, cohortId });
  return removed + told + (withdrawn.status === "done" ? 1 : 0);
}

/** Why a candidate was kept from mentors stands in the mentors' histories. */
async function eraseExclusions({ table }: CommandContext, { id, cohortId }: { id: string; cohortId: string }) {
  const subjects = (await mentorsOfCohort(table, cohortId)).map(
    (mentor) => ({ kind: "Mentor", id: mentor.id }) as const,
  );
  const isTheirs = ({ facts }: Recorded) =>
    (facts as { candidateApplicationId?: string }).candidateApplicationId === id;
  return redactHistories(table, subjects, isTheirs);
}

/** Scores that are in stay as facts; what somebody was still to review is for somebody else. */
async function endReview(context: CommandContext, item: Item, actor: Actor): Promise<number> {
  const { applicationId, cohortId, personId } = reviewFrom(item)!;
  const application = applicationFrom(await context.table.get(applicationKey(applicationId)));
  if (!application) return 0;
  const wanted = { applicationId, cohortId, applicantId: application.personId, reviewerIds: [personId] };
  const carried = await carryOut(context, {
    actor,
    load: async () => loadReviewing(context.table, wanted),
    decide: (found) =>
      found?.reviews[0]
        ? eraseReviewer(found.application, found.reviews[0], { cohort: found.cohort, viewer: context })
        : { outcome: null, events: [] },
    write: (next, before) => (next && before ? writeAssigned(next, before) : []),
  });
  return carried.status === "done" && carried.outcome ? carried.outcome.reviews.length : 0;
}

async function eraseHolder(context: CommandContext, item: Item, actor: Actor): Promise<number> {
  const carried = await carryOut(context, {
    actor,
    load: async () => certificateFrom(await context.table.get(certificateKey(certificateFrom(item)!.id)))!,
    decide: removeHolder,
    write: (next, before) => (next === before ? [] : writeCertificate(next)),
  });
  return carried.status === "done" && carried.outcome !== carried.loaded ? 1 : 0;
}

async function eraseMail({ table, now }: CommandContext, item: Item): Promise<number> {
  const message = messageFrom(await table.get(messageKey(messageFrom(item)!.id)));
  if (!message || message.erasedAt !== undefined) return 0;
  const next = eraseMessage(message, now);
  if (next) await table.commit(writeMessage(next, message)).catch(unlessLost);
  return 1;
}

/** Somebody else was faster: what is left of it shows at the next look. */
function unlessLost(error: unknown): void {
  if (!(error instanceof LostVersion)) throw error;
}
