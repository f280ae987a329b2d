import { Arg, Ctx, Mutation, Resolver } from "type-graphql";
import { listOfPerson as listApplications } from "../application/application.table.ts";
import { isOver, type Application } from "../application/application.ts";
import { listOfHolder } from "../certificate/certificate.table.ts";
import { carryOut, hashOf, written } from "../shared/command.ts";
import { actorOf, viewerOf, type RequestContext } from "../shared/context.ts";
import type { Decision } from "../shared/decision.ts";
import { failure } from "../shared/failure.ts";
import type { Recorded } from "../shared/event.ts";
import type { Write } from "../shared/write.ts";
import type { ProgramEvent } from "../events.ts";
import { messagesOf } from "../mails.ts";
import { writeMessage } from "../message/message.table.ts";
import { localId } from "../shared/node.ts";
import { Allow, staff } from "../shared/rule.ts";
import { mergePeople, mergeRefusals, type MergeCode, type MergeEffect, type Records } from "./merge.ts";
import { PersonMergeInput, PersonMergePayload } from "./merge.type.ts";
import { personFrom, personKey, writeMerge } from "./person.table.ts";
import { idsOf, type Person } from "./person.ts";

@Resolver()
export class MergeResolver {
  @Allow(staff)
  @Mutation(() => PersonMergePayload, {
    description:
      "Makes one person of two records of the same one: whoever signs in with either is the one that stays, and what " +
      "belonged to either is theirs. First call it with `dryRun`, look, then confirm with the token. It cannot be undone. " +
      "Staff may, but nobody with their own record.",
  })
  async personMerge(
    @Arg("input", () => PersonMergeInput, { description: "Which records, and why." }) input: PersonMergeInput,
    @Ctx() context: RequestContext,
  ) {
    const keptId = localId("Person", input.keptId);
    const mergedId = localId("Person", input.mergedId);
    const tokenOf = (effect: MergeEffect) => hashOf({ keptId, mergedId, effect });
    const carried = await carryOut(context, {
      actor: actorOf(context),
      load: async () => loadBoth(context, keptId, mergedId),
      decide: ({ records, effect, ...known }): Decision<Records, MergeCode> => {
        const facts = { viewer: viewerOf(context), why: input.why, ...known };
        if (!input.dryRun)
          return mergePeople(records, { ...facts, given: input.confirmToken, wanted: tokenOf(effect) });
        const refusals = mergeRefusals(records, facts);
        return refusals.length > 0 ? { refusals } : { outcome: records, events: [] };
      },
      write: (next, { records }, events) =>
        next === records ? [] : [...writeMerge(next, records), ...notices(context, records, events)],
    });
    context.load.forget();
    if (carried.status !== "done") {
      const userErrors = carried.status === "refused" ? carried.refusals : [];
      return { person: null, effect: null, confirmToken: null, userErrors };
    }
    const { effect } = carried.loaded;
    if (input.dryRun) {
      return { person: null, effect, confirmToken: tokenOf(effect), userErrors: [] };
    }
    return { person: written(carried.outcome.kept), effect, confirmToken: null, userErrors: [] };
  }
}

/** Both are told at the address they had: in the outbox at once, because one of them is gone from the record then. */
function notices({ now }: RequestContext, { kept, merged }: Records, events: readonly Recorded[]): Write[] {
  const addresses: Record<string, string> = { [kept.id]: kept.email, [merged.id]: merged.email };
  const mails = events.flatMap((event) => messagesOf(event as Recorded<ProgramEvent>, now));
  return mails.flatMap((mail) => writeMessage({ ...mail, to: addresses[mail.about.id] ?? null }));
}

/** Both records as they are now, with what belongs to them. */
async function loadBoth(context: RequestContext, keptId: string, mergedId: string) {
  const [kept, merged] = (await context.table.getMany([personKey(keptId), personKey(mergedId)])).map(personFrom);
  if (!kept || !merged) throw failure("NOT_FOUND");
  const [ofKept, ofMerged] = await Promise.all([belongings(context, kept), belongings(context, merged)]);
  const effect: MergeEffect = {
    name: kept.name,
    emails: [kept, merged].flatMap(({ addresses }) => addresses.map(({ email }) => email)),
    roles: [...kept.roles, ...merged.roles],
    applicationNumbers: [...ofKept.applications, ...ofMerged.applications].map(({ number }) => number),
    certificateNumbers: [...ofKept.certificates, ...ofMerged.certificates].map(({ id }) => id),
  };
  const records: Records = { kept, merged };
  const applicationIds = [...ofKept.applications, ...ofMerged.applications].map(({ id }) => id);
  return { records, effect, applicationIds, twice: appliedTwice(ofKept.applications, ofMerged.applications) };
}

async function belongings({ table }: RequestContext, person: Person) {
  const ids = idsOf(person);
  const [applications, certificates] = await Promise.all([
    Promise.all(ids.map((id) => listApplications(table, id))),
    Promise.all(ids.map((id) => listOfHolder(table, id))),
  ]);
  return { applications: applications.flat(), certificates: certificates.flat() };
}

/** Numbers of applications that go on, to a cohort to which the other has one that goes on too. */
function appliedTwice(one: readonly Application[], other: readonly Application[]): string[] {
  const isSame = (a: Application, b: Application) => a.cohortId === b.cohortId && a.kind === b.kind;
  const goOn = one.filter((each) => !isOver(each));
  return other.filter((each) => !isOver(each) && goOn.some((held) => isSame(held, each))).map(({ number }) => number);
}
