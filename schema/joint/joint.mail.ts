import { isOver, type Application } from "../application/application.ts";
import type { Cohort } from "../cohort/cohort.ts";
import { windowOf } from "../cohort/window.ts";
import type { Person } from "../person/person.ts";
import { carried, facts, link, paragraph, type MailsOf, type Template } from "../shared/mail.ts";
import { instantInWords } from "../shared/time.ts";
import { hasNotApplied, nameOf, otherKind, type Joint, type JointEvent } from "./joint.ts";

/** What mails about a joint application know. */
export interface JointMailFacts {
  joint: Joint;
  cohort: Cohort;
  /** The person who invited, and who accepted; undefined while nobody has. */
  inviter: Person | undefined;
  invitee: Person | undefined;
  /** The application of who accepted; undefined while there is none. */
  partner: Application | undefined;
  /** The application of who invited. */
  inviting: Application | undefined;
  facts: Record<string, unknown>;
}

const TEMPLATE_OF: Partial<Record<JointEvent["type"], string>> = {
  JointAccepted: "joint-accepted",
  JointDeclined: "joint-declined",
  JointUnlinked: "joint-unlinked",
  JointPartnerWithdrew: "joint-withdrawn",
  JointReminderDue: "joint-not-applied",
};

/** Whoever is invited gets the link; afterwards each side is told of what the other did, and of nothing else. */
export const jointMails: MailsOf<JointEvent> = (event) => {
  if (event.type === "JointInvited") {
    return [{ template: "joint-invited", personId: null, outsider: `partner-${event.facts.jointId}` }];
  }
  const template = TEMPLATE_OF[event.type];
  const { toPersonId = null } = event.facts as { toPersonId?: string | null };
  return template === undefined || toPersonId === null ? [] : [{ template, personId: toPersonId }];
};

const KIND = { CANDIDATE: "candidate", MENTOR: "mentor" } as const;

const over = "The joint application is over.";

/** The mails about joint applications by name. */
export const jointTemplates: Record<string, Template<JointMailFacts>> = {
  "joint-invited": {
    whenUnknown: "resend",
    obsolete: ({ joint, facts: { linkId } }) =>
      joint.state === "INVITED" && joint.linkId === linkId ? null : "The invitation was answered or taken back.",
    carries: ({ facts: { linkId } }) => String(linkId),
    outsider: ({ joint }) => ({ name: joint.invited?.name ?? "", email: joint.invited?.email ?? "" }),
    write: ({ joint, cohort, inviter }, frame) => {
      const { url, expiresAt } = carried(frame);
      const [own, other] = [KIND[joint.kind], KIND[otherKind(joint.kind)]];
      return {
        subject: `${nameOf(inviter)} would like to apply together with you: ${cohort.name}`,
        greeting: "Hello,",
        blocks: [
          paragraph(
            `${nameOf(inviter)} applies as a ${own} to the ${cohort.name} of the CTO Mentor Program, and would like you to apply ` +
              `together as a ${other}.`,
          ),
          paragraph(
            "Each of you writes an application of your own, which the other does not see, and the Steering Committee decides on " +
              "each alone. It knows your wish when it forms the teams.",
          ),
          facts(
            [
              "Applications are taken until",
              instantInWords(windowOf(cohort, otherKind(joint.kind)).closesAt, cohort.zone),
            ],
            ["The link is valid until", instantInWords(expiresAt, cohort.zone)],
          ),
          link("Accept or decline", url),
          paragraph("If you do not know this person, decline or do nothing."),
        ],
      };
    },
  },
  "joint-accepted": {
    whenUnknown: "resend",
    obsolete: ({ joint }) => (joint.state === "LINKED" ? null : over),
    write: ({ cohort, invitee }) => ({
      subject: `${nameOf(invitee)} applies together with you: ${cohort.name}`,
      blocks: [
        paragraph(`${nameOf(invitee)} has accepted: you apply together to the ${cohort.name}.`),
        paragraph("Each application is decided alone. You need to do nothing more than submit your own in time."),
      ],
    }),
  },
  "joint-declined": {
    whenUnknown: "resend",
    obsolete: () => null,
    write: ({ cohort }) => ({
      subject: `Your invitation was declined: ${cohort.name}`,
      blocks: [
        paragraph(`The person you invited to apply together to the ${cohort.name} has declined.`),
        paragraph("Your own application is not affected, and you can invite somebody else."),
      ],
    }),
  },
  "joint-unlinked": {
    whenUnknown: "resend",
    obsolete: () => null,
    write: ({ cohort }) => ({
      subject: `You do not apply together any more: ${cohort.name}`,
      blocks: [
        paragraph(`Your partner has ended the joint application to the ${cohort.name}.`),
        paragraph("Your own application is not affected."),
      ],
    }),
  },
  "joint-withdrawn": {
    whenUnknown: "resend",
    obsolete: ({ joint, partner, inviting, facts: { toPersonId } }) => {
      const [own, other] = toPersonId === joint.inviter.personId ? [inviting, partner] : [partner, inviting];
      if (other?.state !== "WITHDRAWN") return "The other application was taken up again.";
      return own && isOver(own) ? "The recipient's own application is over." : null;
    },
    write: ({ cohort }) => ({
      subject: `You do not apply together any more: ${cohort.name}`,
      blocks: [
        paragraph(
          `Your partner has withdrawn their application to the ${cohort.name}, so that your request to be a team does not stand ` +
            "any more.",
        ),
        paragraph("Your own application is not affected."),
      ],
    }),
  },
  "joint-not-applied": {
    whenUnknown: "resend",
    mailClass: "REMINDER",
    obsolete: ({ joint, partner }) =>
      joint.state === "LINKED" && hasNotApplied(partner)
        ? null
        : "The application was submitted, or is not wanted any more.",
    write: ({ joint, cohort, inviter }) => ({
      subject: `Your application is still to come: ${cohort.name}`,
      blocks: [
        paragraph(
          `You have agreed to apply together with ${nameOf(inviter)}, and have not submitted your application as a ` +
            `${KIND[otherKind(joint.kind)]} yet.`,
        ),
        facts([
          "Applications are taken until",
          instantInWords(windowOf(cohort, otherKind(joint.kind)).closesAt, cohort.zone),
        ]),
      ],
    }),
  },
};
