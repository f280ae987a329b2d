import { Field, InputType } from "type-graphql";
import { payloadType } from "../shared/user-error.ts";
import type { EnterCode } from "./entry.ts";
import { PersonObject } from "./person.type.ts";

@InputType({ description: "Somebody who has never signed in, to make a record for." })
export class PersonCreateInput {
  @Field(() => String, { description: "Their name; at most 120 characters, on one line." })
  name!: string;

  @Field(() => String, {
    description: "The address with which they will sign in; capital and small letters are the same.",
  })
  email!: string;

  @Field(() => String, { description: "Why, for the history; at most 1,000 characters." })
  why!: string;
}

export const PersonCreatePayload = payloadType<EnterCode>(
  "PersonCreate",
  { person: { type: () => PersonObject, description: "The new record; null when none was made." } },
  { REQUIRED: true, TOO_LONG: true, BAD_CHARACTERS: true, BAD_EMAIL: true, EMAIL_TAKEN: true },
);
