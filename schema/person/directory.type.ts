import { Field, InputType, ObjectType } from "type-graphql";
import { connectionType } from "../shared/page.ts";
import { payloadType } from "../shared/user-error.ts";
import { PersonObject } from "./person.type.ts";

@ObjectType("DirectoryEntry", {
  simpleResolvers: true,
  description: "Somebody who agreed that the others in the directory see their name and address.",
})
export class DirectoryEntryObject {
  @Field(() => String, { description: "The name." })
  name!: string;

  @Field(() => String, { description: "The address that mails go to." })
  email!: string;
}

export const DirectoryEntryConnection = connectionType("DirectoryEntry", () => DirectoryEntryObject);

@InputType({ description: "Whether to be listed in the directory." })
export class ViewerDirectorySetInput {
  @Field(() => Boolean, {
    description:
      "True agrees that everybody in the directory, and staff, see one's name and address; false takes it back.",
  })
  isListed!: boolean;
}

export const ViewerDirectorySetPayload = payloadType<"UNCHANGED">(
  "ViewerDirectorySet",
  { person: { type: () => PersonObject, description: "The person as they are now." } },
  { UNCHANGED: true },
);
