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
  await removeApplicationContent(context, id, { actor: { kind: "PROGRAM" }, because: "ApplicationContentExpired" });
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
 * Takes what a person wrote out of an application, the committee's reasons out of its decision, and both out of their
 * histories, and its letters with it. The histories come first: the record is what tells that it is still to be done. Answers how much was removed.
 */
export async function removeApplicationContent(
  context: CommandContext,
  id: string,
  facts: { actor: Actor; because: "ApplicationContentErased" | "ApplicationContentExpired" },
): Promise<number> {
  const { actor, because } = facts;
  let lines = await redactHistories(context.table, [
    { kind: "Application", id },
    { kind: "Decision", id },
    { kind: "Offer", id },
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
      };
    },
    decide: ({ application, decision, offer }) => {
      const isWanted =
        because === "ApplicationContentErased" || (application && isContentDue(application, context.now));
      const content = isWanted && application ? removeContent(application, { because, now: context.now }) : nothing;
      const reasons = isWanted && decision ? removeRationale(decision) : nothing;
      const texts = isWanted && offer ? removeOfferTexts(offer) : nothing;
      return {
        outcome: { application: content.outcome, decision: reasons.outcome, offer: texts.outcome },
        events: [...content.events, ...reasons.events, ...texts.events],
      };
    },
    write: (next, before) => [
      ...(next.application && next.application !== before.application ? writeApplication(next.application) : []),
      ...(next.decision && next.decision !== before.decision ? writeReleased(next.decision, before.decision) : []),
      ...(next.offer && next.offer !== before.offer ? writeOffer(next.offer) : []),
    ],
  });
  if (carried.status !== "done") return lines + proposals;
  const { outcome, loaded } = carried;
  const isChanged = (one: unknown, before: unknown) => (one !== undefined && one !== before ? 1 : 0);
  const parts = ["application", "decision", "offer"] as const;
  return lines + proposals + parts.reduce((sum, part) => sum + isChanged(outcome[part], loaded[part]), 0);
}

const nothing = { outcome: undefined, events: [] } as const;
