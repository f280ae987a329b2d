import { Arg, Args, Ctx, FieldResolver, ID, Query, Resolver, Root } from "type-graphql";
import { listOfPerson as listApplications } from "../application/application.table.ts";
import { mayRead, type Application } from "../application/application.ts";
import { listOfHolder } from "../certificate/certificate.table.ts";
import { mayReadCertificate, type Certificate } from "../certificate/certificate.ts";
import { visibleProposal } from "../decision/conflict.resolver.ts";
import { visibleDecision, type Decision } from "../decision/decision.ts";
import { mayReadMessage } from "../message/message.ts";
import { visibleNomination } from "../nomination/nomination.resolver.ts";
import { visibleFile } from "../file/file.resolver.ts";
import { listOfPerson as listMessages, messageFrom } from "../message/message.table.ts";
import { MessageConnection } from "../message/message.type.ts";
import { idsOf, isSelf, type Person, type Viewer } from "../person/person.ts";
import { hasRole, isCommittee, isStaff, ROLES } from "../person/role.ts";
import type { RequestContext } from "../shared/context.ts";
import { failure } from "../shared/failure.ts";
import { globalId, parseGlobalId } from "../shared/id.ts";
import type { Item } from "../shared/keys.ts";
import { Node } from "../shared/node.ts";
import { PageArgs, pageOf } from "../shared/page.ts";
import { Allow, anyone, signedIn } from "../shared/rule.ts";
import type { Table } from "../shared/table.ts";
import { mayReadTeam } from "../team/team.ts";
import { standingsOf } from "./standing.ts";
import { tasksOf } from "./task.ts";
import { ViewerObject, type TaskObject } from "./viewer.type.ts";

@Resolver(() => ViewerObject)
export class ViewerResolver {
  @Allow(anyone)
  @Query(() => ViewerObject, {
    nullable: true,
    description: "Whoever asks, a person or a service token; null when nobody is signed in.",
  })
  viewer(@Ctx() { viewer }: RequestContext) {
    return viewer;
  }

  @FieldResolver()
  roles(@Root() { person, now }: Viewer): string[] {
    return ROLES.filter((role) => hasRole(person, role, now));
  }

  @FieldResolver()
  async standings(@Root() { person, now }: Viewer, @Ctx() { table }: RequestContext) {
    const [applications, certificates] = await Promise.all([
      applicationsOf(table, person),
      certificatesOf(table, person),
    ]);
    const standings = standingsOf(applications, certificates, now);
    return standings.map(({ kind, cohortId }) => ({ kind, cohortId: globalId("Cohort", cohortId) }));
  }

  @FieldResolver()
  async applications(@Root() { person }: Viewer, @Ctx() { table }: RequestContext) {
    return applicationsOf(table, person);
  }

  @FieldResolver()
  async certificates(@Root() { person }: Viewer, @Ctx() { table }: RequestContext) {
    return certificatesOf(table, person);
  }

  @FieldResolver()
  async tasks(@Root() { person }: Viewer, @Ctx() { table, load }: RequestContext): Promise<TaskObject[]> {
    const applications = await applicationsOf(table, person);
    const concerns = await Promise.all(
      applications.map(async (application) => ({ application, cohort: await load.cohort(application.cohortId) })),
    );
    const tasks = tasksOf(concerns.flatMap(({ application, cohort }) => (cohort ? [{ application, cohort }] : [])));
    return tasks.map(({ code, message, applicationId }) => {
      return { code, message, applicationId: globalId("Application", applicationId) };
    });
  }

  @FieldResolver(() => MessageConnection, { description: "Mails to the viewer, the latest first." })
  async messages(@Root() viewer: Viewer, @Args(() => PageArgs) page: PageArgs, @Ctx() { table }: RequestContext) {
    const { person } = viewer;
    const ask = (from: Parameters<typeof listMessages>[2]) => listMessages(table, idsOf(person), from);
    const list = { name: "messages", of: { personId: person.id }, index: "byWho" } as const;
    const isVisible = (item: Item) => mayReadMessage(viewer, messageFrom(item)!);
    return pageOf(page, list, ask, (item) => messageFrom(item)!, isVisible);
  }
}

async function applicationsOf(table: Table, person: Person): Promise<Application[]> {
  const found = await Promise.all(idsOf(person).map((id) => listApplications(table, id)));
  return found.flat().sort((a, b) => (a.startedAt < b.startedAt ? 1 : -1));
}

async function certificatesOf(table: Table, person: Person): Promise<Certificate[]> {
  const found = await Promise.all(idsOf(person).map((id) => listOfHolder(table, id)));
  return found.flat().sort((a, b) => (a.issuedOn < b.issuedOn ? 1 : -1));
}

@Resolver()
export class NodeResolver {
  @Allow(signedIn)
  @Query(() => Node, {
    nullable: true,
    description: "Anything by its id; null when there is nothing the viewer may see.",
  })
  async node(
    @Arg("id", () => ID, { description: "The id of whatever it is." }) id: string,
    @Ctx() context: RequestContext,
  ) {
    return find(id, context);
  }

  @Allow(signedIn)
  @Query(() => [Node], {
    nullable: "items",
    description: "Several things by their ids, at most 100, in the same order; null where there is nothing to see.",
  })
  async nodes(
    @Arg("ids", () => [ID], {
      description: "At most 100; the same one may come twice. The cost is this many times the fields of one.",
    })
    ids: string[],
    @Ctx() context: RequestContext,
  ) {
    if (ids.length > 100) throw failure("BAD_PAGE_SIZE");
    return Promise.all(ids.map((id) => find(id, context)));
  }
}

/** A decision as the viewer may see it, of an application that they may see. Both are read, whatever there is to see. */
async function visibleTo(viewer: Viewer, { load }: RequestContext, id: string): Promise<Decision | null> {
  const [application, decision] = await Promise.all([load.application(id), load.decision(id)]);
  return application && decision && mayRead(viewer, application)
    ? visibleDecision(viewer, decision, application)
    : null;
}

/** What the id stands for, if the viewer may see it; missing, foreign and malformed are all the same. */
async function find(opaqueId: string, context: RequestContext) {
  const { viewer, load } = context;
  const parsed = parseGlobalId(opaqueId);
  if (!parsed || !viewer) return null;
  const { kind, id } = parsed;
  const seen = <Record>(record: Record | null | undefined, visible: (record: Record) => boolean) =>
    record != null && visible(record) ? { ...record, nodeKind: kind } : null;
  switch (kind) {
    case "Person":
      return seen(await load.person(id), (person) => isSelf(viewer, person.id) || isStaff(viewer));
    case "Cohort":
      return seen(await load.cohort(id), (cohort) => cohort.state === "PUBLISHED" || isStaff(viewer));
    case "LateCode":
      return seen(await load.lateCode(id), () => isStaff(viewer));
    case "Application":
      return seen(await load.application(id), (application) => mayRead(viewer, application));
    case "Decision":
      return seen(await visibleTo(viewer, context, id), () => true);
    case "Slate":
      return seen(await visibleProposal(context, await load.slate(id)), () => true);
    case "Motion":
      return seen(await visibleProposal(context, await load.motion(id)), () => true);
    case "Certificate":
      return seen(await load.certificate(id), (certificate) => mayReadCertificate(viewer, certificate));
    case "Message":
      return seen(await load.message(id), (message) => mayReadMessage(viewer, message));
    case "ServiceToken":
      return seen(await load.serviceToken(id), () => isStaff(viewer));
    case "Nomination":
      return seen(await visibleNomination(context, id), () => true);
    case "File":
      return seen(await visibleFile(context, id), () => true);
    case "Team":
      return seen(await load.team(id), (team) => mayReadTeam(viewer, team));
    case "TeamProposal":
      return seen(await load.teamProposal(id), ({ cohortId }) => isStaff(viewer) || isCommittee(viewer, cohortId));
  }
}
