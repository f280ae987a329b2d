import type { ApplicationEvent, Application } from "../application/application.ts";
import { lettersUntil, lettersUntilAtLast } from "../application/parts.ts";
import type { Cohort } from "../cohort/cohort.ts";
import type { DecisionEvent } from "../decision/decision.ts";
import { windowOf } from "../cohort/window.ts";
import type { Happening } from "../shared/decision.ts";
import { carried, facts, link, paragraph, type Block, type MailsOf, type Template } from "../shared/mail.ts";
import { instantInWords, type Instant } from "../shared/time.ts";
import { isChosen, isDecided, isOpen, takesLetters, type Nomination, type NominationEvent } from "./nomination.ts";
import { offeredTemplates } from "./offered.mail.ts";

/** What mails about a nomination know: everything as it is now, and what the event told. */
export interface NominationMailFacts {
  nomination: Nomination;
  cohort: Cohort;
  /** Null as long as none is found for it. */
  application: Application | null;
  /** What the candidate is called. */
  candidateName: string;
  /** Whether the time of the letters is over. */
  isOver: boolean;
  facts: Record<string, unknown>;
}

/**
 * Whoever nominates is asked, reminded, thanked, and told when it is decided. The applicant is told what became of it, never what
 * stands in it. Whom a letter is about that came by itself is told how to apply.
 */
export const nominationMails: MailsOf<NominationEvent | ApplicationEvent | DecisionEvent> = (event) => {
  const outsider = `nominator-${event.about.id}`;
  const toNominator = (template: string) => ({ template, personId: null, outsider });
  switch (event.type) {
    case "NominationRequested":
    case "NominationResent":
      return [toNominator("nomination-requested")];
    case "NominationReminded":
      return [toNominator("nomination-reminder")];
    case "NominationReopened":
      return [toNominator("nomination-reopened")];
    case "NominationProvided":
      return [toNominator("nomination-thanks"), ...toApplicant("nomination-received", event.facts.personId)];
    // With the applicant's own mail, and after it.
    case "DecisionReleased":
      return (event.facts.nominationIds ?? []).map((id) => {
        const about = { kind: "Nomination", id } as const;
        return { template: "nominator-informed", personId: null, outsider: `nominator-${id}`, about };
      });
    case "NominationMatched":
      return toApplicant("nomination-received", event.facts.personId);
    case "NominationRefused":
      return toApplicant("nomination-refused", event.facts.personId);
    case "NominationBounced":
      return toApplicant("nomination-bounced", event.facts.personId);
    case "NominationOffered":
      return [toNominator("nomination-confirm")];
    case "NominationConfirmed":
      return [toNominator("nomination-confirmed"), ...toNominee(event)];
    case "NominationRecorded":
      return toNominee(event);
    default:
      return [];
  }
};

function toNominee({ about, facts: { tellsNominee } }: Happening<string, { tellsNominee: boolean }>) {
  return tellsNominee ? [{ template: "nominee-invited", personId: null, outsider: `nominee-${about.id}` }] : [];
}

function toApplicant(template: string, personId: string | null) {
  return personId === null ? [] : [{ template, personId }];
}

const nominator = ({ nomination }: NominationMailFacts) => ({
  name: nomination.nominator.name,
  email: nomination.nominator.email ?? "",
  isUnreachable: nomination.state === "BOUNCED",
});

const linkOf = ({ facts: { linkId } }: NominationMailFacts) => String(linkId);

/** Asked for on the current state just before sending, so that nobody is asked for what is not needed any more. */
function obsoleteRequest({ nomination, application, isOver }: NominationMailFacts): string | null {
  if (!isOpen(nomination)) return "The nomination was answered, or is not needed any more.";
  if (application && !takesLetters(application)) return "The application takes no letters any more.";
  return isOver ? "The time for nominations is over." : null;
}

const until = ({ cohort, application }: NominationMailFacts): Instant =>
  application ? lettersUntil(cohort, application.kind) : lettersUntilAtLast(cohort);

function request(known: NominationMailFacts, opening: string, url: string): Block[] {
  const { candidateName, cohort } = known;
  return [
    paragraph(opening),
    facts(
      ["Candidate", candidateName],
      ["Cohort", `${cohort.name}, ${cohort.region}`],
      ["Please answer until", instantInWords(until(known), cohort.zone)],
    ),
    paragraph(
      "A nomination says why the organization supports the candidate. The Steering Committee reads it; the candidate does not. " +
        "You need no account: the link is for you alone.",
    ),
    link("Write or decline the nomination", url),
    paragraph("If you do not know the candidate, please answer this mail."),
  ];
}

const tellsApplicant = (state: Nomination["state"]) => ({
  whenUnknown: "resend" as const,
  obsolete: ({ nomination, application }: NominationMailFacts) => {
    if (nomination.contentRemovedAt !== undefined) return "The nomination was removed.";
    if (application && !takesLetters(application)) return "The application takes no letters any more.";
    return nomination.state === state ? null : "It stands otherwise by now.";
  },
});

const seeApplication = ({ application }: NominationMailFacts, publicUrl: string) =>
  link("See your application", `${publicUrl}/applications/${application?.number ?? ""}`);

/** Whose nomination it is, for the applicant: who came by themselves is not named. */
const whose = ({ nomination }: NominationMailFacts) =>
  nomination.origin === "REQUESTED" ? `The nomination by ${nomination.nominator.name}` : "A nomination";

/** The mails about nominations by name. */
export const nominationTemplates: Record<string, Template<NominationMailFacts>> = {
  ...offeredTemplates,
  "nomination-requested": {
    whenUnknown: "resend",
    obsolete: obsoleteRequest,
    carries: linkOf,
    outsider: nominator,
    write: (known, frame) => ({
      subject: `${known.candidateName} asks you for a nomination`,
      blocks: request(
        known,
        `${known.candidateName} is applying to the CTO Mentor Program and has named you as ` +
          `${known.nomination.nominator.position} to nominate them.`,
        carried(frame).url,
      ),
    }),
  },
  "nomination-reminder": {
    whenUnknown: "resend",
    mailClass: "REMINDER",
    obsolete: obsoleteRequest,
    carries: linkOf,
    outsider: nominator,
    write: (known, frame) => ({
      subject: `Reminder: ${known.candidateName} asks you for a nomination`,
      blocks: request(
        known,
        `We have not received your nomination of ${known.candidateName} yet. Without it the application may not be considered.`,
        carried(frame).url,
      ),
    }),
  },
  "nomination-reopened": {
    whenUnknown: "resend",
    obsolete: obsoleteRequest,
    carries: linkOf,
    outsider: nominator,
    write: (known, frame) => ({
      subject: `You can change your nomination of ${known.candidateName}`,
      blocks: request(
        known,
        "The program's staff have given your nomination back to you, so that you can change it and hand it in again.",
        carried(frame).url,
      ),
    }),
  },
  "nomination-thanks": {
    whenUnknown: "resend",
    obsolete: ({ nomination }) =>
      nomination.state === "PROVIDED" && nomination.contentRemovedAt === undefined
        ? null
        : "The nomination was given back, or removed.",
    outsider: nominator,
    write: ({ candidateName, cohort }) => ({
      subject: `We have received your nomination of ${candidateName}`,
      blocks: [
        paragraph("Thank you for taking the time. There is nothing left for you to do."),
        facts(["Candidate", candidateName], ["Cohort", `${cohort.name}, ${cohort.region}`]),
        paragraph("The Steering Committee reads it together with the application. The candidate does not see it."),
      ],
    }),
  },
  // Whether the person was chosen, and nothing else: whoever was not tells it themselves, if they want to.
  "nominator-informed": {
    whenUnknown: "hold",
    obsolete: ({ nomination, application, facts: { outcome } }) => {
      if (nomination.state !== "PROVIDED" || nomination.contentRemovedAt !== undefined) {
        return "The nomination was given back, or removed.";
      }
      if (!application || !isDecided(application)) return "The decision does not stand any more.";
      return isChosen(application) === (outcome === "ACCEPT") ? null : "The decision does not stand any more.";
    },
    outsider: nominator,
    write: ({ candidateName, cohort, facts: { outcome } }) => ({
      subject: `The decision on your nomination of ${candidateName}`,
      blocks: [
        paragraph(
          outcome === "ACCEPT"
            ? `The Steering Committee has chosen ${candidateName} for the ${cohort.name}. Thank you for your nomination.`
            : `The Steering Committee has decided on the application of ${candidateName} to the ${cohort.name}, and we have ` +
                "written to them. Thank you for your nomination.",
        ),
        paragraph("There is nothing you need to do."),
      ],
    }),
  },
  "nomination-received": {
    ...tellsApplicant("PROVIDED"),
    write: (known, { publicUrl }) => ({
      subject: "A nomination for you has come",
      blocks: [
        paragraph(`${whose(known)} for your application to the ${known.cohort.name} has come.`),
        facts(["Application", known.application?.number ?? ""]),
        paragraph("What stands in it is for the Steering Committee alone."),
        seeApplication(known, publicUrl),
      ],
    }),
  },
  "nomination-refused": {
    ...tellsApplicant("REFUSED"),
    write: (known, { publicUrl }) => ({
      subject: "Please name somebody else to nominate you",
      blocks: [
        paragraph(`${known.nomination.nominator.name} does not nominate you. You can name somebody else.`),
        facts(
          ["Application", known.application?.number ?? ""],
          ["Nominations are taken until", instantInWords(until(known), known.cohort.zone)],
        ),
        seeApplication(known, publicUrl),
      ],
    }),
  },
  "nomination-bounced": {
    ...tellsApplicant("BOUNCED"),
    write: (known, { publicUrl }) => ({
      subject: "The address of your nominator does not work",
      blocks: [
        paragraph(
          "Our mail to the person who is to nominate you came back. Please correct the address, or name somebody else.",
        ),
        facts(
          ["Name", known.nomination.nominator.name],
          ["Address", known.nomination.nominator.email ?? ""],
          ["Application", known.application?.number ?? ""],
          ["Nominations are taken until", instantInWords(until(known), known.cohort.zone)],
        ),
        seeApplication(known, publicUrl),
      ],
    }),
  },
  // Only that somebody did, and how to apply: who it was, and what they wrote, is not for the nominee.
  "nominee-invited": {
    whenUnknown: "resend",
    obsolete: ({ nomination, isOver }) => {
      if (nomination.nominee === null) return "There is an application by now, or the nomination is not kept any more.";
      return isOver ? "The time for nominations is over." : null;
    },
    // What somebody typed into the public form is not sent on to somebody else, not even a name.
    outsider: ({ nomination: { nominee, linkId } }) => ({
      name: linkId === null ? (nominee?.name ?? "") : "",
      email: nominee?.email ?? "",
    }),
    write: ({ cohort, nomination }, { publicUrl }) => ({
      ...(nomination.linkId !== null && { greeting: "Hello," }),
      subject: "Somebody has nominated you for the CTO Mentor Program",
      blocks: [
        paragraph(`Somebody has nominated you for the ${cohort.name}. If you would like to take part, please apply.`),
        facts(["Applications close", instantInWords(windowOf(cohort, "CANDIDATE").closesAt, cohort.zone)]),
        paragraph(
          "Please sign in with this e-mail address, so that the nomination finds your application. If you do not want to apply, " +
            "there is nothing you have to do.",
        ),
        link("See the program", publicUrl),
      ],
    }),
  },
};
