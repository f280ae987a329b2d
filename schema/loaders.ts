import DataLoader from "dataloader";
import { applicationFrom, applicationKey } from "./application/application.table.ts";
import type { Application } from "./application/application.ts";
import { certificateFrom, certificateKey } from "./certificate/certificate.table.ts";
import type { Certificate } from "./certificate/certificate.ts";
import { cohortFrom, cohortKey, seatsFrom, seatsKey } from "./cohort/cohort.table.ts";
import type { Cohort } from "./cohort/cohort.ts";
import { decisionFrom, decisionKey } from "./decision/decision.table.ts";
import type { Decision } from "./decision/decision.ts";
import { fileFrom, fileKey } from "./file/file.table.ts";
import type { StoredFile } from "./file/file.ts";
import { messageFrom, messageKey } from "./message/message.table.ts";
import type { Message } from "./message/message.ts";
import { personFrom, personKey } from "./person/person.table.ts";
import type { Person } from "./person/person.ts";
import { serviceTokenFrom, serviceTokenKey } from "./service-token/service-token.table.ts";
import type { ServiceToken } from "./service-token/service-token.ts";
import type { Item, Key } from "./shared/keys.ts";
import type { Table } from "./shared/table.ts";

/** Records by key, for one request: asked for together they are read together, 100 a call, and each only once. */
export interface Loaders {
  person(id: string): Promise<Person | undefined>;
  cohort(id: string): Promise<Cohort | undefined>;
  seatsTaken(cohortId: string): Promise<number>;
  application(id: string): Promise<Application | undefined>;
  decision(applicationId: string): Promise<Decision | undefined>;
  certificate(number: string): Promise<Certificate | undefined>;
  message(id: string): Promise<Message | undefined>;
  serviceToken(id: string): Promise<ServiceToken | undefined>;
  file(id: string): Promise<StoredFile | undefined>;
  /** Any item by its key, for whoever reads several kinds. */
  item(at: Key): Promise<Item | undefined>;
  /** Forgets what was read, because something was written. */
  forget(): void;
}

/** Fresh loaders; never shared between requests. */
export function loadersOver(table: Table): Loaders {
  const items = new DataLoader<Key, Item | undefined, string>((keys) => table.getMany(keys), {
    cacheKeyFn: ({ pk, sk }) => `${pk}\n${sk}`,
  });
  /** A record that was merged stands for the one that took it in. */
  async function followed(id: string): Promise<Person | undefined> {
    const person = personFrom(await items.load(personKey(id)));
    return person?.mergedInto ? followed(person.mergedInto) : person;
  }
  return {
    person: followed,
    cohort: async (id) => cohortFrom(await items.load(cohortKey(id))),
    seatsTaken: async (cohortId) => seatsFrom(await items.load(seatsKey(cohortId))),
    application: async (id) => applicationFrom(await items.load(applicationKey(id))),
    decision: async (applicationId) => decisionFrom(await items.load(decisionKey(applicationId))),
    certificate: async (number) => certificateFrom(await items.load(certificateKey(number))),
    message: async (id) => messageFrom(await items.load(messageKey(id))),
    serviceToken: async (id) => serviceTokenFrom(await items.load(serviceTokenKey(id))),
    file: async (id) => fileFrom(await items.load(fileKey(id))),
    item: (at) => items.load(at),
    forget: () => void items.clearAll(),
  };
}
