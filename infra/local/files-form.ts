import { FilesError, verifyText, type FilesCredentials } from "./files-signature.ts";

/** A form that was let through: where its file goes. */
export interface Upload {
  key: string;
  contentType: string;
  content: Buffer;
  status: number;
}

/** Fields that the policy need not name. */
const UNNAMED = new Set(["policy", "x-amz-signature"]);

/** Reads an upload form and checks it against its signed policy, as S3 does. Throws FilesError. */
export async function readForm(
  body: Buffer,
  contentType: string,
  { bucket, credentials, now }: { bucket: string; credentials: FilesCredentials; now: number },
): Promise<Upload> {
  const { fields, file } = await partsOf(body, contentType);
  const { policy, "x-amz-credential": scope = "", "x-amz-signature": signature = "" } = fields;
  if (policy === undefined) throw denied("Access Denied");
  verifyText(policy, { scope, signature }, credentials);
  const { expiration, conditions } = JSON.parse(Buffer.from(policy, "base64").toString("utf8")) as Policy;
  if (!(now < Date.parse(expiration))) throw denied("Invalid according to Policy: Policy expired.");

  const named = new Set<string>();
  for (const condition of conditions) {
    if (Array.isArray(condition)) {
      checkLength(condition, file.length);
      continue;
    }
    for (const [name, value] of Object.entries(condition)) {
      named.add(name.toLowerCase());
      const given = name === "bucket" ? bucket : fields[name.toLowerCase()];
      if (given !== value) throw denied(`Invalid according to Policy: Policy Condition failed: ["eq", "$${name}"]`);
    }
  }
  const extra = Object.keys(fields).filter((name) => !named.has(name) && !UNNAMED.has(name));
  if (extra.length > 0) throw denied(`Invalid according to Policy: Extra input fields: ${extra.join(", ")}`);
  return {
    key: fields["key"] ?? "",
    contentType: fields["content-type"] ?? "binary/octet-stream",
    content: file,
    status: Number(fields["success_action_status"] ?? 204),
  };
}

interface Policy {
  expiration: string;
  conditions: (Record<string, string> | [string, number, number])[];
}

function checkLength([operator, least, most]: [string, number, number], length: number): void {
  if (operator !== "content-length-range") throw denied(`Invalid according to Policy: Unknown operator ${operator}`);
  if (length < least) throw new FilesError(400, "EntityTooSmall", "The file is smaller than the policy allows.");
  if (length > most) throw new FilesError(400, "EntityTooLarge", "The file is larger than the policy allows.");
}

/** The fields in front of the file, by their names in lower case, and the file. What comes behind it does not count. */
async function partsOf(body: Buffer, contentType: string): Promise<{ fields: Record<string, string>; file: Buffer }> {
  const headers = { "content-type": contentType };
  const form = await new Response(new Uint8Array(body), { headers }).formData().catch(() => {
    throw new FilesError(400, "MalformedPOSTRequest", "The form cannot be read.");
  });
  const fields: Record<string, string> = {};
  for (const [name, value] of form) {
    if (typeof value !== "string") return { fields, file: Buffer.from(await value.arrayBuffer()) };
    fields[name.toLowerCase()] = value;
  }
  throw new FilesError(400, "InvalidArgument", "POST requires exactly one file upload per request.");
}

function denied(message: string): FilesError {
  return new FilesError(403, "AccessDenied", message);
}
