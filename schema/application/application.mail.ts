import type { Cohort } from "../cohort/cohort.ts";
import { windowOf } from "../cohort/window.ts";
import { facts, link, paragraph, type MailsOf, type Template } from "../shared/mail.ts";
import { instantInWords } from "../shared/time.ts";
import type { Application, ApplicationEvent } from "./application.ts";

/** What mails about an application know: its current state and its cohort. */
export interface ApplicationFacts {
  application: Application;
  cohort: Cohort;
}

/** The receipt goes out when an application is submitted; whoever let the window pass is told. */
export const applicationMails: MailsOf<ApplicationEvent> = (event) => {
  switch (event.type) {
    case "ApplicationSubmitted":
      return [{ template: "application-received", personId: event.facts.personId }];
    case "ApplicationExpired":
      return [{ template: "application-expired", personId: event.facts.personId }];
    default:
      return [];
  }
};

const KIND = { CANDIDATE: "candidate", MENTOR: "mentor" } as const;

/** The mails about applications by name. */
export const applicationTemplates: Record<string, Template<ApplicationFacts>> = {
  "application-received": {
    whenUnknown: "resend",
    // One that was withdrawn may be a draft again by now, or have expired as one.
    obsolete: ({ application }) =>
      ["WITHDRAWN", "DRAFT", "EXPIRED"].includes(application.state)
        ? "The application was withdrawn before its receipt went out."
        : null,
    write: ({ application, cohort }, { publicUrl }) => ({
      subject: `We have received your application ${application.number}`,
      blocks: [
        paragraph(
          `Thank you for applying as a ${KIND[application.kind]} to the ${cohort.name}. Your application is complete.`,
        ),
        facts(
          ["Application", application.number],
          ...("submission" in application && application.submission
            ? [["Received", instantInWords(application.submission.submittedAt, cohort.zone)] as const]
            : []),
        ),
        paragraph("The Steering Committee reads every application. We write to you as soon as it has decided."),
        link("See your application", `${publicUrl}/applications/${application.number}`),
      ],
    }),
  },
  "application-expired": {
    whenUnknown: "resend",
    obsolete: ({ application }) => (application.state === "EXPIRED" ? null : "The application was taken up again."),
    write: ({ application, cohort }) => ({
      subject: `Your application ${application.number} was not submitted`,
      blocks: [
        paragraph(
          `Applications for the ${cohort.name} closed on ` +
            `${instantInWords(windowOf(cohort, application.kind).closesAt, cohort.zone)}, and your application as a ${KIND[application.kind]} was still a draft.`,
        ),
        paragraph("What you wrote is kept. If something kept you from submitting, please answer this mail."),
        facts(["Application", application.number]),
      ],
    }),
  },
};
