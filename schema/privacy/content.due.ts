import { applicationFrom, applicationKey, writeApplication } from "../application/application.table.ts";
import { resumeFiles, type Application } from "../application/application.ts";
import { isContentDue, removeContent } from "../application/ending.ts";
import { decisionFrom, decisionKey, writeReleased } from "../decision/decision.table.ts";
import { removeProposalReasons } from "../decision/rationale.due.ts";
import { removeRationale } from "../decision/rationale.ts";
import { removeStored, type FileContext } from "../file/file.due.ts";
import { fileFrom, fileKey } from "../file/file.table.ts";
import { offerFrom, offerKey, writeOffer } from "../offer/offer.table.ts";
import { removeOfferTexts } from "../offer/offer.ts";
import { loadReviews, writeReview } from "../review/review.table.ts";
import { reviewId } from "../review/review.ts";
import { removeComments } from "../review/scoring.ts";
import { carryOut, type CommandContext } from "../shared/command.ts";
import type { Actor } from "../shared/event.ts";
import { removeNominationContent } from "./letter.due.ts";
import { redactHistories } from "./redact.table.ts";

/** Removes the content of an application that came to nothing, once it was kept as long as its cohort keeps it. */
export async function expireContent(context: FileContext, id: string): Promise<void> {
  const application = applicationFrom(await context.table.get(applicationKey(id)));
  if (!application || !isContentDue(application, context.now)) return;
  await removeResumes(context, application, {
    actor: { kind: "PROGRAM" },
    why: "Its application was kept as long as it may.",
  });
  await removeApplicationContent(context, application, {
    actor: { kind: "PROGRAM" },
    because: "ApplicationContentExpired",
  });
}

/** The résumés go first: the application is what tells that it is still to be done. */
async function removeResumes(
  context: FileContext,
  application: Application,
  facts: { actor: Actor; why: string },
): Promise<void> {
  for (const item of await context.table.getMany([...resumeFiles(application)].map(fileKey))) {
    const file = fileFrom(item);
    if (file && file.state !== "ERASED") await removeStored(context, file, facts);
  }
}

/**
 * Takes what a person wrote out of an application, the committee's reasons out of its decision and reviews, and all out of their
 * histories, and its letters with it. The histories come first: the record is what tells that it is still to be done. Answers how
 * much was removed.
 */
export async function removeApplicationContent(
  context: CommandContext,
  { id, reviewers, cleared = [] }: Application,
  facts: { actor: Actor; because: "ApplicationContentErased" | "ApplicationContentExpired" },
): Promise<number> {
  const { actor, because } = facts;
  const reviewed = reviewers ? await loadReviews(context.table, id) : [];
  const reviewIds = new Set([...reviewed, ...cleared].map(({ personId }) => reviewId(id, personId)));
  let lines = await redactHistories(context.table, [
    { kind: "Application", id },
    { kind: "Decision", id },
    { kind: "Offer", id },
    ...[...reviewIds].map((review) => ({ kind: "Review", id: review }) as const),
  ]);
  const found = applicationFrom(await context.table.get(applicationKey(id)));
  const proposals = found ? await removeProposalReasons(context, found, actor) : 0;
  for (const { requestId } of found?.letters ?? []) lines += await removeNominationContent(context, requestId, actor);
  const carried = await carryOut(context, {
    actor,
    load: async () => {
      const keys = [applicationKey(id), decisionKey(id), offerKey(id)];
      const [application, decision, offer] = await context.table.getMany(keys);
      return {
        application: applicationFrom(application),
        decision: decisionFrom(decision),
        offer: offerFrom(offer),
        reviews: reviewers ? await loadReviews(context.table, id) : [],
      };
    },
    decide: ({ application, decision, offer, reviews }) => {
      const isWanted =
        because === "ApplicationContentErased" || (application && isContentDue(application, context.now));
      const content = isWanted && application ? removeContent(application, { because, now: context.now }) : nothing;
      const reasons = isWanted && decision ? removeRationale(decision) : nothing;
      const texts = isWanted && offer ? removeOfferTexts(offer) : nothing;
      const comments = isWanted ? reviews.map(removeComments) : [];
      return {
        outcome: {
          application: content.outcome,
          decision: reasons.outcome,
          offer: texts.outcome,
          reviews: comments.flatMap(({ outcome, events }) => (events.length > 0 ? [outcome] : [])),
        },
        events: [...content.events, ...reasons.events, ...texts.events, ...comments.flatMap(({ events }) => events)],
      };
    },
    write: (next, before) => [
      ...(next.application && next.application !== before.application ? writeApplication(next.application) : []),
      ...(next.decision && next.decision !== before.decision ? writeReleased(next.decision, before.decision) : []),
      ...(next.offer && next.offer !== before.offer ? writeOffer(next.offer) : []),
      ...next.reviews.flatMap(writeReview),
    ],
  });
  if (carried.status !== "done") return lines + proposals;
  const { outcome, loaded } = carried;
  const isChanged = (one: unknown, before: unknown) => (one !== undefined && one !== before ? 1 : 0);
  const parts = ["application", "decision", "offer"] as const;
  const records = parts.reduce((sum, part) => sum + isChanged(outcome[part], loaded[part]), 0);
  return lines + proposals + records + outcome.reviews.length;
}

const nothing = { outcome: undefined, events: [] } as const;
