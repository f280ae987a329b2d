import { dueAt, key, recordOf, toItem, type Item, type Key } from "../shared/keys.ts";
import type { Page, Position, Table } from "../shared/table.ts";
import { put, type Write } from "../shared/write.ts";
import type { Certificate } from "./certificate.ts";

/** Where a certificate is kept: by its number, so that no two can have the same. */
export const certificateKey = (number: string): Key => ({ pk: key("CERTIFICATE", number), sk: "CERTIFICATE" });

/** The certificate of an item. */
export const certificateFrom = (item: Item | undefined) => recordOf<Certificate>(item);

function certificateItem(certificate: Certificate) {
  const { id, personId, cohortId, issuedOn } = certificate;
  return toItem("CERTIFICATE", certificateKey(id), certificate, {
    byWhoPk: key("PERSON", personId),
    byWhoSk: key("CERTIFICATE", issuedOn, id),
    byListPk: key("COHORT", cohortId, "CERTIFICATES"),
    byListSk: key(issuedOn, id),
    ...dueAt(certificate.nextReminder?.at ?? null, id),
  });
}

/** Writes a certificate. A new one whose number exists already loses, and another number is drawn. */
export const writeCertificate = (certificate: Certificate): Write[] => [put(certificateItem(certificate))];

/** A person's certificates, newest first. One request. */
export async function listOfHolder(table: Table, personId: string): Promise<Certificate[]> {
  const page = await table.query({
    index: "byWho",
    partition: key("PERSON", personId),
    sort: { beginsWith: key("CERTIFICATE", "") },
    descending: true,
  });
  return page.items.map((item) => recordOf<Certificate>(item));
}

/** A cohort's certificates by day of issue. One request. */
export async function listOfCohort(
  table: Table,
  cohortId: string,
  page: { limit: number; after?: Position },
): Promise<Page> {
  return table.query({ index: "byList", partition: key("COHORT", cohortId, "CERTIFICATES"), ...page });
}
