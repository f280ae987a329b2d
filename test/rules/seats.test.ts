import * as fc from "fast-check";
import { expect, test } from "vitest";
import { prepareDecision, releaseDecision } from "../../schema/decision/decision.ts";
import { acceptOffer } from "../../schema/offer/offer.ts";
import type { Opening } from "../../schema/offer/opening.ts";
import {
  declineOffer,
  lapseOffer,
  promote,
  withdrawPlace,
  withOffer,
  type Place,
  type PlaceRuling,
} from "../../schema/offer/place.ts";
import { isRefused } from "../../schema/shared/decision.ts";
import { application, cohort, NOW, viewer, VIEWERS } from "./records.ts";

const SEATS = 3;
const PEOPLE = 9;
const COHORT = cohort({ seats: SEATS });
const OVER = "2026-09-16T00:00:00.000Z";

/** A cohort as the table keeps it, with the one counter that a transaction moves under its condition. */
class Board {
  places: Place[] = Array.from({ length: PEOPLE }, (_, index) => ({
    application: application("COMPLETE", { id: `app_1-c-${index}`, personId: `per_${index}` }),
  }));
  taken = 0;
  openings: Opening[] = [];
  ids = 0;

  /** Writes what was decided, unless there is no seat for it or its rank is somebody else's. */
  write(index: number, ruling: PlaceRuling<string>): boolean {
    if (isRefused(ruling)) return false;
    const before = this.places[index]!;
    const next = { ...before, ...ruling.outcome };
    const moved = Number(next.decision?.holdsSeat ?? false) - Number(before.decision?.holdsSeat ?? false);
    if (moved > 0 && this.taken >= SEATS) return false;
    this.taken += moved;
    if (next.opening) this.openings.push(next.opening);
    this.places[index] = { ...next, opening: null };
    return true;
  }

  facts(now: string) {
    return { cohort: COHORT, now, openingId: `opn_${this.ids++}` };
  }

  waitlist() {
    const ranked = this.places.filter(({ decision }) => decision?.rank != null && decision.state !== "CANCELLED");
    return ranked.sort((a, b) => a.decision!.rank! - b.decision!.rank!);
  }

  /** Everybody who is on the waitlist as they were told, with their ranks. */
  waiting(): number[] {
    return this.waitlist().flatMap(({ application: { state }, decision }) =>
      state === "WAITLISTED" && decision!.state === "RELEASED" ? [decision!.rank!] : [],
    );
  }
}

type Step = { what: (typeof STEPS)[number]; who: number };
const STEPS = ["accept", "waitlist", "decline", "release", "take", "refuse", "lapse", "withdraw", "promote"] as const;

function carryOut(board: Board, { what, who }: Step): void {
  const place = board.places[who]!;
  const { application: one, decision, offer } = place;
  const offered = decision && offer ? { ...place, decision, offer } : null;
  const owner = viewer({ id: one.personId });
  const outcomes = { accept: "ACCEPT", waitlist: "WAITLIST", decline: "DECLINE" } as const;
  switch (what) {
    case "accept":
    case "waitlist":
    case "decline": {
      const motion = { outcome: outcomes[what], rank: what === "waitlist" ? who + 1 : null, rationale: "Test" };
      const prepared = prepareDecision(decision, one, motion, { viewer: VIEWERS.staff });
      board.write(
        who,
        isRefused(prepared) ? prepared : { outcome: { ...place, decision: prepared.outcome }, events: [] },
      );
      return;
    }
    case "release": {
      if (!decision) return;
      const facts = { cohort: COHORT, now: NOW };
      board.write(who, withOffer(releaseDecision(decision, one, facts), offer, facts));
      return;
    }
    case "take":
      if (offered) {
        const taken = acceptOffer(offered.offer, { commitsToAllDates: true }, { viewer: owner });
        board.write(who, isRefused(taken) ? taken : { outcome: { ...place, offer: taken.outcome }, events: [] });
      }
      return;
    case "refuse":
      if (offered) board.write(who, declineOffer(offered, null, { viewer: owner }, board.facts(NOW)));
      return;
    case "lapse":
      if (offered) board.write(who, lapseOffer(offered, board.facts(OVER)));
      return;
    case "withdraw":
      board.write(who, withdrawPlace(place, board.facts(NOW)));
      return;
    case "promote":
      pass(board);
  }
}

/** Looks at the first opening that is left. */
function pass(board: Board): void {
  const opening = board.openings.shift();
  if (!opening) return;
  const waiting = board.waiting();
  const free = SEATS - board.taken;
  const ruling = promote({ opening, cohort: COHORT, seatsTaken: board.taken, waitlist: board.waitlist() }, NOW);
  if (isRefused(ruling)) throw new Error("An opening is never refused");
  const { place } = ruling.outcome;
  if (place === null) {
    expect(waiting.length === 0 || free === 0).toBe(true);
    return;
  }
  const who = board.places.findIndex(({ application: { id } }) => id === place.application.id);
  expect(board.places[who]!.decision!.rank).toBe(Math.min(...waiting));
  expect(board.write(who, { outcome: place, events: [] })).toBe(true);
}

const EVERYBODY = Array.from({ length: PEOPLE }, (_, index) => index);

test("whatever is done in whatever order: seats taken are seats held, never more than there are, and the best rank is next", () => {
  const step = fc.record({ what: fc.constantFrom(...STEPS), who: fc.nat(PEOPLE - 1) });
  let promoted = 0;
  fc.assert(
    fc.property(fc.shuffledSubarray(EVERYBODY), fc.array(step, { minLength: 20, maxLength: 120 }), (first, steps) => {
      const board = new Board();
      const decided = EVERYBODY.map((who): Step => ({
        what: first.slice(0, 3).includes(who) ? "accept" : "waitlist",
        who,
      }));
      const released = EVERYBODY.map((who): Step => ({ what: "release", who }));
      for (const each of [...decided, ...released, ...steps]) {
        carryOut(board, each);
        const held = board.places.filter(({ decision }) => decision?.holdsSeat).length;
        const outstanding = board.places.filter(
          ({ offer }) => offer?.state === "OFFERED" || offer?.state === "ACCEPTED",
        );
        expect(board.taken).toBe(held);
        expect(board.taken).toBeLessThanOrEqual(SEATS);
        expect(outstanding.length).toBeLessThanOrEqual(board.taken);
      }
      promoted += board.places.filter(({ offer }) => offer?.isPromoted).length;
    }),
    { numRuns: 300 },
  );
  expect(promoted).toBeGreaterThan(200);
});
