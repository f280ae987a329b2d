import type { AboutApplication } from "../application/application.mail.ts";
import type { ApplicationState } from "../application/application.ts";
import { facts, link, paragraph, type Block, type MailsOf, type Template } from "../shared/mail.ts";
import { answerBlocks, termBlocks } from "../offer/offer.mail.ts";
import type { Offer } from "../offer/offer.ts";
import type { DecisionEvent, Outcome } from "./decision.ts";

const TEMPLATE_OF: Record<Outcome, string> = {
  ACCEPT: "decision-accepted",
  WAITLIST: "decision-waitlisted",
  DECLINE: "decision-declined",
};

const CORRECTION_OF: Record<Outcome, string> = {
  ACCEPT: "decision-corrected-accepted",
  WAITLIST: "decision-corrected-waitlisted",
  DECLINE: "decision-corrected-declined",
};

/** What mails about a decision know; accepted candidates have an offer to answer. */
export interface DecisionFacts extends AboutApplication {
  offer?: Offer;
}

/** A decision is told when it is released or reversed, never when it is prepared. */
export const decisionMails: MailsOf<DecisionEvent> = (event) => {
  switch (event.type) {
    case "DecisionReleased":
      return [{ template: TEMPLATE_OF[event.facts.outcome], personId: event.facts.personId }];
    case "DecisionReversed":
      return [{ template: CORRECTION_OF[event.facts.outcome], personId: event.facts.personId }];
    default:
      return [];
  }
};

function decisionTemplate(
  state: ApplicationState,
  write: (facts: DecisionFacts) => { subject: string; blocks: readonly Block[] },
): Template<DecisionFacts> {
  return {
    whenUnknown: "hold",
    obsolete: ({ application }) => (application.state === state ? null : "The application's state has changed since."),
    write: (known, frame) => {
      const { subject, blocks } = write(known);
      const answer = answerBlocks(known, frame);
      const see = link("See your application", `${frame.publicUrl}/applications/${known.application.number}`);
      return { subject, blocks: [...blocks, ...(answer.length > 0 ? answer : [see])] };
    },
  };
}

/** A decision in place of one that the applicant was told before, which is named as no longer valid. */
function correction(
  state: ApplicationState,
  decided: (facts: AboutApplication) => string,
  ...next: string[]
): Template<AboutApplication> {
  return decisionTemplate(state, (known) => ({
    subject: `Correction of our decision on your application ${known.application.number}`,
    blocks: [
      paragraph(
        `This mail corrects what we wrote to you about your application to the ${known.cohort.name}. ` +
          "Our earlier decision is no longer valid, and we apologize for the confusion.",
      ),
      paragraph(decided(known)),
      ...next.map(paragraph),
      facts(["Application", known.application.number]),
    ],
  }));
}

/** The mails about decisions by name. Scores, votes and reasons stay behind the sign-in. */
export const decisionTemplates: Record<string, Template<DecisionFacts>> = {
  "decision-accepted": decisionTemplate("ACCEPTED", ({ application, cohort }) => ({
    subject: `You are accepted: ${cohort.name}`,
    blocks:
      application.kind === "CANDIDATE"
        ? [
            paragraph(`Congratulations! The Steering Committee has accepted you as a candidate of the ${cohort.name}.`),
            ...termBlocks({ application, cohort }),
            paragraph("All sessions are mandatory. We write to you with the dates and about your mentor."),
          ]
        : [
            paragraph(`Thank you: the Steering Committee has selected you as a mentor of the ${cohort.name}.`),
            facts(["Application", application.number], ["Cohort", `${cohort.name}, ${cohort.region}`]),
            paragraph("We write to you about your candidate. Mentors attend the kickoff, not the classes."),
          ],
  })),
  "decision-waitlisted": decisionTemplate("WAITLISTED", ({ application, cohort }) => ({
    subject: `Your application ${application.number} is on the waitlist`,
    blocks: [
      paragraph(`The Steering Committee has placed your application to the ${cohort.name} on the waitlist.`),
      paragraph("When a place becomes free we write to you at once. There is nothing you need to do."),
      facts(["Application", application.number]),
    ],
  })),
  "decision-declined": decisionTemplate("DECLINED", ({ application, cohort }) => ({
    subject: `The decision on your application ${application.number}`,
    blocks: [
      paragraph(
        `Thank you for applying to the ${cohort.name}. The Steering Committee has decided not to offer you a place this year.`,
      ),
      paragraph("You are welcome to apply again to a later cohort. If you have a question, please answer this mail."),
      facts(["Application", application.number]),
    ],
  })),
  "decision-corrected-accepted": correction(
    "ACCEPTED",
    ({ application }) =>
      `The Steering Committee has accepted you as a ${application.kind === "CANDIDATE" ? "candidate" : "mentor"}.`,
    "We write to you with everything that follows from it.",
  ),
  "decision-corrected-waitlisted": correction(
    "WAITLISTED",
    () => "The Steering Committee has placed your application on the waitlist.",
    "When a place becomes free we write to you at once. If you have a question, please answer this mail.",
  ),
  "decision-corrected-declined": correction(
    "DECLINED",
    () => "The Steering Committee has decided not to offer you a place this year.",
    "You are welcome to apply again to a later cohort. If you have a question, please answer this mail.",
  ),
};
