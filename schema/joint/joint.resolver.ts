import { Arg, Ctx, FieldResolver, Mutation, Resolver, Root } from "type-graphql";
import { ownApplication } from "../application/application.resolver.ts";
import { applicationFrom, applicationKey, holdApplication } from "../application/application.table.ts";
import {
  applicationId,
  applicationIds,
  mayRead,
  theOneThatCounts,
  type Application,
} from "../application/application.ts";
import { ApplicationObject } from "../application/application.type.ts";
import { tokenParts } from "../link/link.ts";
import { loadByToken, loadIssued, writeIssued, writeLink } from "../link/link.table.ts";
import { isSelf } from "../person/person.ts";
import { isStaff } from "../person/role.ts";
import { carryOut, type CommandContext } from "../shared/command.ts";
import { actorOf, viewerOf, type RequestContext } from "../shared/context.ts";
import { failure } from "../shared/failure.ts";
import { localId } from "../shared/node.ts";
import { Allow, anyone, signedIn } from "../shared/rule.ts";
import {
  acceptInvitation,
  declineInvitation,
  invite,
  nameOf,
  otherKind,
  partnerOf,
  partnerState,
  type Invitation,
  type JointFacts,
} from "./joint.ts";
import { jointFrom, jointKey, writeJoint } from "./joint.table.ts";
import {
  JointAcceptPayload,
  JointAnswerInput,
  JointDeclinePayload,
  JointInviteInput,
  JointInvitePayload,
  JointObject,
  JointUnlinkInput,
  JointUnlinkPayload,
} from "./joint.type.ts";
import { endJoint } from "./unlink.due.ts";

@Resolver()
export class JointResolver {
  @Allow(ownApplication)
  @Mutation(() => JointInvitePayload, {
    description:
      "Invites somebody to apply together to the same cohort, as the other kind: a link goes to the address. Three times a day, " +
      "until the application is decided. The applicant may.",
  })
  async jointInvite(
    @Arg("input", () => JointInviteInput, { description: "Whom." }) {
      applicationId: opaqueId,
      ...wish
    }: JointInviteInput,
    @Ctx() context: RequestContext,
  ) {
    const { table } = context;
    const viewer = viewerOf(context);
    const id = localId("Application", opaqueId);
    const [jointId, linkId] = [context.ids.make("jnt"), context.ids.make("lnk")];
    const carried = await carryOut(context, {
      actor: actorOf(context),
      load: async () => {
        const about = { kind: "Application", id } as const;
        const [application, made] = await Promise.all([
          table.get(applicationKey(id)).then(applicationFrom),
          loadIssued<JointFacts>(table, about, "JOINT"),
        ]);
        if (!application) throw failure("NOT_FOUND");
        return { application, issued: made.issued };
      },
      decide: ({ application, issued }) => invite(application, wish, { viewer, issued, jointId, linkId }),
      write: ({ joint, link, issued }, { application }) => [
        ...writeJoint(joint),
        ...writeLink(link),
        ...writeIssued(issued),
        holdApplication(application),
      ],
    });
    context.load.forget();
    return {
      application: carried.loaded.application,
      userErrors: carried.status === "refused" ? carried.refusals : [],
    };
  }

  @Allow(signedIn)
  @Mutation(() => JointAcceptPayload, {
    description:
      "Accepts an invitation to apply together: it is bound to the viewer's application of the other kind, also when that is still " +
      "to be started. Whoever is signed in and holds the link may, once.",
  })
  async jointAccept(
    @Arg("input", () => JointAnswerInput, { description: "The invitation." }) { token }: JointAnswerInput,
    @Ctx() context: RequestContext,
  ) {
    const viewer = viewerOf(context);
    const carried = await carryOut(context, {
      actor: actorOf(context),
      load: async () => {
        const invitation = await loadInvitation(context, token);
        const { joint } = invitation;
        const cohort = joint && (await context.load.cohort(joint.cohortId));
        if (!joint || !cohort) return { invitation, own: undefined };
        const kind = otherKind(joint.kind);
        const keys = applicationIds(cohort.id, kind, viewer.person).map(applicationKey);
        const existing = theOneThatCounts((await context.table.getMany(keys)).map(applicationFrom));
        const bound = existing?.id ?? applicationId(cohort.id, kind, viewer.person.id);
        return { invitation, own: { viewer, cohort, existing, applicationId: bound } };
      },
      decide: ({ invitation, own }) =>
        own ? acceptInvitation(invitation, own) : declineInvitation({ ...invitation, joint: undefined }, context.now),
      write: ({ joint, link }, { invitation, own }) => [
        ...writeJoint(joint, invitation.joint),
        ...writeLink(link),
        ...[invitation.application, own?.existing].flatMap((one) => (one ? [holdApplication(one)] : [])),
      ],
    });
    context.load.forget();
    if (carried.status === "refused") return { application: null, userErrors: carried.refusals };
    return { application: carried.loaded.own?.existing ?? null, userErrors: [] };
  }

  @Allow(anyone)
  @Mutation(() => JointDeclinePayload, {
    description: "Declines an invitation to apply together. Whoever holds the link may, signed in or not, once.",
  })
  async jointDecline(
    @Arg("input", () => JointAnswerInput, { description: "The invitation." }) { token }: JointAnswerInput,
    @Ctx() context: RequestContext,
  ) {
    const carried = await carryOut(context, {
      actor: { kind: "LINK", id: tokenParts(token)?.id ?? "" },
      load: () => loadInvitation(context, token),
      decide: (invitation) => declineInvitation(invitation, context.now),
      write: ({ joint, link }, before) => [...writeJoint(joint, before.joint), ...writeLink(link)],
    });
    return { userErrors: carried.status === "refused" ? carried.refusals : [] };
  }

  @Allow(ownApplication)
  @Mutation(() => JointUnlinkPayload, {
    description:
      "Takes an invitation back, or ends a joint application; both applications stay as they are, and so does a team that the two " +
      "have been made: it is the committee's, not theirs. Either side may for their own.",
  })
  async jointUnlink(
    @Arg("input", () => JointUnlinkInput, { description: "The viewer's application." }) input: JointUnlinkInput,
    @Ctx() context: RequestContext,
  ) {
    const id = localId("Application", input.applicationId);
    const application = await context.load.application(id);
    const userErrors = await endJoint(context, id, actorOf(context));
    context.load.forget();
    return { application, userErrors };
  }
}

/** The joint application, where applications are looked at. */
@Resolver(() => ApplicationObject)
export class ApplicationJointResolver {
  @FieldResolver(() => JointObject, {
    nullable: true,
    description:
      "With whom the applicant applies together; null when with nobody, or when the viewer may not see the other application. Who " +
      "was invited and has not answered is seen by the inviting side and staff alone.",
  })
  async joint(@Root() application: Application, @Ctx() { viewer, load }: RequestContext) {
    const joint = await load.jointOf(application.id);
    if (!joint) return null;
    const isOwner = isSelf(viewer, application.personId);
    if (joint.state === "INVITED") {
      if (!isOwner && !isStaff(viewer)) return null;
      return {
        partnerState: "INVITED",
        partnerName: joint.invited?.name ?? null,
        invitedAt: joint.invitedAt,
        partner: null,
      };
    }
    const side = partnerOf(joint, application.id);
    const partner = side ? await load.application(side.applicationId) : undefined;
    const person = side ? await load.person(side.personId) : undefined;
    const isSeen = partner !== undefined && mayRead(viewer, partner);
    if (!side || (!isOwner && !isSeen && !(isStaff(viewer) && partner === undefined))) return null;
    return {
      partnerState: partnerState(joint, partner, { isOwner }),
      partnerName: nameOf(person),
      invitedAt: joint.invitedAt,
      partner: !isOwner && isSeen ? partner : null,
    };
  }
}

/** An invitation by what its holder sends: the link once more behind the rest, so that whoever sees an answer sees the use. */
async function loadInvitation({ table }: CommandContext, token: string): Promise<Invitation> {
  const first = await loadByToken<JointFacts>(table, token);
  const joint =
    first.link?.purpose === "JOINT" ? jointFrom(await table.get(jointKey(first.link.facts.jointId))) : undefined;
  if (!joint) return { ...first, joint: undefined, application: undefined };
  const application = applicationFrom(await table.get(applicationKey(joint.inviter.applicationId)));
  return { ...(await loadByToken<JointFacts>(table, token)), joint, application };
}
