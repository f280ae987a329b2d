import { carried, facts, link, paragraph, type MailsOf, type Template } from "../shared/mail.ts";
import { instantInWords } from "../shared/time.ts";
import type { AddressEvent } from "./address.ts";
import type { MergeEvent } from "./merge.ts";
import type { Person, PersonEvent } from "./person.ts";

/** What mails about a person know: the person as they are now, and what the event told. */
export interface PersonFacts {
  person: Person;
  facts: Record<string, unknown>;
}

/**
 * Whoever was entered by staff is told. A new address is asked to confirm itself. The one that mails go to is told when another
 * was added, and when they go elsewhere: whoever got into an account cannot take it over unnoticed. Both addresses are told when
 * two records become one.
 */
export const personMails: MailsOf<AddressEvent | MergeEvent | PersonEvent> = (event) => {
  switch (event.type) {
    case "PersonEntered":
      return [{ template: "person-entered", personId: event.facts.personId }];
    case "EmailAdded":
      return [{ template: "address-confirm", personId: event.facts.personId }];
    case "EmailConfirmed":
      return [{ template: "address-added", personId: event.facts.personId }];
    case "EmailPreferred":
      return [{ template: "address-changed", personId: event.facts.personId }];
    case "PersonMerged":
    case "PersonMergedAway":
      return [{ template: "records-merged", personId: event.about.id }];
    default:
      return [];
  }
};

/** The mails about people by name. */
export const personTemplates: Record<string, Template<PersonFacts>> = {
  "person-entered": {
    whenUnknown: "resend",
    obsolete: ({ person }) => {
      if (person.state !== "ACTIVE") return "The account is closed.";
      return person.addresses.some(({ isEntered }) => isEntered) ? null : "The recipient has signed in.";
    },
    write: ({ person }, { publicUrl }) => ({
      subject: "You have a record in the CTO Mentor Program",
      blocks: [
        paragraph(
          "The program's staff have made a record for you, with your name and this e-mail address, so that they can enter an " +
            "application for you.",
        ),
        facts(["Name", person.name]),
        paragraph(
          "When you sign in with this e-mail address, it is yours: you can see what stands in it, and change it.",
        ),
        link("Sign in", publicUrl),
        paragraph("If you do not know why, or do not want it, please answer this mail."),
      ],
    }),
  },
  // The same whether or not somebody else has the address: who asked could read the difference off the outbox.
  "address-confirm": {
    whenUnknown: "resend",
    obsolete: ({ person }) => (person.state === "ACTIVE" ? null : "The account is closed."),
    carries: ({ facts: { linkId } }) => String(linkId),
    write: ({ person, facts: { byStaff } }, frame) => {
      const { url, expiresAt } = carried(frame);
      const who = byStaff === true ? "The program's staff have" : `${person.name} has`;
      return {
        subject: "Please confirm this e-mail address",
        greeting: "Hello,",
        blocks: [
          paragraph(`${who} asked to add this e-mail address to an account of the CTO Mentor Program.`),
          facts(["Account", person.name], ["The link is valid until", instantInWords(expiresAt, "UTC")]),
          link("Confirm this address", url),
          paragraph(
            "Whoever confirms can sign in to this account with this address. If this is not your account, do nothing: " +
              "the address is not added, and nothing more is sent unless somebody asks again. If it keeps happening, " +
              "please answer this mail.",
          ),
        ],
      };
    },
  },
  "address-added": {
    whenUnknown: "resend",
    obsolete: () => null,
    write: ({ person, facts: { byStaff } }) => ({
      subject: "An e-mail address was added to your account",
      blocks: [
        paragraph(
          `A further e-mail address was confirmed for your account, as ${byStaff === true ? "the program's staff" : "you"} ` +
            "had asked. Whoever reads its mails can sign in with it.",
        ),
        facts(["Account", person.name]),
        paragraph("If this is as you wished, there is nothing to do. If it is not, please answer this mail at once."),
      ],
    }),
  },
  // Also when it was changed back since: whoever did that may not be who reads this.
  "address-changed": {
    whenUnknown: "resend",
    obsolete: () => null,
    write: ({ person }) => ({
      subject: "Our mails to you go to another address from now on",
      blocks: [
        paragraph("Another of your confirmed e-mail addresses was chosen for our mails to you."),
        facts(["Account", person.name]),
        paragraph("If you did this, there is nothing to do. If it was not you, please answer this mail at once."),
      ],
    }),
  },
  "records-merged": {
    whenUnknown: "resend",
    obsolete: () => null,
    write: (_, { recipientName }) => ({
      subject: "Two accounts of yours are one from now on",
      blocks: [
        paragraph(
          "The program's staff found two accounts of yours and made them one. Whoever could sign in to either can sign in to " +
            "it, and what belonged to either is in it.",
        ),
        facts(["Account", recipientName]),
        paragraph(
          "If this is right, there is nothing to do. If these were not both yours, please answer this mail at once.",
        ),
      ],
    }),
  },
};
