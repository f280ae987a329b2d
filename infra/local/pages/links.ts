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
  const [, folder = "", number = ""] = /^\/(applications|certificates)\/([A-Z0-9-]{4,40})$/.exec(path) ?? [];
  const query = QUERIES[folder]?.(number);
  if (query === undefined) return undefined;
  return { status: 302, headers: { location: `/graphql?query=${encodeURIComponent(query)}` }, body: "" };
}
