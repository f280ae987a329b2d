import DataLoader from "dataloader";
import { applicationFrom, applicationKey } from "./application/application.table.ts";
import type { Application } from "./application/application.ts";
import { certificateFrom, certificateKey } from "./certificate/certificate.table.ts";
import type { Certificate } from "./certificate/certificate.ts";
import { cohortFrom, cohortKey, seatsFrom, seatsKey } from "./cohort/cohort.table.ts";
import type { Cohort } from "./cohort/cohort.ts";
import { lateCodeFrom, lateCodeKey, lateUsesFrom, lateUsesKey } from "./cohort/late-code.table.ts";
import type { LateCode } from "./cohort/late-code.ts";
import { decisionFrom, decisionKey } from "./decision/decision.table.ts";
import type { Decision } from "./decision/decision.ts";
import { ballotFrom, ballotKey, motionFrom, motionKey } from "./decision/motion.table.ts";
import type { Motion } from "./decision/motion.ts";
import { slateFrom, slateKey } from "./decision/slate.table.ts";
import type { Slate } from "./decision/slate.ts";
import type { Ballot } from "./decision/tally.ts";
import { fileFrom, fileKey } from "./file/file.table.ts";
import type { StoredFile } from "./file/file.ts";
import { jointFrom, jointIdFrom, jointKey, sideKey } from "./joint/joint.table.ts";
import type { Joint } from "./joint/joint.ts";
import { offerFrom, offerKey } from "./offer/offer.table.ts";
import type { Offer } from "./offer/offer.ts";
import { messageFrom, messageKey } from "./message/message.table.ts";
import type { Message } from "./message/message.ts";
import { nominationFrom, nominationKey } from "./nomination/nomination.table.ts";
import type { Nomination } from "./nomination/nomination.ts";
import { personFrom, personKey } from "./person/person.table.ts";
import type { Person } from "./person/person.ts";
import { listOpenReviews, reviewFrom, reviewKey } from "./review/review.table.ts";
import type { Review } from "./review/review.ts";
import { serviceTokenFrom, serviceTokenKey } from "./service-token/service-token.table.ts";
import type { ServiceToken } from "./service-token/service-token.ts";
import type { Item, Key } from "./shared/keys.ts";
import type { Table } from "./shared/table.ts";
import type { Confirmation } from "./team/confirmation.ts";
import { loadPlan, type Plan } from "./team/plan.table.ts";
import type { Proposal } from "./team/proposal.ts";
import { confirmationFrom, confirmationKey, proposalFrom, proposalKey, teamFrom, teamKey } from "./team/team.table.ts";
import type { Team } from "./team/team.ts";

/** Records by key, for one request: asked for together they are read together, 100 a call, and each only once. */
export interface Loaders {
  person(id: string): Promise<Person | undefined>;
  cohort(id: string): Promise<Cohort | undefined>;
  seatsTaken(cohortId: string): Promise<number>;
  lateCode(id: string): Promise<LateCode | undefined>;
  lateUses(id: string): Promise<number>;
  application(id: string): Promise<Application | undefined>;
  decision(applicationId: string): Promise<Decision | undefined>;
  offer(applicationId: string): Promise<Offer | undefined>;
  jointOf(applicationId: string): Promise<Joint | undefined>;
  slate(id: string): Promise<Slate | undefined>;
  motion(id: string): Promise<Motion | undefined>;
  ballot(motionId: string, personId: string): Promise<Ballot | undefined>;
  review(applicationId: string, personId: string): Promise<Review | undefined>;
  /** Applications whose review by a person, by an index, is not in; read once for whatever asks for them. One request. */
  reviewing(personId: string): Promise<readonly string[]>;
  certificate(number: string): Promise<Certificate | undefined>;
  message(id: string): Promise<Message | undefined>;
  serviceToken(id: string): Promise<ServiceToken | undefined>;
  nomination(id: string): Promise<Nomination | undefined>;
  file(id: string): Promise<StoredFile | undefined>;
  team(id: string): Promise<Team | undefined>;
  teamProposal(id: string): Promise<Proposal | undefined>;
  confirmation(applicationId: string): Promise<Confirmation | undefined>;
  /** A cohort's teams and mentors, read once for whatever asks for them. Two requests. */
  plan(cohortId: string): Promise<Plan>;
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
  const reviewing = new DataLoader<string, readonly string[]>((ids) =>
    Promise.all(ids.map((id) => listOpenReviews(table, id))),
  );
  const plans = new DataLoader<string, Plan>((ids) => Promise.all(ids.map((id) => loadPlan(table, id))));
  /** A record that was merged stands for the one that took it in. */
  async function followed(id: string): Promise<Person | undefined> {
    const person = personFrom(await items.load(personKey(id)));
    return person?.mergedInto ? followed(person.mergedInto) : person;
  }
  return {
    person: followed,
    cohort: async (id) => cohortFrom(await items.load(cohortKey(id))),
    seatsTaken: async (cohortId) => seatsFrom(await items.load(seatsKey(cohortId))),
    lateCode: async (id) => lateCodeFrom(await items.load(lateCodeKey(id))),
    lateUses: async (id) => lateUsesFrom(await items.load(lateUsesKey(id))),
    application: async (id) => applicationFrom(await items.load(applicationKey(id))),
    decision: async (applicationId) => decisionFrom(await items.load(decisionKey(applicationId))),
    offer: async (applicationId) => offerFrom(await items.load(offerKey(applicationId))),
    jointOf: async (applicationId) => {
      const id = jointIdFrom(await items.load(sideKey(applicationId)));
      return id === undefined ? undefined : jointFrom(await items.load(jointKey(id)));
    },
    slate: async (id) => slateFrom(await items.load(slateKey(id))),
    motion: async (id) => motionFrom(await items.load(motionKey(id))),
    ballot: async (motionId, personId) => ballotFrom(await items.load(ballotKey(motionId, personId))),
    review: async (applicationId, personId) => reviewFrom(await items.load(reviewKey(applicationId, personId))),
    reviewing: (personId) => reviewing.load(personId),
    certificate: async (number) => certificateFrom(await items.load(certificateKey(number))),
    message: async (id) => messageFrom(await items.load(messageKey(id))),
    serviceToken: async (id) => serviceTokenFrom(await items.load(serviceTokenKey(id))),
    nomination: async (id) => nominationFrom(await items.load(nominationKey(id))),
    file: async (id) => fileFrom(await items.load(fileKey(id))),
    team: async (id) => teamFrom(await items.load(teamKey(id))),
    teamProposal: async (id) => proposalFrom(await items.load(proposalKey(id))),
    confirmation: async (applicationId) => confirmationFrom(await items.load(confirmationKey(applicationId))),
    plan: (cohortId) => plans.load(cohortId),
    item: (at) => items.load(at),
    forget: () => {
      items.clearAll();
      plans.clearAll();
      reviewing.clearAll();
    },
  };
}
