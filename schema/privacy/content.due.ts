import { applicationFrom, applicationKey, writeApplication } from "../application/application.table.ts";
import { resumeOf, type Application } from "../application/application.ts";
import { isContentDue, removeContent } from "../application/ending.ts";
import { decisionFrom, decisionKey, writeReleased } from "../decision/decision.table.ts";
import { removeRationale } from "../decision/decision.ts";
import { removeStored, type FileContext } from "../file/file.due.ts";
import { fileFrom, fileKey } from "../file/file.table.ts";
import { loadReviews, writeReview } from "../review/review.table.ts";
import { reviewId } from "../review/review.ts";
import { removeComments } from "../review/scoring.ts";
import { carryOut, type CommandContext } from "../shared/command.ts";
import type { Subject } from "../shared/decision.ts";
import { rewriteEvent, type Actor, type Recorded } from "../shared/event.ts";
import type { Table } from "../shared/table.ts";
import { isPersonal, redacted } from "./redact.ts";
import { readHistory } from "./trace.table.ts";

/** Removes the content of an application that came to nothing, once it was kept as long as its cohort keeps it. */
export async function expireContent(context: FileContext, id: string): Promise<void> {
  const application = applicationFrom(await context.table.get(applicationKey(id)));
  if (!application || !isContentDue(application, context.now)) return;
  await removeResume(context, application, {
    actor: { kind: "PROGRAM" },
    why: "Its application was kept as long as it may.",
  });
  await removeApplicationContent(context, application, {
    actor: { kind: "PROGRAM" },
    because: "ApplicationContentExpired",
  });
}

/** The résumé goes first: the application is what tells that it is still to be done. */
async function removeResume(
  context: FileContext,
  application: Application,
  facts: { actor: Actor; why: string },
): Promise<void> {
  const resume = resumeOf(application);
  const file = resume && fileFrom(await context.table.get(fileKey(resume.fileId)));
  if (file && file.state !== "ERASED") await removeStored(context, file, facts);
}

/**
 * Takes what a person wrote out of an application, the committee's reasons out of its decision and reviews, and all out of their
 * histories. The histories come first: the record is what tells that it is still to be done. Answers how much was removed.
 */
export async function removeApplicationContent(
  context: CommandContext,
  { id, reviewers, cleared = [] }: Application,
  facts: { actor: Actor; because: "ApplicationContentErased" | "ApplicationContentExpired" },
): Promise<number> {
  const { actor, because } = facts;
  const reviewed = reviewers ? await loadReviews(context.table, id) : [];
  const reviewIds = new Set([...reviewed, ...cleared].map(({ personId }) => reviewId(id, personId)));
  const lines = await redactHistories(context.table, [
    { kind: "Application", id },
    { kind: "Decision", id },
    ...[...reviewIds].map((review) => ({ kind: "Review", id: review }) as const),
  ]);
  const carried = await carryOut(context, {
    actor,
    load: async () => {
      const [application, decision] = await context.table.getMany([applicationKey(id), decisionKey(id)]);
      const reviews = reviewers ? await loadReviews(context.table, id) : [];
      return { application: applicationFrom(application), decision: decisionFrom(decision), reviews };
    },
    decide: ({ application, decision, reviews }) => {
      const isWanted =
        because === "ApplicationContentErased" || (application && isContentDue(application, context.now));
      const content = isWanted && application ? removeContent(application, { because, now: context.now }) : nothing;
      const reasons = isWanted && decision ? removeRationale(decision) : nothing;
      const comments = isWanted ? reviews.map(removeComments) : [];
      return {
        outcome: {
          application: content.outcome,
          decision: reasons.outcome,
          reviews: comments.flatMap(({ outcome, events }) => (events.length > 0 ? [outcome] : [])),
        },
        events: [...content.events, ...reasons.events, ...comments.flatMap(({ events }) => events)],
      };
    },
    write: (next, before) => [
      ...(next.application && next.application !== before.application ? writeApplication(next.application) : []),
      ...(next.decision && next.decision !== before.decision ? writeReleased(next.decision, before.decision) : []),
      ...next.reviews.flatMap(writeReview),
    ],
  });
  if (carried.status !== "done") return lines;
  const { outcome, loaded } = carried;
  const isChanged = (one: unknown, before: unknown) => (one !== undefined && one !== before ? 1 : 0);
  const records = isChanged(outcome.application, loaded.application) + isChanged(outcome.decision, loaded.decision);
  return lines + records + outcome.reviews.length;
}

const nothing = { outcome: undefined, events: [] } as const;

/** A transaction takes 100 writes and 4 MB; an event is short. */
const AT_ONCE = 25;

/**
 * Takes the personal texts out of histories, of all lines or of those meant. Answers how many lines were rewritten; done
 * twice, none the second time.
 */
export async function redactHistories(
  table: Table,
  subjects: readonly Subject[],
  isMeant: (event: Recorded) => boolean = () => true,
): Promise<number> {
  let lines = 0;
  for (const about of subjects) {
    const personal = (await readHistory(table, about)).filter((event) => isMeant(event) && isPersonal(event));
    for (let start = 0; start < personal.length; start += AT_ONCE) {
      await table.commit(personal.slice(start, start + AT_ONCE).map((event) => rewriteEvent(redacted(event))));
    }
    lines += personal.length;
  }
  return lines;
}
