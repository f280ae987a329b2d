import { Field, ID, InputType, Int, ObjectType } from "type-graphql";
import { ApplicationObject } from "../application/application.type.ts";
import type { StateCode } from "../application/application.ts";
import { Ability } from "../shared/ability.ts";
import type { DownloadLink, UploadForm } from "../shared/files.ts";
import { Node } from "../shared/node.ts";
import { connectionType } from "../shared/page.ts";
import { DateTime, enumType } from "../shared/scalars.ts";
import { payloadType } from "../shared/user-error.ts";
import type { AttachCode, FileState, UploadCode } from "./file.ts";
import type { Purpose } from "./policy.ts";

export const FilePurposeEnum = enumType<Purpose>("FilePurpose", "What a file is for.", {
  RESUME: "The résumé of an application: PDF or DOCX, at most 5 MB. Whoever may read the application may read it.",
  LETTER:
    "A letter about an applicant: PDF or DOCX, at most 5 MB. Staff upload it; staff and committee may read it, " +
    "the applicant never.",
  EVIDENCE: "Evidence of what a person did: PDF, DOCX, PNG or JPEG, at most 10 MB. Its owner and staff may read it.",
});

export const FileStateEnum = enumType<FileState>("FileState", "Where a file stands.", {
  PENDING: "Announced, and maybe uploaded; seen by its uploader and staff alone. Removed after 24 hours.",
  ATTACHED: "Uploaded, checked and handed in.",
  REMOVED: "Removed; its content is about to be erased. Seen by staff alone.",
  ERASED: "Removed, with its content and name. Seen by staff alone.",
});

@ObjectType("FileAbilities", { simpleResolvers: true, description: "What the viewer could do with a file now." })
export class FileAbilitiesObject {
  @Field(() => Ability, { description: "Attach it. What was uploaded is looked at only by the step itself." })
  attach!: Ability;

  @Field(() => Ability, { description: "Remove it." })
  remove!: Ability;
}

@ObjectType("File", {
  implements: Node,
  simpleResolvers: true,
  description:
    "A private file. Its content is uploaded and downloaded apart from the API, with forms and links it gives.",
})
export class FileObject extends Node {
  @Field(() => Int, { description: "Grows with every change." })
  version!: number;

  @Field(() => FilePurposeEnum, { description: "What it is for, which also says who may read it." })
  purpose!: Purpose;

  @Field(() => FileStateEnum, { description: "Where it stands." })
  state!: FileState;

  @Field(() => String, { nullable: true, description: "Its name with the ending of its type; null once it is erased." })
  name!: string | null;

  @Field(() => String, { description: "Its media type, such as `application/pdf`." })
  contentType!: string;

  @Field(() => Int, { description: "Its size in bytes." })
  bytes!: number;

  @Field(() => DateTime, { description: "When its upload was started." })
  createdAt!: string;
}

export const FileConnection = connectionType("File", () => FileObject);

@ObjectType("UploadField", { simpleResolvers: true, description: "A field of an upload form." })
export class UploadFieldObject {
  @Field(() => String, { description: "Its name." })
  name!: string;

  @Field(() => String, { description: "Its value, to be sent as it is." })
  value!: string;
}

@ObjectType("FileUpload", {
  simpleResolvers: true,
  description:
    "A form that takes the announced file once it is sent as `multipart/form-data` with POST: all fields in their order, " +
    "then the content as the field `file`. It takes exactly the announced type and number of bytes.",
})
export class FileUploadObject implements UploadForm {
  @Field(() => String, { description: "Where to send the form." })
  url!: string;

  @Field(() => [UploadFieldObject], { description: "Fields to send before the content." })
  fields!: UploadFieldObject[];

  @Field(() => DateTime, { description: "From then on it is refused; ten minutes after it was given." })
  expiresAt!: string;
}

@ObjectType("FileDownload", {
  simpleResolvers: true,
  description: "A link to a file's content. It works for whoever holds it: never store it or pass it on.",
})
export class FileDownloadObject implements DownloadLink {
  @Field(() => String, { description: "Opened in a browser, it saves the file under its name." })
  url!: string;

  @Field(() => DateTime, { description: "From then on it is refused; five minutes after it was given." })
  expiresAt!: string;
}

@InputType({ description: "A file to upload." })
export class FileUploadStartInput {
  @Field(() => FilePurposeEnum, { description: "What it is for. Staff alone upload letters." })
  purpose!: Purpose;

  @Field(() => ID, {
    nullable: true,
    description: "The application that a résumé or letter belongs to; to be left out for evidence.",
  })
  applicationId?: string | null;

  @Field(() => String, {
    description: "Its name, at most 120 characters, without a folder and with the ending of its type, such as `.pdf`.",
  })
  name!: string;

  @Field(() => String, { description: "Its media type, such as `application/pdf`." })
  contentType!: string;

  @Field(() => Int, { description: "Its exact size in bytes." })
  bytes!: number;
}

@InputType({ description: "A file." })
export class FileInput {
  @Field(() => ID, { description: "The file." })
  fileId!: string;
}

const file = { file: { type: () => FileObject, description: "The file as it is now; null when there is none." } };
const application = {
  application: {
    type: () => ApplicationObject,
    description: "The application whose draft has changed with it; null when none has.",
  },
};

export const FileUploadStartPayload = payloadType<UploadCode>(
  "FileUploadStart",
  { ...file, upload: { type: () => FileUploadObject, description: "The form to upload it with." } },
  {
    REQUIRED: true,
    TOO_LONG: true,
    BAD_CHARACTERS: true,
    WRONG_STATE: true,
    ALREADY_SUBMITTED: true,
    OWN_APPLICATION: true,
    BAD_NAME: true,
    BAD_TYPE: true,
    BAD_SIZE: true,
    APPLICATION_NOT_WANTED: true,
  },
);

export const FileAttachPayload = payloadType<AttachCode>(
  "FileAttach",
  { ...file, ...application },
  { WRONG_STATE: true, ALREADY_SUBMITTED: true, NOT_UPLOADED: true, CONTENT_MISMATCH: true },
);

export const FileRemovePayload = payloadType<StateCode>(
  "FileRemove",
  { ...file, ...application },
  { WRONG_STATE: true, ALREADY_SUBMITTED: true },
);

export const FileDownloadPayload = payloadType<StateCode>(
  "FileDownload",
  { ...file, download: { type: () => FileDownloadObject, description: "The link to download it with." } },
  { WRONG_STATE: true, ALREADY_SUBMITTED: true },
);
