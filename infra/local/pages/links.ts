import type { PageAnswer } from "../http.ts";

/** What a link of a mail leads to, as the operation a website would ask there. */
const QUERIES: Record<string, (number: string) => string> = {
  applications: (number) => `# What the link in the mail shows on the program's website.
query Application {
  applicationByNumber(number: "${number}") {
    number
    stateLabel
    cohort {
      name
    }
    decision {
      outcome
      rank
    }
  }
}
`,
  offers: (
    number,
  ) => `# Where the candidate answers an offer: look first, then accept or decline with the id of the application.
query Offer {
  applicationByNumber(number: "${number}") {
    id
    offer {
      state
      answerBy
      conditions
    }
  }
}

mutation Accept($applicationId: ID!, $acknowledgedConditions: String) {
  offerAccept(
    input: {
      applicationId: $applicationId
      commitsToAllDates: true
      acknowledgedConditions: $acknowledgedConditions
    }
  ) {
    offer {
      state
    }
    userErrors {
      message
    }
  }
}

mutation Decline($applicationId: ID!) {
  offerDecline(input: { applicationId: $applicationId }) {
    offer {
      state
    }
    userErrors {
      message
    }
  }
}
`,
  certificates: (number) => `# What anybody may know of a certificate.
query Certificate {
  certificateVerification(number: "${number}") {
    number
    holderName
    status
    issuedOn
    expiresOn
  }
}
`,
};

/** Mails link to the program's website, which is not part of this: here the explorer opens with the operation instead. */
export function mailedLink(path: string): PageAnswer | undefined {
  const [, folder = "", number = "", offer] =
    /^\/(applications|certificates)\/([A-Z0-9-]{4,40})(\/offer)?$/.exec(path) ?? [];
  if (offer !== undefined && folder !== "applications") return undefined;
  const query = QUERIES[offer === undefined ? folder : "offers"]?.(number);
  if (query === undefined) return undefined;
  return { status: 302, headers: { location: `/graphql?query=${encodeURIComponent(query)}` }, body: "" };
}
