import { Field, ID, ObjectType } from "type-graphql";
import { ApplicationObject } from "../application/application.type.ts";
import { CertificateObject } from "../certificate/certificate.type.ts";
import { PersonObject } from "../person/person.type.ts";
import { RoleEnum } from "../person/person.type.ts";
import { enumType } from "../shared/scalars.ts";
import type { Task, TaskCode } from "./task.ts";
import type { Standing } from "./standing.ts";

export const StandingKindEnum = enumType<Standing["kind"]>(
  "StandingKind",
  "What somebody is in the program by what they have done, besides the roles they were granted.",
  {
    APPLICANT: "Has an application that is not decided for good.",
    CANDIDATE: "Accepted as a candidate, and not certified yet.",
    MENTOR: "Accepted as a mentor.",
    CERTIFICATE_HOLDER: "Holds a certificate that is valid today.",
    ALUMNUS: "Was certified, whether or not the certificate is still valid.",
  },
);

@ObjectType("Standing", { simpleResolvers: true, description: "What somebody is, and in which cohort." })
export class StandingObject {
  @Field(() => StandingKindEnum, { description: "What." })
  kind!: Standing["kind"];

  @Field(() => ID, { description: "Id of the cohort." })
  cohortId!: string;
}

export const TaskCodeEnum = enumType<TaskCode>("TaskCode", "What waits for somebody.", {
  NOMINATOR_ADDRESS_BOUNCED: "Mails to a nominator come back: the address is to be corrected.",
  NOMINATOR_TO_NAME: "A nomination is missing and nobody is asked for it.",
});

@ObjectType("Task", {
  simpleResolvers: true,
  description: "Something that waits for the viewer. It is gone once it is done.",
})
export class TaskObject implements Task {
  @Field(() => TaskCodeEnum, { description: "What, for programs." })
  code!: TaskCode;

  @Field(() => String, { description: "What to do, in a sentence for people." })
  message!: string;

  @Field(() => ID, { description: "Id of the application it is about." })
  applicationId!: string;
}

@ObjectType("Viewer", { simpleResolvers: true, description: "Whoever is signed in, and what concerns them." })
export class ViewerObject {
  @Field(() => PersonObject, {
    description: "The person. For a service token a stand-in with its name, which has no address and owns nothing.",
  })
  person!: object;

  @Field(() => [RoleEnum], { description: "Roles the viewer holds at this moment." })
  roles!: string[];

  @Field(() => [StandingObject], { description: "What the viewer is by what they have done, in each cohort." })
  standings!: object[];

  @Field(() => [TaskObject], { description: "What waits for the viewer." })
  tasks!: TaskObject[];

  @Field(() => [ApplicationObject], { description: "The viewer's applications, the latest first." })
  applications!: object[];

  @Field(() => [CertificateObject], { description: "The viewer's certificates, the latest first." })
  certificates!: object[];
}
