import { facts, paragraph, type MailsOf, type Template } from "../shared/mail.ts";
import type { ApplicationFacts } from "./application.mail.ts";
import { seeApplication } from "./application.mail.ts";
import type { ApplicationEvent } from "./application.ts";
import type { IneligibleReason } from "./eligibility.ts";
import { partsMissing } from "./parts.ts";

/** The applicant is told that the application was ruled out, or in again. */
export const eligibilityMails: MailsOf<ApplicationEvent> = (event) => {
  switch (event.type) {
    case "ApplicationRuledOut":
      return [{ template: "application-ruled-out", personId: event.facts.personId }];
    case "ApplicationRuledIn":
      return [{ template: "application-ruled-in", personId: event.facts.personId }];
    default:
      return [];
  }
};

/** The reasons as applicants read them. What staff wrote about it is not among them. */
const REASONS: Record<IneligibleReason, string> = {
  NO_K12_ORGANIZATION:
    "The program is for people who work for a K-12 organization, and we could not see from your application that you do.",
  NO_CTO_OBJECTIVE:
    "The program prepares for the work of a Chief Technology Officer, and we could not see from your application that this is your objective.",
  NOT_IN_SERVICE:
    "The program asks for a position in service that we could not see from your application that you hold at present.",
  DUPLICATE: "You have another application for the same cohort, which goes on.",
  OTHER: "It does not meet a requirement of the program. We gladly tell you more: please answer this mail.",
};

/** The mails about eligibility by name. */
export const eligibilityTemplates: Record<string, Template<ApplicationFacts>> = {
  "application-ruled-out": {
    whenUnknown: "hold",
    obsolete: ({ application }) => (application.state === "INELIGIBLE" ? null : "The application was ruled in again."),
    write: ({ application, cohort }) => ({
      subject: `Your application ${application.number} cannot be considered`,
      blocks: [
        paragraph(
          `Thank you for applying to the ${cohort.name}. We are sorry that your application cannot be considered.`,
        ),
        paragraph(REASONS[application.ineligibleFor ?? "OTHER"]),
        facts(["Application", application.number]),
        paragraph("If this is a mistake, please answer this mail."),
      ],
    }),
  },
  "application-ruled-in": {
    whenUnknown: "resend",
    obsolete: ({ application }) => (application.state === "INELIGIBLE" ? "The application was ruled out again." : null),
    write: ({ application, cohort }, frame) => ({
      subject: `Your application ${application.number} is considered again`,
      blocks: [
        paragraph(
          `We had written that your application to the ${cohort.name} cannot be considered. That was not right: ` +
            (application.state === "SUBMITTED"
              ? "it goes on, and waits for a part that is still missing."
              : "it is with the Steering Committee like every other."),
        ),
        ...(application.state === "SUBMITTED"
          ? partsMissing(application, cohort).map(({ message }) => paragraph(message))
          : []),
        seeApplication(application, frame),
      ],
    }),
  },
};
