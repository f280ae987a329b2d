import { Ctx, FieldResolver, Resolver, Root } from "type-graphql";
import { isCommittee } from "../person/role.ts";
import { abilityOf } from "../shared/ability.ts";
import { viewerOf, type RequestContext } from "../shared/context.ts";
import { MotionAbilitiesObject, SlateAbilitiesObject } from "./abilities.type.ts";
import { conflictsIn, hasOwnApplication, onlookerIn } from "./conflict.resolver.ts";
import { castBallot, closeRefusals, openMotion, withdrawMotion, type Motion } from "./motion.ts";
import { MotionObject } from "./motion.type.ts";
import { mayPropose } from "./row.ts";
import { archiveSlate, copySlate, saveSlate, type Slate } from "./slate.ts";
import { SlateObject } from "./slate.type.ts";
import { loadWithDecisions } from "./tally.table.ts";

const PROPOSERS = "Only staff and the chair can do this.";

/** What somebody could do with a slate now: the rules of the steps answer. */
@Resolver(() => SlateObject)
export class SlateAbilitiesResolver {
  @FieldResolver(() => SlateAbilitiesObject, {
    description: "What the viewer could do now. Ask for it of one slate at a time, like for its analysis.",
  })
  async viewerCan(@Root() slate: Slate, @Ctx() context: RequestContext) {
    const viewer = viewerOf(context);
    const { cohortId, kind, version: expectedVersion, name } = slate;
    const may = mayPropose(viewer, cohortId);
    const ofProposer = abilityOf(viewer, may, PROPOSERS);
    const ids = may ? slate.rows.map(({ applicationId }) => applicationId) : [];
    const [conflicts, { reviewing }, around] = await Promise.all([
      conflictsIn(context, cohortId, kind),
      onlookerIn(context),
      loadWithDecisions(context.table, ids),
    ]);
    const facts = { viewer, reviewing, conflicts, expectedVersion };
    const motion = { id: "", rationale: "?", expectedVersion };
    return {
      save: ofProposer(() => saveSlate(slate, {}, { ...facts, ...around })),
      copy: ofProposer(() => copySlate(slate, { id: "", name }, facts)),
      archive: ofProposer(() => archiveSlate(slate, facts)),
      openMotion: ofProposer(() => openMotion(slate, motion, { ...facts, ...around })),
    };
  }
}

/** What somebody could do with a motion now. */
@Resolver(() => MotionObject)
export class MotionAbilitiesResolver {
  @FieldResolver(() => MotionAbilitiesObject, { description: "What the viewer could do now." })
  async viewerCan(@Root() motion: Motion, @Ctx() context: RequestContext) {
    const viewer = viewerOf(context);
    const { cohortId, kind } = motion;
    const ofMember = abilityOf(viewer, isCommittee(viewer, cohortId), "Only members of the committee can do this.");
    const ofProposer = abilityOf(viewer, mayPropose(viewer, cohortId), PROPOSERS);
    const [conflicts, { reviewing }, hasApplied] = await Promise.all([
      conflictsIn(context, cohortId, kind),
      onlookerIn(context),
      hasOwnApplication(context, cohortId, kind),
    ]);
    const ballot = { viewer, reviewing, hasApplied, existing: undefined };
    return {
      vote: ofMember(() => castBallot(motion, { choice: "ABSTAIN" }, ballot)),
      close: ofProposer(() => ({ refusals: closeRefusals(motion, conflicts) })),
      withdraw: ofProposer(() => withdrawMotion(motion, { conflicts, why: "?" })),
    };
  }
}
