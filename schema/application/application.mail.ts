import type { Cohort } from "../cohort/cohort.ts";
import { facts, link, paragraph, type Letter, type MailsOf, type Template } from "../shared/mail.ts";
import { instantInWords } from "../shared/time.ts";
import { wasSubmitted, type Application, type ApplicationEvent } from "./application.ts";
import { lettersUntil, partsMissing } from "./parts.ts";

/** What mails about an application know: its current state and its cohort. */
export interface ApplicationFacts {
  application: Application;
  cohort: Cohort;
}

/** The receipt goes out when an application is submitted; whoever let the window pass is told. */
export const applicationMails: MailsOf<ApplicationEvent> = (event) => {
  switch (event.type) {
    case "ApplicationSubmitted":
      return [
        {
          template: event.after?.["state"] === "SUBMITTED" ? "application-incomplete" : "application-received",
          personId: event.facts.personId,
        },
      ];
    case "ApplicationCompleted":
      return [{ template: "application-complete", personId: event.facts.personId }];
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
  "application-incomplete": {
    whenUnknown: "resend",
    obsolete: ({ application }) =>
      application.state === "SUBMITTED" ? null : "The application is complete by now, or has come to an end.",
    write: ({ application, cohort }, { publicUrl }) => ({
      subject: `We have received your application ${application.number}; a part is missing`,
      blocks: [
        paragraph(
          `Thank you for applying as a ${KIND[application.kind]} to the ${cohort.name}. Your application is not complete yet, ` +
            "because something is missing that somebody else supplies:",
        ),
        ...partsMissing(application, cohort).map(({ message }) => paragraph(message)),
        facts(
          ["Application", application.number],
          ["It can come until", instantInWords(lettersUntil(cohort), cohort.zone)],
        ),
        paragraph(
          "We write to you as soon as it has come. If it does not come in time, your application cannot be considered.",
        ),
        link("See your application", `${publicUrl}/applications/${application.number}`),
      ],
    }),
  },
  "application-complete": {
    whenUnknown: "resend",
    obsolete: ({ application }) =>
      ["WITHDRAWN", "DRAFT", "EXPIRED"].includes(application.state) ? "The application was withdrawn." : null,
    write: ({ application, cohort }, { publicUrl }) => ({
      subject: `Your application ${application.number} is complete`,
      blocks: [
        paragraph(`Everything that your application to the ${cohort.name} needs is there.`),
        facts(["Application", application.number]),
        paragraph("The Steering Committee reads every application. We write to you as soon as it has decided."),
        link("See your application", `${publicUrl}/applications/${application.number}`),
      ],
    }),
  },
  "application-expired": {
    whenUnknown: "resend",
    obsolete: ({ application }) => (application.state === "EXPIRED" ? null : "The application was taken up again."),
    write: ({ application, cohort }) =>
      wasSubmitted(application) ? incomplete(application, cohort) : unsubmitted(application, cohort),
  },
};

function unsubmitted(application: Application, cohort: Cohort): Letter {
  return {
    subject: `Your application ${application.number} was not submitted`,
    blocks: [
      paragraph(
        `Applications for the ${cohort.name} closed on ${instantInWords(cohort.window.closesAt, cohort.zone)}, ` +
          `and your application as a ${KIND[application.kind]} was still a draft.`,
      ),
      paragraph("What you wrote is kept. If something kept you from submitting, please answer this mail."),
      facts(["Application", application.number]),
    ],
  };
}

function incomplete(application: Application, cohort: Cohort): Letter {
  return {
    subject: `Your application ${application.number} was not complete in time`,
    blocks: [
      paragraph(
        `Your application as a ${KIND[application.kind]} to the ${cohort.name} was submitted, but what somebody else was to ` +
          `supply has not come until ${instantInWords(lettersUntil(cohort), cohort.zone)}:`,
      ),
      ...partsMissing(application, cohort).map(({ message }) => paragraph(message)),
      paragraph("So it cannot be considered for this cohort. If something went wrong, please answer this mail."),
      facts(["Application", application.number]),
    ],
  };
}
