import { carried, facts, link, paragraph, type Template } from "../shared/mail.ts";
import { instantInWords, later } from "../shared/time.ts";
import { PURPOSES } from "../link/link.ts";
import type { NominationMailFacts } from "./nomination.mail.ts";

/** To the address alone: the form was filled in by anybody, so nothing of what they typed stands in a mail to somebody else. */
const addressOnly = ({ nomination }: NominationMailFacts) => ({ name: "", email: nomination.nominator.email ?? "" });

/** The mails about letters that came by the public form. */
export const offeredTemplates: Record<string, Template<NominationMailFacts>> = {
  "nomination-confirm": {
    whenUnknown: "resend",
    obsolete: ({ nomination, isOver }) => {
      if (nomination.state !== "OFFERED") return "It was confirmed, or is not kept any more.";
      return isOver ? "The time for nominations is over." : null;
    },
    carries: ({ facts: { linkId } }) => String(linkId),
    outsider: addressOnly,
    write: ({ nomination, cohort }, frame) => ({
      greeting: "Hello,",
      subject: "Please confirm your nomination for the CTO Mentor Program",
      blocks: [
        paragraph(
          `Somebody, most likely you, has written a nomination for the ${cohort.name} and given this address as theirs.`,
        ),
        paragraph("If you wrote it, please confirm it; only then does it count, and only then does anybody read it."),
        facts([
          "Please confirm until",
          instantInWords(later(nomination.createdAt, { hours: PURPOSES.NOMINATION_OFFER.hours }), cohort.zone),
        ]),
        link("Confirm the nomination", carried(frame).url),
        paragraph("If you did not write one, there is nothing you have to do: it is removed by itself."),
      ],
    }),
  },
  // The same whether or not there is an application: that is not for whoever nominates to know.
  "nomination-confirmed": {
    whenUnknown: "resend",
    obsolete: ({ nomination }) => (nomination.contentRemovedAt === undefined ? null : "The nomination was removed."),
    outsider: addressOnly,
    write: ({ cohort }) => ({
      greeting: "Hello,",
      subject: "Your nomination is confirmed",
      blocks: [
        paragraph("Thank you. There is nothing left for you to do."),
        facts(["Cohort", `${cohort.name}, ${cohort.region}`]),
        paragraph(
          "Your letter is put to the candidate's application if there is one by the time nominations close. The Steering " +
            "Committee reads it together with that; the candidate does not see it.",
        ),
      ],
    }),
  },
};
