/** What files are for. */
export const PURPOSES = ["RESUME", "LETTER", "EVIDENCE"] as const;

/** One of PURPOSES. */
export type Purpose = (typeof PURPOSES)[number];

/** How a type of file is told: by its name's ending, and by the bytes it begins with. */
interface FileType {
  /** What people call it. */
  label: string;
  endings: readonly string[];
  beginning: readonly number[];
}

/** Every type of file that is taken for some purpose, by its media type. */
export const FILE_TYPES: Readonly<Record<string, FileType>> = {
  "application/pdf": { label: "PDF", endings: [".pdf"], beginning: [0x25, 0x50, 0x44, 0x46, 0x2d] },
  // A ZIP archive's first entry; an empty archive begins otherwise, and is no document.
  "application/vnd.openxmlformats-officedocument.wordprocessingml.document": {
    label: "Word (DOCX)",
    endings: [".docx"],
    beginning: [0x50, 0x4b, 0x03, 0x04],
  },
  "image/png": { label: "PNG", endings: [".png"], beginning: [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a] },
  "image/jpeg": { label: "JPEG", endings: [".jpg", ".jpeg"], beginning: [0xff, 0xd8, 0xff] },
};

const PDF = "application/pdf";
const DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
const MEGABYTE = 1024 * 1024;

/** What is taken for a purpose, and how long it is kept. */
export interface FilePolicy {
  contentTypes: readonly string[];
  mostBytes: number;
  /** Days from its attachment after which a file is removed by itself; null: it stays with what it belongs to. */
  keptDays: number | null;
}

/** The policy for each purpose. Evidence outlasts a cycle of three years, its grace period and an audit. */
export const FILE_POLICY: Readonly<Record<Purpose, FilePolicy>> = {
  RESUME: { contentTypes: [PDF, DOCX], mostBytes: 5 * MEGABYTE, keptDays: null },
  LETTER: { contentTypes: [PDF, DOCX], mostBytes: 5 * MEGABYTE, keptDays: 730 },
  EVIDENCE: { contentTypes: [PDF, DOCX, "image/png", "image/jpeg"], mostBytes: 10 * MEGABYTE, keptDays: 1_825 },
};

/** Hours after which an upload that was not finished is removed. */
export const UPLOAD_HOURS = 24;
