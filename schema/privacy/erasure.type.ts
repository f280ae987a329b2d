import { Field, ID, InputType, Int, ObjectType } from "type-graphql";
import { PersonObject } from "../person/person.type.ts";
import type { TextCode } from "../shared/decision.ts";
import { DateTime, enumType } from "../shared/scalars.ts";
import { connectionType } from "../shared/page.ts";
import { payloadType } from "../shared/user-error.ts";
import type { EraseCode, ErasureState, Fate, TraceKind } from "./erasure.ts";

export const ErasureStateEnum = enumType<ErasureState>("ErasureState", "How far the erasure of a person is.", {
  REQUESTED: "The person asked for it; staff have not confirmed it yet.",
  RUNNING: "Confirmed and being carried out. It is looked at again until nothing is left.",
  DONE: "A look at everything that was the person's found nothing left.",
});

export const FateEnum = enumType<Fate>("Fate", "What an erasure does with something.", {
  REMOVED: "Taken away for good.",
  ENDED: "Brought to an end.",
  KEPT: "Kept as a fact, under the person's pseudonym.",
});

export const TraceKindEnum = enumType<TraceKind>("TraceKind", "A kind of trace that a person leaves.", {
  NAME: "Names of the person's records.",
  ADDRESS: "Verified e-mail addresses.",
  ACCOUNT: "Accounts the person signs in with.",
  ROLE: "Roles held now or later.",
  OPEN_APPLICATION: "Applications that go on and led to no certificate.",
  DRAFT: "Applications that were never submitted, with what is written in them.",
  SUBMISSION: "Applications that were submitted, with what is written in them.",
  RATIONALE: "The committee's reasons for decisions about the person.",
  MESSAGE: "Mails to the person.",
  FILE: "Files, with content and name.",
  LINK: "One-time links that were mailed to an address of the person.",
  LETTER: "Letters about the person, with what stands in them and who wrote them.",
  HISTORY_TEXT: "Lines of the history with names, reasons or other texts.",
  HOLDER_NAME: "Names on certificates.",
  CERTIFICATE: "Certificates, with number, status and dates.",
  DECISION: "Decisions, with outcome, vote and rank.",
});

@ObjectType("EffectRow", { simpleResolvers: true, description: "What an erasure does with one kind of trace." })
export class EffectRowObject {
  @Field(() => TraceKindEnum, { description: "The kind of trace." })
  kind!: TraceKind;

  @Field(() => FateEnum, { description: "What becomes of it." })
  fate!: Fate;

  @Field(() => String, { description: "Why, in a sentence for people." })
  why!: string;

  @Field(() => Int, { description: "How many there are." })
  count!: number;

  @Field(() => [String], { description: "Which they are, such as numbers and states; empty where that tells nothing." })
  details!: readonly string[];
}

@ObjectType("Erasure", {
  simpleResolvers: true,
  description:
    "The erasure of one person: there is at most one of each. Staff read it, and whoever asks for their own.",
})
export class ErasureObject {
  @Field(() => ErasureStateEnum, { description: "How far it is." })
  state!: ErasureState;

  @Field(() => DateTime, { nullable: true, description: "When the person asked for it; null when they did not." })
  requestedAt!: string | null;

  @Field(() => String, {
    nullable: true,
    description: "Why the person asks, in their words; null without a reason, and once it is confirmed.",
  })
  requestWhy!: string | null;

  @Field(() => DateTime, { nullable: true, description: "When staff confirmed it; null before." })
  startedAt!: string | null;

  @Field(() => String, { nullable: true, description: "The reason staff gave; null before." })
  why!: string | null;

  @Field(() => DateTime, { nullable: true, description: "When a look at everything found nothing left; null before." })
  verifiedAt!: string | null;
}

export const ErasureConnection = connectionType("Erasure", () => ErasureObject);

@InputType({ description: "A person to erase." })
export class PersonEraseInput {
  @Field(() => ID, { description: "The person." })
  personId!: string;

  @Field(() => String, {
    description: "The reason, for the history, without the person's name or address; at most 1,000 characters.",
  })
  why!: string;

  @Field(() => Boolean, {
    nullable: true,
    description: "Only looks: answers the effect and the token, changes nothing.",
  })
  dryRun?: boolean | null;

  @Field(() => String, { nullable: true, description: "The token of the effect that was looked at." })
  confirmToken?: string | null;

  @Field(() => String, {
    description: "8 to 100 letters, digits, or . : _ - characters. The same key erases once, for two days.",
  })
  idempotencyKey!: string;
}

@InputType({ description: "The wish to be forgotten." })
export class ViewerErasureRequestInput {
  @Field(() => String, {
    nullable: true,
    description:
      "Why, if the viewer wants to say; at most 1,000 characters. Staff read it, and it goes with the erasure.",
  })
  why?: string | null;
}

const erasure = { type: () => ErasureObject, description: "The erasure as it is now; null when there is none." };

export const PersonErasePayload = payloadType<EraseCode>(
  "PersonErase",
  {
    erasure,
    person: { type: () => PersonObject, description: "The person as they are now." },
    rows: {
      type: () => [EffectRowObject],
      description: "The effect, class by class; null when there was an obstacle.",
    },
    confirmToken: { type: () => String, description: "Confirms exactly this effect; null once it was confirmed." },
  },
  {
    REQUIRED: true,
    TOO_LONG: true,
    BAD_CHARACTERS: true,
    OWN_RECORD: true,
    WRONG_STATE: true,
    RECUSED: true,
    NAMES_THE_PERSON: true,
    LAST_STAFF: true,
    STALE: true,
    CONFIRM_TOKEN_REQUIRED: true,
    KEY_REUSED: true,
    BAD_KEY: true,
  },
);

export const ViewerErasureRequestPayload = payloadType<TextCode | "WRONG_STATE">(
  "ViewerErasureRequest",
  { erasure },
  { REQUIRED: true, WRONG_STATE: true, TOO_LONG: true, BAD_CHARACTERS: true },
);
