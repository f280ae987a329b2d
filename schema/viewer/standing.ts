import { isOver, type Application } from "../application/application.ts";
import type { Certificate } from "../certificate/certificate.ts";
import { statusOf } from "../certificate/certificate.ts";
import type { Instant } from "../shared/time.ts";

/** What somebody is in the program by what they have done, besides the roles they were granted. */
export const STANDINGS = ["APPLICANT", "CANDIDATE", "MENTOR", "CERTIFICATE_HOLDER", "ALUMNUS"] as const;

/** One of STANDINGS, with the cohort it is in. */
export interface Standing {
  kind: (typeof STANDINGS)[number];
  cohortId: string;
}

/**
 * What somebody is, in each cohort. An application makes an applicant until it is over; accepted, a candidate until certified,
 * or a mentor. Whoever was certified is an alumnus for good, and a certificate holder while the certificate is valid.
 */
export function standingsOf(
  applications: readonly Application[],
  certificates: readonly Certificate[],
  now: Instant,
): Standing[] {
  const certified = certificates.flatMap((certificate): Standing[] => {
    const { cohortId } = certificate;
    const alumnus: Standing = { kind: "ALUMNUS", cohortId };
    return statusOf(certificate, now) === "VALID" ? [{ kind: "CERTIFICATE_HOLDER", cohortId }, alumnus] : [alumnus];
  });
  const applied = applications.flatMap((application): Standing[] => {
    const { state, kind, cohortId } = application;
    if (isOver(application)) return [];
    if (state !== "ACCEPTED") return [{ kind: "APPLICANT", cohortId }];
    if (kind === "MENTOR") return [{ kind: "MENTOR", cohortId }];
    return application.certificateNumber === undefined ? [{ kind: "CANDIDATE", cohortId }] : [];
  });
  return [...applied, ...certified];
}
