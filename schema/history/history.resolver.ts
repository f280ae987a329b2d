import { Args, Ctx, FieldResolver, Resolver, Root, type ClassType } from "type-graphql";
import { ApplicationObject } from "../application/application.type.ts";
import { CertificateObject } from "../certificate/certificate.type.ts";
import { CohortObject } from "../cohort/cohort.type.ts";
import { DecisionObject } from "../decision/decision.type.ts";
import { FileObject } from "../file/file.type.ts";
import { MailKindObject } from "../message/kind.type.ts";
import { MessageObject } from "../message/message.type.ts";
import { PersonObject } from "../person/person.type.ts";
import { ServiceTokenObject } from "../service-token/service-token.type.ts";
import type { RequestContext } from "../shared/context.ts";
import type { Subject } from "../shared/decision.ts";
import { eventFrom, type Recorded } from "../shared/event.ts";
import { PageArgs, pageOf } from "../shared/page.ts";
import {
  Allow,
  both,
  not,
  ofCohort,
  officeNotOwn,
  ofRecord,
  own,
  staff,
  staffOrCommittee,
  type Rule,
} from "../shared/rule.ts";
import { listEvents } from "./history.table.ts";
import { readableChange } from "./history.ts";
import { HistoryConnection } from "./history.type.ts";

/** Adds the history to a kind of object. */
function historyOn(kind: Subject["kind"], type: ClassType, rule: Rule, who: string) {
  @Resolver(() => type)
  class HistoryResolver {
    @Allow(rule)
    @FieldResolver(() => HistoryConnection, {
      nullable: true,
      description: `What happened to it, newest first. ${who} may read it.`,
    })
    async history(
      @Root() { id }: { id: string },
      @Args(() => PageArgs) page: PageArgs,
      @Ctx() context: RequestContext,
    ) {
      const about = { kind, id };
      const ask = (from: Parameters<typeof listEvents>[2]) => listEvents(context.table, about, from);
      return pageOf(page, { name: "history", of: about }, ask, (item) => entryOf(eventFrom(item), context));
    }
  }
  return HistoryResolver;
}

function entryOf(event: Recorded, { viewer, load }: RequestContext) {
  const { at, type, why, actor, actingFor } = event;
  const { before, after } = readableChange(viewer, event);
  const json = (values: object | undefined) => (values ? JSON.stringify(values) : null);
  return {
    at,
    type,
    why: why ?? null,
    before: json(before),
    after: json(after),
    actor: () => (actor.kind === "PERSON" ? load.person(actor.id) : null),
    actingFor: () => (actingFor === undefined ? null : load.person(actingFor)),
  };
}

const OFFICE = "Staff and committee, but nobody about their own application,";

export const historyResolvers = [
  historyOn("Person", PersonObject, staff, "Staff"),
  historyOn("Cohort", CohortObject, staffOrCommittee(ofCohort), "Staff and committee"),
  historyOn("Application", ApplicationObject, officeNotOwn, OFFICE),
  historyOn("Decision", DecisionObject, officeNotOwn, OFFICE),
  historyOn("Message", MessageObject, staff, "Staff"),
  historyOn("MailKind", MailKindObject, staff, "Staff"),
  historyOn("Certificate", CertificateObject, staffOrCommittee(ofRecord), "Staff and committee"),
  historyOn("ServiceToken", ServiceTokenObject, staff, "Staff"),
  historyOn("File", FileObject, both(staff, not(own, "FORBIDDEN")), "Staff, but nobody about their own,"),
] as const;
