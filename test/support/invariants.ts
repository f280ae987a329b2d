import { isDeepStrictEqual } from "node:util";
import { applicationKey, writeApplication, writeNewApplication } from "../../schema/application/application.table.ts";
import { resumeFiles, TRANSITIONS } from "../../schema/application/application.ts";
import type { Application, ApplicationState } from "../../schema/application/application.ts";
import { writeCertificate } from "../../schema/certificate/certificate.table.ts";
import type { Certificate } from "../../schema/certificate/certificate.ts";
import { seatsFrom, seatsKey, writeCohort, writeNewCohort } from "../../schema/cohort/cohort.table.ts";
import type { Cohort } from "../../schema/cohort/cohort.ts";
import { lateUsesFrom, lateUsesKey, writeLateCode } from "../../schema/cohort/late-code.table.ts";
import type { LateCode } from "../../schema/cohort/late-code.ts";
import { writeReleased } from "../../schema/decision/decision.table.ts";
import { ACTION_OF, ranksOf } from "../../schema/decision/decision.ts";
import type { Decision } from "../../schema/decision/decision.ts";
import { writeBallotAlone, writeMotion } from "../../schema/decision/motion.table.ts";
import type { Motion } from "../../schema/decision/motion.ts";
import { writeReversal } from "../../schema/decision/reversal.table.ts";
import type { Reversal } from "../../schema/decision/reversal.ts";
import { writeSlate } from "../../schema/decision/slate.table.ts";
import type { Slate } from "../../schema/decision/slate.ts";
import type { Ballot } from "../../schema/decision/tally.ts";
import { writeRelease } from "../../schema/decision/release.table.ts";
import type { Release } from "../../schema/decision/release.ts";
import type { ProgramEvent } from "../../schema/events.ts";
import { writeFile } from "../../schema/file/file.table.ts";
import type { StoredFile } from "../../schema/file/file.ts";
import { sidesOf, writeJoint, writeSide } from "../../schema/joint/joint.table.ts";
import type { Joint } from "../../schema/joint/joint.ts";
import { writeIssued, writeLink } from "../../schema/link/link.table.ts";
import { PURPOSES } from "../../schema/link/link.ts";
import type { Issued, Link } from "../../schema/link/link.ts";
import { messagesOf } from "../../schema/mails.ts";
import { writeMailKind } from "../../schema/message/kind.table.ts";
import type { MailKind } from "../../schema/message/kind.ts";
import { mailedItem, placeOf, writeMessage } from "../../schema/message/message.table.ts";
import { isInLane } from "../../schema/message/message.ts";
import type { Message } from "../../schema/message/message.ts";
import { writeOffer } from "../../schema/offer/offer.table.ts";
import type { Offer, OfferState } from "../../schema/offer/offer.ts";
import { writeOpening } from "../../schema/offer/opening.table.ts";
import type { Opening } from "../../schema/offer/opening.ts";
import { writeNomination } from "../../schema/nomination/nomination.table.ts";
import type { Nomination } from "../../schema/nomination/nomination.ts";
import { claimItem, staffCountKey, writePerson } from "../../schema/person/person.table.ts";
import { idsOf } from "../../schema/person/person.ts";
import type { Person } from "../../schema/person/person.ts";
import { isLastingStaff } from "../../schema/person/role.ts";
import { reviewKey, writeReview } from "../../schema/review/review.table.ts";
import type { Review } from "../../schema/review/review.ts";
import { countSubmitted } from "../../schema/review/reviewer.ts";
import { meanOf } from "../../schema/review/scoring.ts";
import { writeServiceToken } from "../../schema/service-token/service-token.table.ts";
import type { ServiceToken } from "../../schema/service-token/service-token.ts";
import { writeMentor } from "../../schema/mentor/mentor.table.ts";
import type { Mentor } from "../../schema/mentor/mentor.ts";
import type { Confirmation } from "../../schema/team/confirmation.ts";
import type { Proposal } from "../../schema/team/proposal.ts";
import { writeConfirmation, writeProposal, writeTeam } from "../../schema/team/team.table.ts";
import { isCurrent, type Team } from "../../schema/team/team.ts";
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
    ...wrongLateCodes(stored),
    ...wrongDecisions(stored),
    ...wrongOffers(stored),
    ...wrongJoints(stored),
    ...wrongTeams(stored),
    ...wrongReviews(stored),
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
  LATE_CODE: (item) => writeLateCode(recordOf<LateCode>(item)),
  APPLICATION: (item) => writeApplication(recordOf<Application>(item)),
  DECISION: (item) => writeReleased(recordOf<Decision>(item), recordOf<Decision>(item)),
  OFFER: (item) => writeOffer(recordOf<Offer>(item)),
  OPENING: (item) => writeOpening(recordOf<Opening>(item)),
  JOINT: (item) => writeJoint(recordOf<Joint>(item)),
  JOINT_SIDE: (item) => {
    const side = { applicationId: item["id"] as string, personId: item["personId"] as string };
    return [writeSide(side, { id: item["jointId"] as string, inviter: side })];
  },
  SLATE: (item) => writeSlate(recordOf<Slate>(item)),
  MOTION: (item) => writeMotion(recordOf<Motion>(item)),
  BALLOT: (item) => writeBallotAlone(recordOf<Ballot>(item)),
  REVERSAL: (item) => writeReversal(recordOf<Reversal>(item)),
  REVIEW: (item) => writeReview(recordOf<Review>(item)),
  MAIL_KIND: (item) => writeMailKind(recordOf<MailKind>(item)),
  RELEASE: (item) => writeRelease(recordOf<Release>(item)),
  CERTIFICATE: (item) => writeCertificate(recordOf<Certificate>(item)),
  SERVICE_TOKEN: (item) => writeServiceToken(recordOf<ServiceToken>(item)),
  MESSAGE: (item) => writeMessage(recordOf<Message>(item)),
  FILE: (item) => writeFile(recordOf<StoredFile>(item)),
  LINK: (item) => writeLink(recordOf<Link>(item)),
  LINKS: (item) => writeIssued(recordOf<Issued>(item)),
  ERASURE: (item) => writeErasure(recordOf<Erasure>(item)),
  MENTOR: (item) => writeMentor(recordOf<Mentor>(item)),
  TEAM: (item) => writeTeam(recordOf<Team>(item)),
  PROPOSAL: (item) => writeProposal(recordOf<Proposal>(item)),
  CONFIRMATION: (item) => writeConfirmation(recordOf<Confirmation>(item)),
  NOMINATION: (item) => writeNomination(recordOf<Nomination>(item)),
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

/** A late code was used once by each application that it let in, and never by more than it was made for. */
function wrongLateCodes(stored: Stored): string[] {
  const events = stored.records<Happened>("EVENT");
  return stored.records<LateCode>("LATE_CODE").flatMap(({ id, mostUses }) => {
    const { pk, sk } = lateUsesKey(id);
    const counted = lateUsesFrom(stored.find(pk, sk));
    const users = new Set(events.filter(({ after }) => after?.["lateCodeId"] === id).map(({ about }) => about.id));
    if (counted === users.size && counted <= mostUses) return [];
    return [`${id} counts ${counted} of ${mostUses} uses, and ${users.size} applications used it`];
  });
}

/** An offer stands beside every candidate's acceptance that is known, says the same, and no opening is left behind. */
function wrongOffers(stored: Stored): string[] {
  const offers = new Map(stored.records<Offer>("OFFER").map((offer) => [offer.id, offer]));
  const wrong = stored.records<Application>("APPLICATION").filter(({ id, kind, state }) => {
    const told = OFFERS_OF[state] ?? ["WITHDRAWN"];
    const offer = offers.get(id);
    if (offer === undefined) return kind === "CANDIDATE" && state in OFFERS_OF;
    return !told.includes(offer.state);
  });
  const open = stored.records<Opening>("OPENING").filter(({ state, resumesAt, promoted }) => {
    return (state === "DONE") !== (resumesAt === null) || (state === "OPEN" && promoted !== null);
  });
  return [
    ...wrong.map(({ id, state }) => `${id} is ${state}, and its offer ${offers.get(id)?.state ?? "missing"}`),
    ...open.map(({ id }) => `${id} is open and done`),
  ];
}

/** Each joint application has its sides, each side its joint application, and whom it went to is known only while it waits. */
function wrongJoints(stored: Stored): string[] {
  const joints = stored.records<Joint>("JOINT");
  const wanted = joints.flatMap((joint) => sidesOf(joint).map(({ applicationId }) => `${applicationId} ${joint.id}`));
  const found = stored
    .records<{ id: string; jointId: string }>("JOINT_SIDE")
    .map(({ id, jointId }) => `${id} ${jointId}`);
  const told = joints.filter(({ state, invited }) => (state === "INVITED") !== (invited !== null));
  return [
    ...(isDeepStrictEqual([...wanted].sort(), [...found].sort())
      ? []
      : [`Joint sides are ${found.join()}, not ${wanted.join()}`]),
    ...told.map(({ id, state }) => `${id} is ${state}, and whom it went to does not fit`),
  ];
}

/** The states that an offer can be in, by the application's; one that is withdrawn can stand beside any. */
const OFFERS_OF: Partial<Record<ApplicationState, readonly OfferState[]>> = {
  ACCEPTED: ["OFFERED", "ACCEPTED"],
  NOT_TAKEN_UP: ["DECLINED", "LAPSED"],
  DEFERRED: ["DEFERRED"],
};

/** A decision says what its application says, holds what it must, and no finished release is left open. */
function wrongDecisions(stored: Stored): string[] {
  const wrong = stored.records<Decision>("DECISION").filter((decision) => {
    const { pk, sk } = applicationKey(decision.id);
    const application = recordOf<Application>(stored.find(pk, sk));
    if (application === undefined) return true;
    const { state, outcome, kind, rank, holdsSeat } = decision;
    const stands = state !== "CANCELLED";
    const hasLeft = ["NOT_TAKEN_UP", "DEFERRED"].includes(application.state);
    if (holdsSeat !== (stands && outcome === "ACCEPT" && kind === "CANDIDATE" && !hasLeft)) return true;
    if ((rank !== null) !== (stands && outcome === "WAITLIST")) return true;
    for (const kept of ranksOf(decision)) {
      if (stored.find(...waitlistKey(decision, kept))?.["applicationId"] !== decision.id) return true;
    }
    if (state === "RELEASED") return application.state !== STATE_OF[outcome] && !(outcome === "ACCEPT" && hasLeft);
    return state === "PREPARED" && TRANSITIONS[application.state][ACTION_OF[outcome]] === undefined;
  });
  const open = stored
    .records<Release>("RELEASE")
    .filter(({ state, resumesAt }) => (state === "DONE") !== (resumesAt === null));
  const voted = stored
    .records<Motion>("MOTION")
    .filter(({ state, resumesAt }) => (state === "CARRYING_OUT") !== (resumesAt !== null));
  return [...wrong, ...open, ...voted].map(({ id, state }) => `${id} does not fit what is around it (${state})`);
}

/** One team of a candidate stands at most, and a mentor's count is that of the teams that stand. */
function wrongTeams(stored: Stored): string[] {
  const teams = stored.records<Team>("TEAM");
  const current = teams.filter(isCurrent);
  const twice = current.filter(
    (team) => current.filter((one) => one.candidateApplicationId === team.candidateApplicationId).length > 1,
  );
  const mentors = [...new Set(teams.map(({ mentorApplicationId }) => mentorApplicationId))];
  const miscounted = mentors.filter((id) => {
    const places = stored.items.find(({ entity, sk }) => entity === "PLACES" && sk === `MENTOR#${id}#PLACES`);
    const own = current.filter(({ mentorApplicationId }) => mentorApplicationId === id);
    const most = own[0] && capacityIn(stored, own[0]);
    return (places?.["taken"] ?? 0) !== own.length || own.length > (most ?? 0);
  });
  const open = stored
    .records<Proposal>("PROPOSAL")
    .filter(({ state, resumesAt }) => ["PUBLISHING", "UNPUBLISHING"].includes(state) || resumesAt !== null);
  const accepted = new Set(
    stored.records<Application>("APPLICATION").flatMap(({ id, state }) => (state === "ACCEPTED" ? [id] : [])),
  );
  const deserted = current.filter((team) =>
    [team.candidateApplicationId, team.mentorApplicationId].some((id) => !accepted.has(id)),
  );
  const unseated = stored
    .records<Confirmation>("CONFIRMATION")
    .filter((one) => one.confirmedAt && !accepted.has(one.id));
  const withMentor = new Set(
    current.flatMap((team) => (team.state === "ANNOUNCED" ? [team.candidateApplicationId] : [])),
  );
  const alone = stored
    .records<Confirmation>("CONFIRMATION")
    .filter((one) => one.confirmedAt && one.waivedAt === null && !withMentor.has(one.id));
  return [
    ...deserted.map(({ id }) => `${id} stands although one of the two has left`),
    ...unseated.map(({ id }) => `${id} is confirmed without a place`),
    ...alone.map(({ id }) => `${id} is confirmed without a mentor`),
    ...twice.map(({ id }) => `${id} is one of two teams that stand for its candidate`),
    ...miscounted.map((id) => `The places of the mentor ${id} are miscounted`),
    ...open.map(({ id, state }) => `${id} was left ${state}`),
  ];
}

/** How many candidates the mentor of a team may have. */
function capacityIn(stored: Stored, { cohortId, mentorApplicationId }: Team): number {
  const cohort = stored.records<Cohort>("COHORT").find(({ id }) => id === cohortId);
  const mentor = stored.records<Mentor>("MENTOR").find(({ id }) => id === mentorApplicationId);
  return mentor?.capacity ?? cohort?.policy.team.mentorCapacity ?? 0;
}

/** Reviewers as their application keeps them are what their reviews say, and an application is reviewed when enough are in. */
function wrongReviews(stored: Stored): string[] {
  const cohorts = new Map(stored.records<Cohort>("COHORT").map((cohort) => [cohort.id, cohort]));
  return stored.records<Application>("APPLICATION").flatMap((application) => {
    const { id, reviewers = [], reviewedAt, cohortId } = application;
    const wrong = reviewers.filter((reviewer) => {
      const { pk, sk } = reviewKey(id, reviewer.personId);
      const review = recordOf<Review>(stored.find(pk, sk));
      const mean = review?.state === "SUBMITTED" ? (meanOf(review) ?? undefined) : undefined;
      return review?.state !== reviewer.state || review.dueAt !== reviewer.dueAt || mean !== reviewer.mean;
    });
    const needed = cohorts.get(cohortId)?.policy.review.perApplication ?? 0;
    const isReviewed = countSubmitted(application) >= needed;
    const others = wrong.map(
      ({ personId }) => `${id} says something else of the review by ${personId} than the review`,
    );
    const isMistaken = reviewers.length > 0 && isReviewed !== (reviewedAt !== undefined);
    return isMistaken ? others.concat(`${id} is wrong about being reviewed`) : others;
  });
}

const STATE_OF = { ACCEPT: "ACCEPTED", WAITLIST: "WAITLISTED", DECLINE: "DECLINED" } as const;

function waitlistKey({ cohortId, kind }: Decision, rank: number): [string, string] {
  return [`COHORT#${cohortId}`, `WAITLIST#${kind}#${String(rank).padStart(3, "0")}`];
}

/** What happens to an offer that changes the decision too, because of its seat. */
const WITH_DECISION = ["OfferPromoted", "OfferDeclined", "OfferLapsed", "OfferDeferred", "DeferralTakenUp"] as const;

/** Whether an event in the history of an application leaves the application itself as it was. */
function isBeside(event: Happened): boolean {
  if (event.type === "MemberRecused") return event.facts.carriedFrom !== undefined;
  return event.type.startsWith("Joint");
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
        "ReviewsAssigned",
        "ReviewsDue",
      );
      const own = events.filter(({ about }) => about.kind === "Person" && about.id === id).length - silent;
      const recusals = events.filter(
        (event) => (event.type === "MemberRecused" || event.type === "RecusalLifted") && event.facts.personId === id,
      );
      return { id, version, events: own + recusals.length };
    }),
    ...stored.records<Cohort>("COHORT").map(({ id, version }) => {
      return {
        id,
        version,
        events: count(
          id,
          "CohortCreated",
          "CohortChanged",
          "CohortQuestionsChanged",
          "CohortCriteriaChanged",
          "CohortPolicyChanged",
          "CohortPublished",
        ),
      };
    }),
    ...stored.records<LateCode>("LATE_CODE").map(({ id, version }) => {
      return { id, version, events: count(id, "LateCodeCreated", "LateCodeRevoked") };
    }),
    ...stored.records<Application>("APPLICATION").map((application) => {
      const { id, version } = application;
      const isCertified = "certificateNumber" in application;
      const own = events.filter(
        (event) => event.about.id === id && event.about.kind === "Application" && !isBeside(event),
      );
      // One that is complete with a letter is written together with it.
      const alone = own.filter((event) => event.type !== "ApplicationCompleted" || event.facts.nominationId === null);
      const noted = events.filter((event) => isNoted(event, id)).length;
      const removed = events.filter(({ type, facts }) => {
        return type === "NominationContentRemoved" && (facts as { applicationId?: string }).applicationId === id;
      });
      const silent = movedWindows(events, application) + removed.length + reviewed(events, id);
      return { id, version, events: alone.length + noted + (isCertified ? 1 : 0), silent };
    }),
    ...stored.records<Nomination>("NOMINATION").map(({ id, version, createdAt, closedAt = createdAt }: Closable) => {
      const own = events.filter(({ about }) => about.id === id && about.kind === "Nomination").length;
      // It may be looked after without anything to do: once for each reminder, and every hour while it has no application.
      return { id, version, events: own, silent: 3 + 24 * daysBetween(createdAt.slice(0, 10), closedAt.slice(0, 10)) };
    }),
    ...stored.records<Decision>("DECISION").map(({ id, version }) => {
      const counted = count(
        id,
        "DecisionPrepared",
        "DecisionReleased",
        "DecisionReversed",
        "DecisionRetracted",
        "DecisionCancelled",
        "DecisionRationaleRemoved",
        ...WITH_DECISION,
      );
      return { id: `the decision on ${id}`, version, events: counted };
    }),
    ...stored.records<Offer>("OFFER").map(({ id, version }) => {
      const own = events.filter(({ about, type }) => about.id === id && type.startsWith("Offer"));
      return { id: `the offer of ${id}`, version, events: own.length - count(id, "OfferPromoted") };
    }),
    ...stored.records<Joint>("JOINT").map(({ id, version, dueAt }) => {
      const own = events.filter(
        ({ type, facts }) => type.startsWith("Joint") && "jointId" in facts && facts.jointId === id,
      );
      // Whoever has applied by then is not reminded.
      return { id, version, events: own.length, silent: dueAt === null ? 1 : 0 };
    }),
    ...stored.records<Slate>("SLATE").map(({ id, version }) => {
      return { id, version, events: count(id, "SlateCreated", "SlateSaved", "SlateArchived", "SlateReasonErased") };
    }),
    ...stored.records<Motion>("MOTION").map(({ id, version }) => {
      const ends = count(id, "MotionClosed", "MotionCarriedOut", "MotionWithdrawn", "MotionReasonErased");
      return { id, version, events: count(id, "MotionOpened", "MotionVoted") + ends };
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
    ...stored.records<Mentor>("MENTOR").map(({ id, version }) => {
      const own = ["MentorCapacitySet", "MentorNotNeeded", "TeamExclusionAdded", "TeamExclusionLifted"] as const;
      // It is begun without an event by the first team.
      return { id: `the mentor ${id}`, version, events: count(id, ...own), silent: 1 };
    }),
    ...stored.records<Team>("TEAM").map(({ id, version }) => {
      const own = events.filter(
        (event) => event.about.kind === "Team" && "teamIds" in event.facts && event.facts.teamIds.includes(id),
      );
      return { id, version, events: own.filter(({ type }) => type !== "CandidateCorrected").length };
    }),
    ...stored.records<Proposal>("PROPOSAL").map(({ id, version }) => {
      return { id, version, events: events.filter(({ about }) => about.id === id).length };
    }),
    ...stored.records<Confirmation>("CONFIRMATION").map(({ id, version }) => {
      const own = ["MentorWaived", "CandidateConfirmed", "CandidateUnconfirmed"] as const;
      return { id: `the confirmation of ${id}`, version, events: count(id, ...own) };
    }),
    ...stored.records<Review>("REVIEW").map(({ id, version }) => {
      const own = events.filter(({ about }) => about.kind === "Review" && about.id === id);
      const denied = own.filter(({ type }) => type === "ReviewConflictDenied").length;
      // Each time it is assigned its reviewer is told once, and reminded at most twice, of all that is theirs.
      const told = 3 * own.filter(({ type }) => type === "ReviewerAssigned").length;
      return { id: `the review ${id}`, version, events: own.length - denied, silent: denied + told };
    }),
    ...stored.records<StoredFile>("FILE").map(({ id, version }) => {
      return { id, version, events: count(id, "FileUploadStarted", "FileAttached", "FileRemoved", "FileErased") };
    }),
  ];
  const miscounted = records
    .filter(({ version, events: told, silent = 0 }) => version < told || version > told + silent)
    .map(({ id, version, events: told }) => `${id} was written ${version} times with ${told} events`);
  // A link is written without an event for each secret of it that is sent.
  const links = stored.records<Link>("LINK").filter(({ id, purpose, uses, mostUses, revokedAt, hashes }) => {
    const told = [count(id, "LinkIssued"), count(id, "LinkUsed"), count(id, "LinkRevoked")];
    return (
      !isDeepStrictEqual(told, [1, uses, revokedAt === null ? 0 : 1]) ||
      uses > mostUses ||
      hashes.length > PURPOSES[purpose].mostSecrets
    );
  });
  const unfit = links.map(({ id }) => `${id} does not fit its history`);
  return [...miscounted, ...unfit, ...brokenWays(stored, events)];
}

type Closable = Nomination & { closedAt?: string };

/** Whether an application was written with what happened to one of its letters; one that takes another's place only once. */
function isNoted(event: Happened, applicationId: string): boolean {
  if (event.about.kind !== "Nomination" || !("applicationId" in event.facts)) return false;
  if (event.facts.applicationId !== applicationId || event.before?.["state"] === event.after?.["state"]) return false;
  return !(event.type === "NominationRequested" && event.facts.replacedId !== null);
}

/** Steps with its reviews change the application too; several reviewers may be assigned at once. */
function reviewed(events: readonly Happened[], id: string): number {
  return events.filter((event) => event.about.kind === "Review" && event.about.id.startsWith(`${id}.`)).length;
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
    .map((application) => [application.id, resumeFiles(application)] as const);
  const misplaced = resumes.filter(([id, fileIds]) => {
    const attached = files.filter(({ purpose, state, about }) => {
      return purpose === "RESUME" && state === "ATTACHED" && about?.id === id;
    });
    return !isDeepStrictEqual(new Set(attached.map((file) => file.id)), fileIds);
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
