import { applicationFrom, applicationKey, writeApplication } from "../application/application.table.ts";
import type { StateCode } from "../application/application.ts";
import { cohortFrom, cohortKey } from "../cohort/cohort.table.ts";
import { carryOut, type CommandContext } from "../shared/command.ts";
import { refusal, type Decision as Ruling } from "../shared/decision.ts";
import type { Actor } from "../shared/event.ts";
import { releaseDecision, type Decision } from "./decision.ts";
import { offerFrom, offerKey, writeOffer } from "../offer/offer.table.ts";
import { withOffer, type Place } from "../offer/place.ts";
import { decisionFrom, decisionKey, writeReleased } from "./decision.table.ts";
import { finishRelease, type Release, type ReleaseRow } from "./release.ts";
import { releaseFrom, releaseKey, writeRelease } from "./release.table.ts";

/** Takes up a release that broke off. */
export async function resumeRelease(context: CommandContext, id: string): Promise<void> {
  const release = releaseFrom(await context.table.get(releaseKey(id)));
  if (release?.resumesAt && release.resumesAt <= context.now) await carryOutRelease(context, release);
}

/** How many decisions are released at the same time. */
const ABREAST = 10;

/**
 * Releases what a started release still has to, and closes it. Safe to repeat and to run twice at once: each decision is
 * released in its own transaction, in the version that was confirmed or not at all. Answers the applications whose decision
 * it made known.
 */
export async function carryOutRelease(context: CommandContext, release: Release): Promise<ReadonlySet<string>> {
  if (release.state === "DONE") return new Set(release.released);
  const actor: Actor = { kind: "PERSON", id: release.startedBy };
  const known = new Set<string>();
  for (let start = 0; start < release.rows.length; start += ABREAST) {
    const rows = release.rows.slice(start, start + ABREAST);
    const done = await Promise.all(
      rows.map((row) => releaseOne(context, actor, { ...row, cohortId: release.cohortId })),
    );
    rows.forEach(({ applicationId }, index) => done[index] && known.add(applicationId));
  }
  await carryOut(context, {
    actor,
    load: async () => releaseFrom(await context.table.get(releaseKey(release.id))) ?? release,
    decide: (current) => finishRelease(current, known),
    write: (next, before) => (next === before ? [] : writeRelease(next)),
  });
  return known;
}

async function releaseOne(
  context: CommandContext,
  actor: Actor,
  row: ReleaseRow & { cohortId: string },
): Promise<boolean> {
  const carried = await carryOut(context, {
    actor,
    load: async () => {
      const { applicationId: id, cohortId } = row;
      const keys = [applicationKey(id), decisionKey(id), offerKey(id), cohortKey(cohortId)];
      const [application, decision, offer, cohort] = await context.table.getMany(keys);
      return {
        offer: offerFrom(offer),
        application: applicationFrom(application),
        decision: decisionFrom(decision),
        cohort: cohortFrom(cohort),
      };
    },
    decide: ({ application, decision, offer, cohort }): Released => {
      if (!application || !cohort || decision?.version !== row.version) return { refusals: [changedMeanwhile] };
      const facts = { cohort, now: context.now };
      return withOffer(releaseDecision(decision, application, facts), offer, facts);
    },
    write: (next, before) => [
      ...writeApplication(next.application),
      ...writeReleased(next.decision, before.decision),
      ...(next.offer ? writeOffer(next.offer) : []),
    ],
  });
  if (carried.status === "done") return true;
  const { decision } = carried.loaded;
  return decision?.state === "RELEASED" && decision.version === row.version + 1;
}

type Released = Ruling<Place & { decision: Decision }, StateCode | "STALE">;

const changedMeanwhile = refusal("STALE", "This decision has changed since it was confirmed.");
