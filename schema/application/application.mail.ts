import type { Cohort } from "../cohort/cohort.ts";
import { windowOf } from "../cohort/window.ts";
import { facts, link, paragraph } from "../shared/mail.ts";
import type { Block, Frame, Letter, MailsOf, Template } from "../shared/mail.ts";
import { dateOf, daysBetween, instantInWords, type Instant } from "../shared/time.ts";
import { wasSubmitted, type Application, type ApplicationEvent } from "./application.ts";
import { copyOf } from "./copy.mail.ts";
import { missingParts } from "./draft.ts";
import { lettersUntil, partsMissing } from "./parts.ts";

/** What every mail about an application knows: its current state and its cohort. */
export interface AboutApplication {
  application: Application;
  cohort: Cohort;
}

/** What mails of the applicant's own steps know besides: the moment, and the name of who entered it for the applicant. */
export interface ApplicationFacts extends AboutApplication {
  now: Instant;
  /** Null where the applicant did it alone. */
  enteredByName: string | null;
}

/**
 * The receipt goes out when an application is submitted; whoever has a draft is told of its closing before and after it, and
 * whoever has not begun it themselves that it is there.
 */
export const applicationMails: MailsOf<ApplicationEvent> = (event) => {
  switch (event.type) {
    case "ApplicationStarted":
      return event.actingFor === undefined ? [] : [{ template: "application-entered", personId: event.actingFor }];
    case "DraftReminded":
      return [{ template: "application-draft-reminder", personId: event.facts.personId }];
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

/** The link to an application, as mails end. */
export function seeApplication({ number }: Application, { publicUrl }: Frame): Block {
  return link("See your application", `${publicUrl}/applications/${number}`);
}

/** The mails about applications by name. */
export const applicationTemplates: Record<string, Template<ApplicationFacts>> = {
  "application-entered": {
    whenUnknown: "resend",
    obsolete: ({ application }) =>
      application.state === "DRAFT" ? null : "The draft has been finished or ended since.",
    write: ({ application, cohort, enteredByName }, frame) => ({
      subject: `An application was begun for you: ${application.number}`,
      blocks: [
        paragraph(
          `${enteredByName ?? "Somebody"} of the program's staff has begun your application as a ${KIND[application.kind]} to ` +
            `the ${cohort.name} for you.`,
        ),
        facts(
          ["Application", application.number],
          ["Applications close", instantInWords(windowOf(cohort, application.kind).closesAt, cohort.zone)],
        ),
        paragraph(
          "You can go on with it yourself, or withdraw it, at any time. If you know nothing of it, please answer this mail.",
        ),
        seeApplication(application, frame),
      ],
    }),
  },
  "application-draft-reminder": {
    whenUnknown: "resend",
    mailClass: "REMINDER",
    obsolete: ({ application, cohort, now }) => {
      if (application.state !== "DRAFT") return "The application is no draft any more.";
      return now < windowOf(cohort, application.kind).closesAt ? null : "Applications have closed.";
    },
    write: ({ application, cohort, now }, frame) => {
      const closes = instantInWords(windowOf(cohort, application.kind).closesAt, cohort.zone);
      const missing = missingParts(application.draft, cohort.questions[application.kind]).length;
      return {
        subject: `Your application ${application.number} is not submitted yet: ${daysLeft(application, cohort, now)}`,
        blocks: [
          paragraph(
            `Your application as a ${KIND[application.kind]} to the ${cohort.name} is still a draft. Applications close on ${closes}; ` +
              "at that instant it is too late.",
          ),
          facts(
            ["Application", application.number],
            ["Still missing", missing === 0 ? "nothing: it can be submitted" : partsInWords(missing)],
          ),
          seeApplication(application, frame),
        ],
      };
    },
  },
  "application-received": {
    whenUnknown: "resend",
    // One that was withdrawn may be a draft again by now, or have expired as one.
    obsolete: ({ application }) =>
      ["WITHDRAWN", "DRAFT", "EXPIRED"].includes(application.state)
        ? "The application was withdrawn before its receipt went out."
        : null,
    write: ({ application, cohort, enteredByName }, frame) => ({
      subject: `We have received your application ${application.number}`,
      blocks: [
        paragraph(
          `Thank you for applying as a ${KIND[application.kind]} to the ${cohort.name}. Your application is complete.`,
        ),
        facts(
          ["Application", application.number],
          ...(wasSubmitted(application)
            ? [["Received", instantInWords(application.submission.submittedAt, cohort.zone)] as const]
            : []),
          ...(enteredByName === null ? [] : [["Entered for you by", `${enteredByName}, program staff`] as const]),
        ),
        paragraph("The Steering Committee reads every application. We write to you as soon as it has decided."),
        seeApplication(application, frame),
        ...(wasSubmitted(application) ? copyOf(application.submission) : []),
      ],
    }),
  },
  "application-incomplete": {
    whenUnknown: "resend",
    obsolete: ({ application }) =>
      application.state === "SUBMITTED" ? null : "The application is complete by now, or has come to an end.",
    write: ({ application, cohort, enteredByName }, frame) => ({
      subject: `We have received your application ${application.number}; a part is missing`,
      blocks: [
        paragraph(
          `Thank you for applying as a ${KIND[application.kind]} to the ${cohort.name}. Your application is not complete yet, ` +
            "because something is missing that somebody else supplies:",
        ),
        ...partsMissing(application, cohort).map(({ message }) => paragraph(message)),
        facts(
          ["Application", application.number],
          ["It can come until", instantInWords(lettersUntil(cohort, application.kind), cohort.zone)],
          ...(enteredByName === null ? [] : [["Entered for you by", `${enteredByName}, program staff`] as const]),
        ),
        paragraph(
          "We write to you as soon as it has come. If it does not come in time, your application cannot be considered.",
        ),
        seeApplication(application, frame),
        ...(wasSubmitted(application) ? copyOf(application.submission) : []),
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

/** Counted when it is sent: a mail that waited tells the days as they are. */
function daysLeft(application: Application, cohort: Cohort, now: Instant): string {
  const { zone } = cohort;
  const days = daysBetween(dateOf(now, zone), dateOf(windowOf(cohort, application.kind).closesAt, zone));
  if (days === 0) return "applications close today";
  return days === 1 ? "1 day left" : `${days} days left`;
}

function partsInWords(count: number): string {
  return count === 1 ? "1 part" : `${count} parts`;
}

function unsubmitted(application: Application, cohort: Cohort): Letter {
  return {
    subject: `Your application ${application.number} was not submitted`,
    blocks: [
      paragraph(
        `Applications for the ${cohort.name} closed on ${instantInWords(windowOf(cohort, application.kind).closesAt, cohort.zone)}, ` +
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
          `supply has not come until ${instantInWords(lettersUntil(cohort, application.kind), cohort.zone)}:`,
      ),
      ...partsMissing(application, cohort).map(({ message }) => paragraph(message)),
      paragraph("So it cannot be considered for this cohort. If something went wrong, please answer this mail."),
      facts(["Application", application.number]),
    ],
  };
}
