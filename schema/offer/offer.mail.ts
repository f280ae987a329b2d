import type { AboutApplication } from "../application/application.mail.ts";
import { facts, link, paragraph, type Block, type Frame, type MailsOf, type Template } from "../shared/mail.ts";
import { moneyInWords } from "../shared/money.ts";
import { dateOf, daysBetween, instantInWords } from "../shared/time.ts";
import type { Offer, OfferEvent, OfferState } from "./offer.ts";

/** What mails about an offer know: its application, its cohort and the offer, as they are now. */
export interface OfferFacts extends AboutApplication {
  offer: Offer;
}

const TEMPLATE_OF: Partial<Record<OfferEvent["type"], string>> = {
  OfferPromoted: "offer-promoted",
  DeferralTakenUp: "offer-from-deferral",
  OfferDeclined: "offer-declined",
  OfferLapsed: "offer-lapsed",
  OfferExtended: "offer-extended",
  OfferConditionsSet: "offer-conditions",
  OfferReminderDue: "offer-reminder",
  OfferDeferred: "offer-deferred",
  OfferDeferralRefused: "offer-deferral-refused",
};

/** The candidate is told whatever happens to the offer; with the first one the decision itself is told. */
export const offerMails: MailsOf<OfferEvent> = (event) => {
  const template = TEMPLATE_OF[event.type];
  return template === undefined ? [] : [{ template, personId: (event.facts as { personId: string }).personId }];
};

/** Until when and where an offer is answered; nothing once it is. */
export function answerBlocks(
  { application, cohort, offer }: AboutApplication & { offer?: Offer },
  { publicUrl }: Frame,
): Block[] {
  if (offer?.state !== "OFFERED") return [];
  return [
    paragraph(
      `Please accept or decline the place before ${instantInWords(offer.dueAt, cohort.zone)}. Without an answer it lapses ` +
        "then, and goes to the next on the waitlist. All dates of the program are mandatory.",
    ),
    ...(offer.conditions === null ? [] : [paragraph("The place has conditions: you read them where you answer.")]),
    link("Answer the offer", `${publicUrl}/applications/${application.number}/offer`),
  ];
}

/** What is offered. */
export function termBlocks({ application, cohort }: AboutApplication): Block[] {
  return [
    facts(
      ["Application", application.number],
      ["Cohort", `${cohort.name}, ${cohort.region}`],
      ["Tuition", moneyInWords(cohort.tuition)],
    ),
  ];
}

function offerTemplate(
  state: OfferState,
  write: (known: OfferFacts, frame: Frame) => { subject: string; blocks: readonly Block[] },
  whenUnknown: "resend" | "hold" = "hold",
): Template<OfferFacts> {
  return {
    whenUnknown,
    obsolete: ({ offer }) => (offer.state === state ? null : "The offer's state has changed since."),
    write,
  };
}

/** A mail about an offer that is of no use once it was answered, or can be no more. */
function openTemplate(write: Parameters<typeof offerTemplate>[1]): Template<OfferFacts> {
  return offerTemplate("OFFERED", write, "resend");
}

/** The mails about offers by name. What somebody gave as a reason stays behind the sign-in. */
export const offerTemplates: Record<string, Template<OfferFacts>> = {
  "offer-promoted": offerTemplate("OFFERED", (known, frame) => ({
    subject: `A place is free for you: ${known.cohort.name}`,
    blocks: [
      paragraph(
        `Congratulations! A place in the ${known.cohort.name} has become free, and you were the first on the waitlist: it is ` +
          "offered to you.",
      ),
      ...termBlocks(known),
      ...answerBlocks(known, frame),
    ],
  })),
  "offer-from-deferral": offerTemplate("OFFERED", (known, frame) => ({
    subject: `Your place in a later cohort: ${known.cohort.name}`,
    blocks: [
      paragraph(`You had asked to take part later: a place in the ${known.cohort.name} is offered to you.`),
      ...termBlocks(known),
      ...answerBlocks(known, frame),
    ],
  })),
  "offer-reminder": {
    ...openTemplate((known, frame) => ({
      subject: reminderSubject(known, frame),
      blocks: [
        paragraph(`A place in the ${known.cohort.name} is waiting for your answer.`),
        ...answerBlocks(known, frame),
        facts(["Application", known.application.number]),
      ],
    })),
    mailClass: "REMINDER",
  },
  "offer-extended": openTemplate((known, frame) => ({
    subject: `You have more time to answer: ${known.cohort.name}`,
    blocks: [
      paragraph(`You have more time to answer the offer of a place in the ${known.cohort.name}.`),
      ...answerBlocks(known, frame),
      facts(["Application", known.application.number]),
    ],
  })),
  "offer-conditions": openTemplate((known, frame) => ({
    subject: `The conditions of your place have changed: ${known.cohort.name}`,
    blocks: [
      paragraph(
        known.offer.conditions === null
          ? `The place in the ${known.cohort.name} that is offered to you has no conditions any more.`
          : `The conditions of the place in the ${known.cohort.name} that is offered to you have changed.`,
      ),
      ...answerBlocks(known, frame),
      facts(["Application", known.application.number]),
    ],
  })),
  "offer-declined": offerTemplate("DECLINED", ({ application, cohort }) => ({
    subject: `You have declined your place: ${cohort.name}`,
    blocks: [
      paragraph(`Thank you for telling us. Your place in the ${cohort.name} goes to somebody on the waitlist.`),
      paragraph("If you did not decline it, please answer this mail at once."),
      facts(["Application", application.number]),
    ],
  })),
  "offer-lapsed": offerTemplate("LAPSED", ({ application, cohort, offer }) => ({
    subject: `Your place has lapsed: ${cohort.name}`,
    blocks: [
      paragraph(
        `We had no answer to the offer of a place in the ${cohort.name} by ${instantInWords(offer.dueAt, cohort.zone)}. ` +
          "Your place has lapsed and goes to somebody on the waitlist.",
      ),
      paragraph("If something kept you from answering, please answer this mail."),
      facts(["Application", application.number]),
    ],
  })),
  "offer-deferred": offerTemplate("DEFERRED", ({ application, cohort }) => ({
    subject: "You take part in a later cohort",
    blocks: [
      paragraph(
        `As you asked, you do not take part in the ${cohort.name}. We write to you when there is a place for you in a later ` +
          "cohort; until then there is nothing you need to do.",
      ),
      facts(["Application", application.number]),
    ],
  })),
  "offer-deferral-refused": {
    whenUnknown: "hold",
    obsolete: ({ offer }) =>
      offer.state === "OFFERED" || offer.state === "ACCEPTED" ? null : "The offer's state has changed since.",
    write: (known, frame) => ({
      subject: `Your place cannot be deferred: ${known.cohort.name}`,
      blocks: [
        paragraph(
          `You asked to take part in a later cohort. That is not possible; your place in the ${known.cohort.name} stands as before.`,
        ),
        ...answerBlocks(known, frame),
        facts(["Application", known.application.number]),
      ],
    }),
  },
};

function reminderSubject({ cohort, offer }: OfferFacts, { now }: Frame): string {
  const days = daysBetween(dateOf(now, cohort.zone), offer.answerBy);
  if (days <= 0) return `Please answer today: your place in the ${cohort.name}`;
  return `Please answer within ${days} ${days === 1 ? "day" : "days"}: your place in the ${cohort.name}`;
}
