import { Args, Ctx, FieldResolver, Resolver, Root, type ClassType } from "type-graphql";
import { isRecusedFromNamed, type Application } from "../application/application.ts";
import { contentOf } from "../application/application.resolver.ts";
import { ApplicationObject } from "../application/application.type.ts";
import { CertificateObject } from "../certificate/certificate.type.ts";
import { CohortObject } from "../cohort/cohort.type.ts";
import { LateCodeObject } from "../cohort/late-code.type.ts";
import { DecisionObject } from "../decision/decision.type.ts";
import { MotionObject } from "../decision/motion.type.ts";
import { SlateObject } from "../decision/slate.type.ts";
import { FileObject } from "../file/file.type.ts";
import { MailKindObject } from "../message/kind.type.ts";
import { MessageObject } from "../message/message.type.ts";
import { OfferObject } from "../offer/offer.type.ts";
import { NominationObject } from "../nomination/nomination.type.ts";
import { PersonObject } from "../person/person.type.ts";
import { ServiceTokenObject } from "../service-token/service-token.type.ts";
import type { RequestContext } from "../shared/context.ts";
import type { Subject } from "../shared/decision.ts";
import { eventFrom, type Recorded } from "../shared/event.ts";
import type { Item } from "../shared/keys.ts";
import { PageArgs, pageOf } from "../shared/page.ts";
import { canonical } from "../shared/same.ts";
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
import { ConfirmationObject } from "../team/confirmation.type.ts";
import { MentorPlaceObject } from "../team/match.type.ts";
import { TeamProposalObject } from "../team/proposal.type.ts";
import { mayLookAfter, type Team } from "../team/team.ts";
import { TeamObject } from "../team/team.type.ts";
import { listEvents } from "./history.table.ts";
import { readableChange } from "./history.ts";
import { HistoryConnection } from "./history.type.ts";

/** Adds the history to a kind of object. */
function historyOn(
  kind: Subject["kind"],
  type: ClassType,
  rule: Rule,
  who: string,
  subjectOf: (record: never) => string = ({ id }: { id: string }) => id,
) {
  @Resolver(() => type)
  class HistoryResolver {
    @Allow(rule)
    @FieldResolver(() => HistoryConnection, {
      nullable: true,
      description: `What happened to it, newest first. ${who} may read it.`,
    })
    async history(
      @Root() record: { id: string },
      @Args(() => PageArgs) page: PageArgs,
      @Ctx() context: RequestContext,
    ) {
      const about = { kind, id: subjectOf(record as never) };
      const isVisible = (item: Item) => !isRecusedFromNamed(context.viewer, eventFrom(item).facts);
      const ask = (from: Parameters<typeof listEvents>[2]) => listEvents(context.table, about, from);
      return pageOf(page, { name: "history", of: about }, ask, (item) => entryOf(eventFrom(item), context), isVisible);
    }
  }
  return HistoryResolver;
}

function entryOf(event: Recorded, { viewer, load }: RequestContext) {
  const { at, type, why, actor, actingFor } = event;
  const { before, after } = readableChange(viewer, event);
  const json = (values: object | undefined) => (values ? canonical(values) : null);
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

/** Whoever looks after a team. */
const lookingAfter: Rule = ({ viewer, source }) => (mayLookAfter(viewer, source as Team) ? true : "FORBIDDEN");

/** What is asked of the application that something belongs to. */
const ofApplication =
  (rule: Rule): Rule =>
  (question) =>
    rule({ ...question, source: applicationOf(question.source as { application: Application }) });

const applicationOf = ({ application }: { application: Application }) => application;
const idOfApplication = (record: { application: Application }) => applicationOf(record).id;

/** All teams of a candidate have one history. */
const candidateOf = ({ candidateApplicationId }: Team) => candidateApplicationId;

const OFFICE = "Staff and committee, but nobody about their own application,";

export const historyResolvers = [
  historyOn("Person", PersonObject, staff, "Staff"),
  historyOn("Cohort", CohortObject, staffOrCommittee(ofCohort), "Staff and committee"),
  historyOn("LateCode", LateCodeObject, staff, "Staff"),
  historyOn("Application", ApplicationObject, both(officeNotOwn, contentOf), OFFICE),
  historyOn("Decision", DecisionObject, officeNotOwn, OFFICE),
  historyOn("Slate", SlateObject, staffOrCommittee(ofRecord), "Staff and committee"),
  historyOn("Motion", MotionObject, staffOrCommittee(ofRecord), "Staff and committee"),
  historyOn("Offer", OfferObject, officeNotOwn, OFFICE),
  historyOn("Nomination", NominationObject, officeNotOwn, OFFICE),
  historyOn("Message", MessageObject, staff, "Staff"),
  historyOn("MailKind", MailKindObject, staff, "Staff"),
  historyOn("Certificate", CertificateObject, staffOrCommittee(ofRecord), "Staff and committee"),
  historyOn("ServiceToken", ServiceTokenObject, staff, "Staff"),
  historyOn("Mentor", MentorPlaceObject, ofApplication(officeNotOwn), OFFICE, idOfApplication),
  historyOn("Confirmation", ConfirmationObject, ofApplication(officeNotOwn), OFFICE, idOfApplication),
  historyOn("TeamProposal", TeamProposalObject, staffOrCommittee(ofRecord), "Staff and committee"),
  historyOn("Team", TeamObject, lookingAfter, "Staff and committee, but nobody about their own,", candidateOf),
  historyOn("File", FileObject, both(staff, not(own, "FORBIDDEN")), "Staff, but nobody about their own,"),
] as const;
