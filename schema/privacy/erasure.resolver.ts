import { Arg, Args, Ctx, FieldResolver, Mutation, Query, Resolver, Root } from "type-graphql";
import { isRecusedFromAny } from "../application/application.ts";
import { dropClaim, emailKeys, personFrom, personKey, writePerson } from "../person/person.table.ts";
import { idsOf, type Person } from "../person/person.ts";
import { PersonObject } from "../person/person.type.ts";
import { carryOut, hashOf, written } from "../shared/command.ts";
import { actorOf, viewerOf, type RequestContext } from "../shared/context.ts";
import { failure } from "../shared/failure.ts";
import { localId } from "../shared/node.ts";
import { PageArgs, pageOf } from "../shared/page.ts";
import { Allow, signedIn, staff } from "../shared/rule.ts";
import {
  effectOf,
  eraseRefusals,
  FATES,
  requestErasure,
  startErasure,
  type EffectRow,
  type Erasure,
  type ErasureState,
} from "./erasure.ts";
import { carryOutErasure } from "./erasure.due.ts";
import { erasureFrom, erasureKey, listErasures, writeErasure } from "./erasure.table.ts";
import {
  EffectRowObject,
  ErasureConnection,
  ErasureObject,
  ErasureStateEnum,
  PersonEraseInput,
  PersonErasePayload,
  ViewerErasureRequestInput,
  ViewerErasureRequestPayload,
} from "./erasure.type.ts";
import { readTraces } from "./trace.table.ts";

@Resolver(() => ErasureObject)
export class ErasureResolver {
  @Allow(staff)
  @Query(() => ErasureConnection, {
    description:
      "Erasures of one state, the earliest first: wishes to be forgotten, and what became of them. Staff may.",
  })
  async erasures(
    @Arg("state", () => ErasureStateEnum, { description: "How far they are." }) state: ErasureState,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() context: RequestContext,
  ) {
    const ask = (from: Parameters<typeof listErasures>[2]) => listErasures(context.table, state, from);
    return pageOf(page, { name: "erasures", of: { state }, index: "byList" }, ask, (item) => erasureFrom(item)!);
  }

  @FieldResolver(() => PersonObject, { description: "Whose it is; a pseudonym from the confirmation on." })
  async person(@Root() { id }: Erasure, @Ctx() context: RequestContext) {
    return context.load.person(id);
  }

  @FieldResolver(() => [EffectRowObject], {
    description:
      "What was confirmed, class by class; empty before. Without details for whoever is recused from something of it.",
  })
  async rows(@Root() { id, rows }: Erasure, @Ctx() { viewer, load }: RequestContext) {
    const person = await load.person(id);
    const isKeptAway = person !== undefined && isRecusedFromAny(viewer, idsOf(person));
    return rows.map((row) => rowOf(isKeptAway ? { ...row, details: [] } : row));
  }

  @Allow(staff)
  @Mutation(() => PersonErasePayload, {
    description:
      "Erases a person: names, addresses and texts go, facts stay under a pseudonym. First call it with `dryRun`, look, then " +
      "confirm with the token. What breaks off is taken up again, and some minutes later it is verified that nothing is " +
      "left. What others wrote about the person in their own records is not found. Staff may, but nobody themselves.",
  })
  async personErase(
    @Arg("input", () => PersonEraseInput, { description: "Who, and why." }) input: PersonEraseInput,
    @Ctx() context: RequestContext,
  ) {
    const id = localId("Person", input.personId);
    const viewer = viewerOf(context);
    const { why, dryRun, confirmToken, idempotencyKey } = input;
    const load = () => loadPerson(context, id);
    if (dryRun) {
      const { person, erasure, traces, rows, token } = await load();
      const userErrors = eraseRefusals(person, { viewer, why, traces });
      const known = { person, erasure: erasure ?? null, userErrors };
      if (userErrors.length > 0) return { ...known, rows: null, confirmToken: null };
      return { ...known, rows: rows.map(rowOf), confirmToken: token };
    }
    const carried = await carryOut(context, {
      actor: actorOf(context),
      load,
      decide: ({ person, erasure, traces, rows, token }) =>
        startErasure(person, erasure, { viewer, why, traces, rows, currentToken: token, confirmToken }),
      write: (next, { person, claimed }) => [
        ...writePerson(next.person, person),
        ...writeErasure(next.erasure),
        ...claimed.map(({ at, holder }) => dropClaim(at, holder)),
      ],
      once: {
        personId: viewer.person.id,
        operation: "personErase",
        key: idempotencyKey,
        input: { id, why, confirmToken: confirmToken ?? null },
        keep: () => ({}),
      },
    });
    context.load.forget();
    const { person, erasure } = carried.loaded;
    if (carried.status === "refused") {
      return { person, erasure: erasure ?? null, rows: null, confirmToken: null, userErrors: carried.refusals };
    }
    const started = carried.status === "done" ? written(carried.outcome.erasure) : erasure;
    if (!started) throw new Error("An erasure that was kept by its key is gone");
    return {
      person: carried.status === "done" ? written(carried.outcome.person) : person,
      erasure: await carryOutErasure(context, started),
      rows: started.rows.map(rowOf),
      confirmToken: null,
      userErrors: [],
    };
  }

  @Allow(signedIn)
  @Mutation(() => ViewerErasureRequestPayload, {
    description: "Asks to be forgotten. Staff look at it and erase the person; until then everything stays as it is.",
  })
  async viewerErasureRequest(
    @Arg("input", () => ViewerErasureRequestInput, { description: "Why, if the viewer wants to say." })
    input: ViewerErasureRequestInput,
    @Ctx() context: RequestContext,
  ) {
    const { person, now } = viewerOf(context);
    const carried = await carryOut(context, {
      actor: actorOf(context),
      load: async () => erasureFrom(await context.table.get(erasureKey(person.id))),
      decide: (existing) => requestErasure(person, existing, { why: input.why, now }),
      write: writeErasure,
    });
    if (carried.status === "done") return { erasure: written(carried.outcome), userErrors: [] };
    const userErrors = carried.status === "refused" ? carried.refusals : [];
    return { erasure: carried.loaded ?? null, userErrors };
  }
}

/** A person with everything known of them, and what erasing them would do, bound into a token. */
async function loadPerson(context: RequestContext, id: string) {
  const [found, wish] = await context.table.getMany([personKey(id), erasureKey(id)]);
  const person = personFrom(found);
  if (!person) throw failure("NOT_FOUND");
  const traces = await readTraces(context.table, person);
  const rows = effectOf(traces, context.now);
  return {
    person,
    erasure: erasureFrom(wish),
    traces,
    rows,
    token: hashOf({ id, version: person.version, rows }),
    claimed: await claimsOf(context, person),
  };
}

/** The claims of the person's addresses, also by a record that was merged into theirs. They go together with the addresses. */
async function claimsOf({ table }: RequestContext, person: Person) {
  const keys = emailKeys(person.addresses.map(({ email }) => email));
  const items = await table.getMany(keys);
  return keys.flatMap((at, index) => {
    const holder = items[index]?.["personId"] as string | undefined;
    return holder !== undefined && idsOf(person).includes(holder) ? [{ at, holder }] : [];
  });
}

function rowOf({ kind, count, details }: EffectRow): EffectRowObject {
  return { kind, count, details, ...FATES[kind] };
}
