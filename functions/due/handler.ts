import { expireIncomplete, lookAfterDraft, lookAfterRequest } from "../../schema/application/application.due.ts";
import { remindHolder } from "../../schema/certificate/certificate.due.ts";
import { resumeMotion } from "../../schema/decision/motion.due.ts";
import { resumeRelease } from "../../schema/decision/release.due.ts";
import { expireFile, type FileContext } from "../../schema/file/file.due.ts";
import { lookAfterJoint } from "../../schema/joint/joint.due.ts";
import { lookAfterOffer, resumeOpening } from "../../schema/offer/offer.due.ts";
import { sweepMessage } from "../../schema/message/message.due.ts";
import { lookAfterNomination } from "../../schema/nomination/nomination.due.ts";
import { expireContent } from "../../schema/privacy/content.due.ts";
import { lookAfterReviews } from "../../schema/review/review.due.ts";
import { resumeErasure } from "../../schema/privacy/erasure.due.ts";
import { resumeProposal } from "../../schema/team/publish.due.ts";
import { lookAfterTeam } from "../../schema/team/team.due.ts";
import { DUE_SHARDS, dueShard, key, type Entity, type Item } from "../../schema/shared/keys.ts";
import type { Position } from "../../schema/shared/table.ts";
import type { Runtime } from "../runtime.ts";

/** What is done with each kind of item that is due. Each reads it again by key before it decides. */
const DUTIES: Partial<Record<Entity, (context: FileContext, id: string, item: Item) => Promise<void>>> = {
  APPLICATION: lookAfterApplication,
  CERTIFICATE: remindHolder,
  REVIEW: lookAfterReviews,
  RELEASE: resumeRelease,
  OFFER: lookAfterOffer,
  OPENING: resumeOpening,
  JOINT: lookAfterJoint,
  MOTION: resumeMotion,
  NOMINATION: lookAfterNomination,
  MESSAGE: sweepMessage,
  FILE: expireFile,
  ERASURE: resumeErasure,
  TEAM: lookAfterTeam,
  PROPOSAL: resumeProposal,
};

/**
 * A draft's writer is reminded of the closing, at which it expires; an applicant of what staff have asked for; one that waits for
 * letters expires when their time is over; and what came to nothing is kept for a while only.
 */
async function lookAfterApplication(context: FileContext, id: string, item: Item): Promise<void> {
  if (item["state"] === "DRAFT") return lookAfterDraft(context, id);
  if (item["information"] !== undefined) await lookAfterRequest(context, id);
  return item["state"] === "SUBMITTED" ? expireIncomplete(context, id) : expireContent(context, id);
}

/** Most items of one call, so that it ends well within its time; the next call goes on. */
const MOST = 500;
const PAGE = 50;

/** How many due items were looked after, and whether there are more. */
export interface Done {
  done: number;
  more: boolean;
}

/** Does what has become due. Running it twice, late, or twice at once does the same as running it once in time. */
export function dueHandler(runtime: Runtime): (event: unknown) => Promise<Done> {
  return async () => {
    const { table, ids, files, logger } = runtime;
    const context = { table, ids, files, now: runtime.clock.now() };
    let done = 0;
    for (let shard = 0; shard < DUE_SHARDS; shard++) {
      let after: Position | undefined;
      do {
        const sort = { upTo: key(context.now, "\uffff") };
        const page = await table.query({ index: "byDue", partition: dueShard(shard), sort, limit: PAGE, after });
        for (const item of page.items) {
          try {
            await DUTIES[item.entity]?.(context, item["id"] as string, item);
            done++;
          } catch (error) {
            // One that fails must not keep the others waiting; it is due again at the next call.
            logger.error("A due item failed", { entity: item.entity, id: item["id"] as string, error: error as Error });
          }
        }
        after = page.next;
        if (done >= MOST) return { done, more: true };
      } while (after);
    }
    return { done, more: false };
  };
}
