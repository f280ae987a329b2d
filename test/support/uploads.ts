import type { Caller } from "../../infra/local/caller.ts";
import { step, type Asks, type Outcome } from "./steps.ts";

/** A form as the API answers it. */
export interface Form {
  url: string;
  fields: readonly { name: string; value: string }[];
  expiresAt: string;
}

/** A file as it is asked for here. */
export interface FileAnswer {
  id: string;
  state: string;
  name: string | null;
}

/** What a started upload answers. */
export type Started = Outcome<{ file: FileAnswer | null; upload: Form | null }>;

const DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
const BEGINNINGS: Record<string, string> = { "application/pdf": "%PDF-1.7\n", [DOCX]: "PK\u0003\u0004" };

/** Content that begins as its type does, of exactly so many bytes. */
export function contentOf(contentType = "application/pdf", bytes = 400): Buffer {
  const content = Buffer.alloc(bytes, "x");
  content.write(BEGINNINGS[contentType] ?? "", "latin1");
  return content;
}

/** Announces a résumé, or whatever the changes say. */
export function startUpload(program: Asks, caller: Caller, changes: object): Promise<Started> {
  const input = { purpose: "RESUME", name: "resume.pdf", contentType: "application/pdf", bytes: 400, ...changes };
  return step(
    program,
    caller,
    "fileUploadStart",
    input,
    "file { id state name } upload { url fields { name value } expiresAt }",
  );
}

/** Sends a form with its file, as a browser would; `changes` replaces or adds fields. Answers "204" or S3's refusal. */
export async function sendForm(
  { url, fields }: Form,
  content: Buffer,
  changes: Record<string, string> = {},
): Promise<string> {
  const form = new FormData();
  const all = { ...Object.fromEntries(fields.map(({ name, value }) => [name, value])), ...changes };
  for (const [name, value] of Object.entries(all)) form.append(name, value);
  form.append("file", new Blob([new Uint8Array(content)]), "upload");
  const response = await fetch(url, { method: "POST", body: form });
  return refusalIn(response, await response.text());
}

/** "204", "200" or S3's code and sentence. */
export function refusalIn({ status }: Response, text: string): string {
  const [, code, message] = /<Code>(.*?)<\/Code><Message>(.*?)<\/Message>/.exec(text) ?? [];
  return code === undefined ? String(status) : `${status} ${code}: ${message}`;
}

/** Announces and uploads a file; answers its id. */
export async function uploaded(program: Asks, caller: Caller, changes: object, content?: Buffer): Promise<string> {
  const { file, upload, userErrors } = await startUpload(program, caller, changes);
  if (!file || !upload) throw new Error(userErrors.map(({ message }) => message).join(" "));
  const { contentType, bytes } = { contentType: "application/pdf", bytes: 400, ...changes };
  const answer = await sendForm(upload, content ?? contentOf(contentType, bytes));
  if (answer !== "204") throw new Error(answer);
  return file.id;
}

/** Attaches a file; answers its state and what stood in the way. */
export function attach(
  program: Asks,
  caller: Caller,
  fileId: string,
): Promise<Outcome<{ file: FileAnswer | null; application: { version: number } | null }>> {
  return step(program, caller, "fileAttach", { fileId }, "file { id state name } application { version }");
}

/** Uploads and attaches a file; answers its id. */
export async function attached(program: Asks, caller: Caller, changes: object): Promise<string> {
  const fileId = await uploaded(program, caller, changes);
  const { userErrors } = await attach(program, caller, fileId);
  if (userErrors.length > 0) throw new Error(userErrors.map(({ message }) => message).join(" "));
  return fileId;
}

/** A link to download a file with. */
export function download(
  program: Asks,
  caller: Caller,
  fileId: string,
): Promise<Outcome<{ download: { url: string; expiresAt: string } | null }>> {
  return step(program, caller, "fileDownload", { fileId }, "download { url expiresAt }");
}

/** Follows a link; answers "200" or S3's refusal. */
export async function follow(url: string): Promise<string> {
  const response = await fetch(url);
  return refusalIn(response, await response.text());
}
