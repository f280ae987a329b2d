import type { ApplicationFacts } from "../application/application.mail.ts";
import { isRecusedFrom, type Application } from "../application/application.ts";
import type { Person } from "../person/person.ts";
import { facts, link, paragraph, type Block, type MailsOf, type Template } from "../shared/mail.ts";
import { instantInWords, type Instant } from "../shared/time.ts";
import { isOutstanding } from "./reminder.ts";
import { isUnderReview, mayAssign, type Review, type ReviewEvent } from "./review.ts";

/** What a digest to a reviewer knows: everything they were ever assigned, as it is now. */
export interface ReviewerFacts {
  person: Person;
  work: readonly { review: Review; application: Application }[];
  now: Instant;
}

/** What whoever assigned a reviewer is told when that one has a conflict. */
export interface ConflictFacts extends ApplicationFacts {
  recipient: Person;
  now: Instant;
}

/** Reviewers get one mail for everything that was assigned to them, and one a day of what is left. */
export const reviewMails: MailsOf<ReviewEvent> = (event) => {
  switch (event.type) {
    case "ReviewsAssigned":
      return [{ template: "reviews-assigned", personId: event.about.id }];
    case "ReviewsDue":
      return [{ template: "reviews-due", personId: event.about.id }];
    default:
      return [];
  }
};

/** Whoever assigned a reviewer is told of the reviewer's conflict, because somebody else has to review. */
export const conflictMails: MailsOf<ReviewEvent> = (event) =>
  event.type === "ReviewConflictFound" ? [{ template: "reviewer-conflict", personId: event.facts.assignedBy }] : [];

function outstanding({ person, work, now }: ReviewerFacts): Review[] {
  return work
    .filter((one) => isOutstanding(one, { person, now }))
    .map(({ review }) => review)
    .sort((a, b) => (`${a.dueAt} ${a.number}` < `${b.dueAt} ${b.number}` ? -1 : 1));
}

function digest(write: (count: string) => { subject: string; blocks: readonly Block[] }): Template<ReviewerFacts> {
  return {
    whenUnknown: "resend",
    obsolete: (known) => (outstanding(known).length > 0 ? null : "There is nothing left to review."),
    write: (known, { publicUrl }) => {
      const open = outstanding(known);
      const { subject, blocks } = write(open.length === 1 ? "1 application" : `${open.length} applications`);
      return {
        subject,
        blocks: [
          ...blocks,
          facts(...open.map(({ number, dueAt, zone }) => [number, `until ${instantInWords(dueAt, zone)}`] as const)),
          link("See your reviews", `${publicUrl}/reviews`),
        ],
      };
    },
  };
}

/** The digests to reviewers by name. Who applied stays behind the sign-in. */
export const reviewTemplates: Record<string, Template<ReviewerFacts>> = {
  "reviews-assigned": digest((count) => ({
    subject: `${count} for you to review`,
    blocks: [
      paragraph(
        `You have ${count} to review for the Steering Committee. Please say first of each whether you have a conflict: what is ` +
          "in it opens to you when you have none.",
      ),
    ],
  })),
  "reviews-due": {
    ...digest((count) => ({
      subject: `Reminder: ${count} for you to review`,
      blocks: [paragraph(`The Steering Committee still waits for your review of ${count}.`)],
    })),
    mailClass: "REMINDER",
  },
};

/** The mails about conflicts by name. */
export const conflictTemplates: Record<string, Template<ConflictFacts>> = {
  "reviewer-conflict": {
    whenUnknown: "resend",
    obsolete: ({ application, recipient, now }) => {
      const viewer = { person: recipient, now };
      const isTheirs = mayAssign(viewer, application) && !isRecusedFrom(viewer, application.id);
      return isTheirs && isUnderReview(application) ? null : "Nobody has to be assigned any more.";
    },
    write: ({ application, cohort }, { publicUrl }) => ({
      subject: `A reviewer of ${application.number} has a conflict`,
      blocks: [
        paragraph(
          `A reviewer whom you assigned has a conflict with an application to the ${cohort.name} and is kept away from it. ` +
            "Please assign somebody else.",
        ),
        facts(["Application", application.number]),
        link("See the application", `${publicUrl}/applications/${application.number}`),
      ],
    }),
  },
};
