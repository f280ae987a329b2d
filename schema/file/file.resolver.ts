import { Arg, Args, Ctx, FieldResolver, ID, Mutation, Resolver, Root } from "type-graphql";
import { ownApplication } from "../application/application.resolver.ts";
import { applicationFrom, applicationKey, writeApplication } from "../application/application.table.ts";
import { mayRead, resumeOf, type Application } from "../application/application.ts";
import { ApplicationObject } from "../application/application.type.ts";
import { idsOf, isSelf, type Viewer } from "../person/person.ts";
import { isStaff } from "../person/role.ts";
import { abilityOf } from "../shared/ability.ts";
import { carryOut, written } from "../shared/command.ts";
import { actorOf, viewerOf, type RequestContext } from "../shared/context.ts";
import { isRefused, type Decision } from "../shared/decision.ts";
import { failure } from "../shared/failure.ts";
import { globalId } from "../shared/id.ts";
import { ID_MEANING, localId } from "../shared/node.ts";
import { PageArgs, pageOf } from "../shared/page.ts";
import { Allow, type Rule } from "../shared/rule.ts";
import { ViewerObject } from "../viewer/viewer.type.ts";
import { fileFrom, fileKey, holdFile, listOfPerson, writeFile } from "./file.table.ts";
import {
  attachFile,
  attachRefusals,
  issueDownload,
  mayReadFile,
  startUpload,
  takeBackFile,
  takeBackRefusals,
  type Attached,
  type Filed,
  type StoredFile,
} from "./file.ts";
import {
  FileAbilitiesObject,
  FileAttachPayload,
  FileConnection,
  FileDownloadPayload,
  FileInput,
  FileObject,
  FileRemovePayload,
  FileUploadStartInput,
  FileUploadStartPayload,
} from "./file.type.ts";

/** The applicant uploads a résumé, staff a letter, everybody their own evidence. */
const mayUpload: Rule = async (question) => {
  const { viewer, args, context } = question;
  const { purpose, applicationId } = args["input"] as FileUploadStartInput;
  if (!viewer) return "UNAUTHENTICATED";
  if (purpose === "LETTER" && !isStaff(viewer)) return "FORBIDDEN";
  if (applicationId == null) return true;
  if (purpose !== "LETTER") return ownApplication(question);
  const application = await context.load.application(localId("Application", applicationId));
  return application && mayRead(viewer, application) ? true : "NOT_FOUND";
};

/** Whoever may read the file; for all others it does not exist. */
const readableFile: Rule = async ({ viewer, args, context }) => {
  if (!viewer) return "UNAUTHENTICATED";
  const { fileId } = args["input"] as FileInput;
  return (await visibleFile(context, localId("File", fileId))) ? true : "NOT_FOUND";
};

/** Whoever uploaded the file. Whoever else may read it is told so; for all others it does not exist. */
const uploadedFile: Rule = async ({ viewer, args, context }) => {
  if (!viewer) return "UNAUTHENTICATED";
  const { fileId } = args["input"] as FileInput;
  const file = await visibleFile(context, localId("File", fileId));
  if (!file) return "NOT_FOUND";
  return isSelf(viewer, file.uploadedBy) ? true : "FORBIDDEN";
};

/** The file, if the viewer may read it. */
export async function visibleFile({ viewer, load }: RequestContext, id: string): Promise<StoredFile | null> {
  const file = await load.file(id);
  // Also asked for where there is none: what is not there takes as many requests as what is not to be seen.
  const applicationId = file?.about?.kind === "Application" ? file.about.id : "none";
  const application = (await load.application(applicationId)) ?? null;
  return file && mayReadFile(viewer, { file, application }) ? file : null;
}

async function applicationOf(
  { about }: StoredFile,
  load: (id: string) => Promise<Application | undefined>,
): Promise<Application | null> {
  return (about?.kind === "Application" && (await load(about.id))) || null;
}

@Resolver(() => FileObject)
export class FileResolver {
  @FieldResolver(() => ID, { description: ID_MEANING })
  id(@Root() file: StoredFile): string {
    return globalId("File", file.id);
  }

  @FieldResolver(() => FileAbilitiesObject, { description: "What the viewer could do now." })
  async viewerCan(@Root() file: StoredFile, @Ctx() context: RequestContext): Promise<FileAbilitiesObject> {
    const filed = { file, application: await applicationOf(file, (of) => context.load.application(of)) };
    const viewer = viewerOf(context);
    const ofUploader = abilityOf(
      viewer,
      isSelf(viewer, file.uploadedBy),
      "Only whoever uploaded the file can do this.",
    );
    return {
      attach: ofUploader(() => ({ refusals: attachRefusals(filed, context.now) })),
      remove: ofUploader(() => ({ refusals: takeBackRefusals(filed, context.now) })),
    };
  }

  @Allow(mayUpload)
  @Mutation(() => FileUploadStartPayload, {
    description: "Announces a file and answers the form to upload it with. It counts only once it is attached.",
  })
  async fileUploadStart(
    @Arg("input", () => FileUploadStartInput, { description: "The file, exactly as it will be uploaded." })
    { applicationId, ...declared }: FileUploadStartInput,
    @Ctx() context: RequestContext,
  ) {
    const id = context.ids.make("fil");
    const carried = await carryOut(context, {
      actor: actorOf(context),
      load: async () =>
        applicationId == null
          ? null
          : ((await loadApplication(context, localId("Application", applicationId))) ?? null),
      decide: (application) => startUpload(application, declared, { id, viewer: viewerOf(context), now: context.now }),
      write: writeFile,
    });
    if (carried.status !== "done") return { userErrors: carried.status === "refused" ? carried.refusals : [] };
    const file = written(carried.outcome);
    return { file, upload: await context.files.uploadForm(file), userErrors: [] };
  }

  @Allow(uploadedFile)
  @Mutation(() => FileAttachPayload, {
    description:
      "Checks what was uploaded and hands it in. A résumé goes into its application's draft, in place of an earlier one.",
  })
  async fileAttach(
    @Arg("input", () => FileInput, { description: "Which file." }) { fileId }: FileInput,
    @Ctx() context: RequestContext,
  ) {
    const id = localId("File", fileId);
    const file = await context.load.file(id);
    if (!file) throw failure("NOT_FOUND");
    const application = await applicationOf(file, (of) => context.load.application(of));
    const found = await context.files.inspect(id);
    const looked = attachFile({ file, application, replaced: null }, found, context.now);
    if (isRefused(looked)) return { file, userErrors: looked.refusals };
    const isKept = found !== null && (await context.files.keep(id, found));
    return changeFiled(context, {
      load: () => loadAttached(context, id),
      decide: (loaded) => attachFile(loaded, isKept ? found : null, context.now),
    });
  }

  @Allow(uploadedFile)
  @Mutation(() => FileRemovePayload, {
    description: "Removes a file that the viewer has uploaded; a résumé only while its application is a draft.",
  })
  async fileRemove(
    @Arg("input", () => FileInput, { description: "Which file." }) { fileId }: FileInput,
    @Ctx() context: RequestContext,
  ) {
    return changeFiled(context, {
      load: () => loadFiled(context, localId("File", fileId)),
      decide: (loaded) => takeBackFile(loaded, context.now),
    });
  }

  @Allow(readableFile)
  @Mutation(() => FileDownloadPayload, {
    description: "Answers a link to download a file with. Whoever may read the file may; that they did is history.",
  })
  async fileDownload(
    @Arg("input", () => FileInput, { description: "Which file." }) { fileId }: FileInput,
    @Ctx() context: RequestContext,
  ) {
    const carried = await carryOut(context, {
      actor: actorOf(context),
      load: () => loadFile(context, localId("File", fileId)),
      decide: issueDownload,
      write: (file) => [holdFile(file)],
    });
    if (carried.status === "refused") return { file: carried.loaded, userErrors: carried.refusals };
    if (carried.status === "repeated") return { file: carried.loaded, userErrors: [] };
    return { file: carried.outcome, download: await context.files.downloadLink(carried.outcome), userErrors: [] };
  }
}

/** The résumé, where readers of the application look for it. */
@Resolver(() => ApplicationObject)
export class ApplicationResumeResolver {
  @FieldResolver(() => FileObject, {
    nullable: true,
    description:
      "The résumé: as submitted, or of the draft before that. Null when there is none, or it was removed since.",
  })
  async resume(@Root() application: Application, @Ctx() context: RequestContext) {
    const resume = resumeOf(application);
    const file = resume && (await context.load.file(resume.fileId));
    return file && mayReadFile(context.viewer, { file, application }) ? file : null;
  }
}

/** The viewer's own evidence. */
@Resolver(() => ViewerObject)
export class ViewerFilesResolver {
  @FieldResolver(() => FileConnection, { description: "Evidence that the viewer has uploaded, the latest first." })
  async evidence(@Root() { person }: Viewer, @Args(() => PageArgs) page: PageArgs, @Ctx() { table }: RequestContext) {
    const ask = (from: Parameters<typeof listOfPerson>[3]) => listOfPerson(table, idsOf(person), "EVIDENCE", from);
    const list = { name: "evidence", of: { personId: person.id }, index: "byWho" } as const;
    return pageOf(page, list, ask, (item) => fileFrom(item)!);
  }
}

async function loadApplication({ table }: RequestContext, id: string): Promise<Application | undefined> {
  return applicationFrom(await table.get(applicationKey(id)));
}

async function loadFile({ table }: RequestContext, id: string): Promise<StoredFile> {
  const file = fileFrom(await table.get(fileKey(id)));
  if (!file) throw failure("NOT_FOUND");
  return file;
}

async function loadFiled(context: RequestContext, id: string): Promise<Filed> {
  const file = await loadFile(context, id);
  return { file, application: await applicationOf(file, (of) => loadApplication(context, of)) };
}

async function loadAttached(context: RequestContext, id: string): Promise<Attached> {
  const filed = await loadFiled(context, id);
  const earlier = filed.file.purpose === "RESUME" ? filed.application?.draft.resume?.fileId : undefined;
  const isOther = earlier !== undefined && earlier !== id;
  return { ...filed, replaced: isOther ? await loadFile(context, earlier) : null };
}

/** Changes a file together with whatever hangs on it. */
async function changeFiled<Loaded extends Filed, Code extends string>(
  context: RequestContext,
  command: {
    load: () => Promise<Loaded>;
    decide: (loaded: Loaded) => Decision<Filed & Partial<Attached>, Code>;
  },
) {
  const carried = await carryOut(context, {
    actor: actorOf(context),
    ...command,
    write: ({ file, application, replaced }) => [
      ...writeFile(file),
      ...(application ? writeApplication(application) : []),
      ...(replaced ? writeFile(replaced) : []),
    ],
  });
  context.load.forget();
  if (carried.status !== "done") {
    return { file: carried.loaded.file, userErrors: carried.status === "refused" ? carried.refusals : [] };
  }
  const { file, application } = carried.outcome;
  return { file: written(file), application: application && written(application), userErrors: [] };
}
