import type { Person } from "../person/person.ts";
import { holds } from "../person/role.ts";
import { facts, link, paragraph, quote, type MailsOf, type Template } from "../shared/mail.ts";
import { dateInWords } from "../shared/time.ts";
import type { ApplicationFacts } from "./application.mail.ts";
import { seeApplication } from "./application.mail.ts";
import { isRecusedFrom, type ApplicationEvent } from "./application.ts";
import { openInformation, type ApplicationPart, type InformationRequest } from "./information.ts";

/** What mails about a request know, and whom it is sent to: whoever asked may not be the one to read of it any more. */
export interface InformationFacts extends ApplicationFacts {
  recipient: Person | null;
}

/** The applicant is told what is asked and until when, and whoever asked what became of it. */
export const informationMails: MailsOf<ApplicationEvent> = (event) => {
  switch (event.type) {
    case "InformationAsked":
    case "InformationExtended":
      return [{ template: "information-asked", personId: event.facts.personId }];
    case "InformationReminded":
      return [{ template: "information-reminder", personId: event.facts.personId }];
    case "InformationCancelled":
      return [{ template: "information-cancelled", personId: event.facts.personId }];
    case "InformationProvided":
      return [{ template: "information-provided", personId: event.facts.askedBy }];
    case "InformationMissed":
      return [{ template: "information-missed", personId: event.facts.askedBy }];
    default:
      return [];
  }
};

const PARTS: Record<ApplicationPart, string> = {
  ORGANIZATION: "Organization",
  JOB_TITLE: "Job title",
  RESUME: "Résumé",
};

const overtaken = "What was asked has been answered, taken back or overtaken since.";

/** The mails about what is asked of applicants, by name. */
export const informationTemplates: Record<string, Template<InformationFacts>> = {
  "information-asked": {
    whenUnknown: "resend",
    obsolete: obsoleteToApplicant,
    write: (known, frame) => {
      const asked = openInformation(known.application)!;
      return {
        subject: `We need something more for your application ${known.application.number}`,
        blocks: [
          paragraph(
            `There is a question about your application to the ${known.cohort.name}. You can change the sections below until the ` +
              `end of ${dateInWords(asked.dueOn)}; everything else stays as you submitted it.`,
          ),
          sectionsOf(asked, known),
          quote("What is asked", asked.message),
          seeApplication(known.application, frame),
        ],
      };
    },
  },
  "information-reminder": {
    whenUnknown: "resend",
    mailClass: "REMINDER",
    obsolete: obsoleteToApplicant,
    write: (known, frame) => {
      const asked = openInformation(known.application)!;
      return {
        subject: `Please answer by ${dateInWords(asked.dueOn)}: your application ${known.application.number}`,
        blocks: [
          paragraph(
            `We have asked for something more about your application to the ${known.cohort.name}, and it has not been handed in ` +
              `yet. You can do so until the end of ${dateInWords(asked.dueOn)}.`,
          ),
          sectionsOf(asked, known),
          seeApplication(known.application, frame),
        ],
      };
    },
  },
  "information-cancelled": {
    whenUnknown: "resend",
    obsolete: ({ application }) => (openInformation(application) ? "Something is asked again." : null),
    write: ({ application, cohort }, frame) => ({
      subject: `Nothing more is needed for your application ${application.number}`,
      blocks: [
        paragraph(
          `What we had asked for about your application to the ${cohort.name} is not needed any more. It stands as you submitted it.`,
        ),
        seeApplication(application, frame),
      ],
    }),
  },
  "information-provided": {
    whenUnknown: "resend",
    obsolete: obsoleteToOffice,
    write: ({ application, cohort }, { publicUrl }) => ({
      subject: `What you asked for has come: application ${application.number}`,
      blocks: [
        paragraph(`The applicant has handed in what you asked for about an application to the ${cohort.name}.`),
        link("See the application", `${publicUrl}/applications/${application.number}`),
      ],
    }),
  },
  "information-missed": {
    whenUnknown: "resend",
    obsolete: (known) =>
      obsoleteToOffice(known) ?? (openInformation(known.application)?.missedAt == null ? overtaken : null),
    write: ({ application, cohort }, { publicUrl }) => ({
      subject: `What you asked for has not come: application ${application.number}`,
      blocks: [
        paragraph(
          `The applicant has not handed in what you asked for about an application to the ${cohort.name}, and the time for it is ` +
            "over. You can give them more time, or take it back; until then what they submitted stands.",
        ),
        link("See the application", `${publicUrl}/applications/${application.number}`),
      ],
    }),
  },
};

function obsoleteToApplicant({ application, now }: InformationFacts): string | null {
  const asked = openInformation(application);
  return asked && now < asked.dueAt ? null : overtaken;
}

/** Offices end, and people are recused: whoever asked reads of it only while they may read the application. */
function obsoleteToOffice({ application, recipient, now }: InformationFacts): string | null {
  const viewer = recipient && { person: recipient, now };
  const isInOffice = holds(viewer, ["STAFF", "CHAIR"], application.cohortId);
  return isInOffice && !isRecusedFrom(viewer, application.id)
    ? null
    : "Whoever asked does not see the application any more.";
}

function sectionsOf({ parts, questionIds, dueOn }: InformationRequest, { application, cohort }: InformationFacts) {
  const prompts = cohort.questions[application.kind].flatMap(({ id, prompt }) =>
    questionIds.includes(id) ? [["Question", prompt] as const] : [],
  );
  return facts(
    ["Application", application.number],
    ...parts.map((part) => ["Section", PARTS[part]] as const),
    ...prompts,
    ["Until the end of", dateInWords(dueOn)],
  );
}
