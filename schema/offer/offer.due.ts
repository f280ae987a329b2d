import { cohortKey, seatsFrom, seatsKey, cohortFrom } from "../cohort/cohort.table.ts";
import { carryOut, type CommandContext } from "../shared/command.ts";
import { checkVersion } from "../shared/write.ts";
import { offerTerms, remindOfOffer } from "./offer.ts";
import { offerFrom, offerKey } from "./offer.table.ts";
import { MOST_PROMOTED, type Opening } from "./opening.ts";
import { openingFrom, openingKey, writeOpening } from "./opening.table.ts";
import { lapseOffer, placeWith, promote, type PlaceRuling, type Seated } from "./place.ts";
import { loadOffered, loadWaitlist, writePlace } from "./place.table.ts";

/** Reminds who has not answered an offer, and lets it lapse at its end. */
export async function lookAfterOffer(context: CommandContext, id: string): Promise<void> {
  const { table, now } = context;
  const offer = offerFrom(await table.get(offerKey(id)));
  if (offer?.state !== "OFFERED" || now < (offer.nextReminder?.at ?? offer.dueAt)) return;
  const openingId = context.ids.make("opn");
  await carryOut(context, {
    actor: { kind: "PROGRAM" },
    load: async () => {
      const place = await loadOffered(table, id);
      if (!place) throw new Error(`The offer ${id} has no decision`);
      return place;
    },
    decide: ({ cohort, ...place }): PlaceRuling<"WRONG_STATE"> => {
      if (place.offer.dueAt <= now) return lapseOffer(place, { cohort, now, openingId });
      return placeWith(place, remindOfOffer(place.offer, offerTerms(cohort), now));
    },
    write: (next, { cohort, ...before }) => writePlace(next, before, cohort),
  });
}

/** Takes up an opening that nobody has looked at yet, or that broke off. */
export async function resumeOpening(context: CommandContext, id: string): Promise<void> {
  const opening = openingFrom(await context.table.get(openingKey(id)));
  if (opening?.resumesAt && opening.resumesAt <= context.now) await carryOutOpening(context, opening);
}

/**
 * Gives a free seat to the first on the waitlist, and closes the opening with it. Safe to repeat and to run twice at once:
 * opening, person and seat change in one transaction, or not at all. Answers the opening as it is then.
 */
export async function carryOutOpening(context: CommandContext, opening: Opening): Promise<Opening> {
  const { table, now } = context;
  const { id, cohortId, byPersonId } = opening;
  const carried = await carryOut(context, {
    actor: byPersonId === null ? { kind: "PROGRAM" } : { kind: "PERSON", id: byPersonId },
    load: async () => {
      const [current, cohort, seats] = await table.getMany([openingKey(id), cohortKey(cohortId), seatsKey(cohortId)]);
      const waitlist = await loadWaitlist(table, { cohortId, kind: "CANDIDATE", limit: MOST_PROMOTED });
      return {
        opening: openingFrom(current) ?? opening,
        cohort: cohortFrom(cohort)!,
        seatsTaken: seatsFrom(seats),
        waitlist,
      };
    },
    decide: (seating) => promote(seating, now),
    write: (next, seating) => [
      ...(next.opening === seating.opening ? [] : writeOpening(next.opening)),
      ...(next.place
        ? [...writeSeated(next.place, seating), checkVersion(cohortKey(cohortId), seating.cohort.version)]
        : []),
    ],
  });
  return carried.status === "done" ? carried.outcome.opening : carried.loaded.opening;
}

function writeSeated(place: NonNullable<Seated["place"]>, { waitlist, cohort }: Parameters<typeof promote>[0]) {
  const before = waitlist.find(({ application }) => application?.id === place.application.id) ?? {};
  return writePlace(place, before, cohort);
}
