import { Field, ObjectType } from "type-graphql";
import { ApplicationObject } from "../application/application.type.ts";
import { CertificateObject } from "../certificate/certificate.type.ts";
import { PersonObject } from "../person/person.type.ts";
import { RoleEnum } from "../person/person.type.ts";

@ObjectType("Viewer", { simpleResolvers: true, description: "Whoever is signed in, and what concerns them." })
export class ViewerObject {
  @Field(() => PersonObject, {
    description: "The person. For a service token a stand-in with its name, which has no address and owns nothing.",
  })
  person!: object;

  @Field(() => [RoleEnum], { description: "Roles the viewer holds at this moment." })
  roles!: string[];

  @Field(() => [ApplicationObject], { description: "The viewer's applications, the latest first." })
  applications!: object[];

  @Field(() => [CertificateObject], { description: "The viewer's certificates, the latest first." })
  certificates!: object[];
}
