import type { Instant } from "./time.ts";

/** The form with which a browser uploads one file straight to where files are kept. */
export interface UploadForm {
  url: string;
  /** To be sent in this order, before the file itself, which goes into the field `file`. */
  fields: readonly { name: string; value: string }[];
  /** From then on it is refused. */
  expiresAt: Instant;
}

/** A link to a file's content, good for whoever holds it. */
export interface DownloadLink {
  url: string;
  /** From then on it is refused. */
  expiresAt: Instant;
}

/** What was really uploaded. */
export interface FoundObject {
  bytes: number;
  contentType: string;
  /** The first bytes, enough to tell the type. */
  beginning: Uint8Array;
  /** Stands for exactly this content. */
  tag: string;
}

/**
 * Where the content of files is kept. An upload lands in a place of its own and stays there until it was checked; only then it
 * is kept, where no form reaches. Each throws FilesUnavailable when nothing answers.
 */
export interface FileStore {
  /** A form that takes exactly this type and number of bytes, for ten minutes. */
  uploadForm(file: { id: string; contentType: string; bytes: number }): Promise<UploadForm>;
  /** What was uploaded; null when nothing was. */
  inspect(id: string): Promise<FoundObject | null>;
  /** Keeps what was inspected; false when something else has been uploaded since. */
  keep(id: string, found: FoundObject): Promise<boolean>;
  /** A link to what is kept, for five minutes, under which a browser saves it by its name. */
  downloadLink(file: { id: string; name: string; contentType: string }): Promise<DownloadLink>;
  /** Removes whatever there is of a file; nothing is fine too. */
  remove(id: string): Promise<void>;
}

/** The files cannot be reached. Trying later helps. */
export class FilesUnavailable extends Error {
  override name = "FilesUnavailable";
  constructor(cause: unknown) {
    super("The files cannot be reached", { cause });
  }
}
