import { Ctx, FieldResolver, Resolver, Root } from "type-graphql";
import { isCommittee, isStaff } from "../person/role.ts";
import { abilityOf } from "../shared/ability.ts";
import { viewerOf, type RequestContext } from "../shared/context.ts";
import { TeamAbilitiesObject, TeamProposalAbilitiesObject } from "./abilities.type.ts";
import { applicationsOf, examine } from "./proposal.resolver.ts";
import { archiveProposal, publishRefusals, startUnpublishing, type Proposal } from "./proposal.ts";
import { TeamProposalObject } from "./proposal.type.ts";
import {
  acceptTeam,
  declineTeam,
  isCandidateOf,
  isMentorOf,
  teamConflicts,
  teamStateRefusals,
  type Team,
} from "./team.ts";
import { TeamObject } from "./team.type.ts";

/** What somebody could do with a team now: the rules of the steps answer. */
@Resolver(() => TeamObject)
export class TeamAbilitiesResolver {
  @FieldResolver(() => TeamAbilitiesObject, { description: "What the viewer could do now." })
  viewerCan(@Root() team: Team, @Ctx() context: RequestContext) {
    const viewer = viewerOf(context);
    const { now } = context;
    const isMentor = isMentorOf(viewer, team);
    const ofMentor = abilityOf(viewer, isMentor, "Only the mentor can do this.");
    const maySettle = isStaff(viewer) && !isMentor && !isCandidateOf(viewer, team);
    const ofStaff = abilityOf(viewer, maySettle, "Only staff can do this, and not for themselves.");
    // One whose mentor has not answered is taken back, any other ends.
    const left = team.state === "PROPOSED" ? "takeBack" : "end";
    return {
      accept: ofMentor(() => acceptTeam(team, { now })),
      decline: ofMentor(() => declineTeam(team, { now, why: "" })),
      end: ofStaff(() => ({ refusals: teamStateRefusals(team, "end") })),
      replaceMentor: ofStaff(() => ({ refusals: teamStateRefusals(team, left) })),
    };
  }
}

/** What somebody could do with a proposal now. */
@Resolver(() => TeamProposalObject)
export class TeamProposalAbilitiesResolver {
  @FieldResolver(() => TeamProposalAbilitiesObject, {
    description: "What the viewer could do now. Ask for it of one proposal at a time, like for what stands in its way.",
  })
  async viewerCan(@Root() proposal: Proposal, @Ctx() context: RequestContext) {
    const viewer = viewerOf(context);
    const isMember = isStaff(viewer) || isCommittee(viewer, proposal.cohortId);
    const ofOffice = abilityOf(viewer, isMember, "Only staff and the committee can do this.");
    const ofStaff = abilityOf(viewer, isStaff(viewer), "Only staff can do this.");
    const violations =
      isStaff(viewer) && proposal.state === "SAVED" ? (await examine(context, proposal)).violations : [];
    const applications = await applicationsOf(context, proposal.pairs);
    const conflicts = teamConflicts([...applications.values()], viewer);
    const changing = () => archiveProposal(proposal, { expectedVersion: proposal.version });
    const withdrawing = { by: viewer.person.id, why: "?", now: context.now };
    return {
      move: ofOffice(changing),
      archive: ofOffice(changing),
      publish: ofStaff(() => ({ refusals: conflicts.length > 0 ? conflicts : publishRefusals(proposal, violations) })),
      unpublish: ofStaff(() =>
        conflicts.length > 0 ? { refusals: conflicts } : startUnpublishing(proposal, withdrawing),
      ),
    };
  }
}
