import type { Node } from "constructs";

/** What a deployment decides for itself. Each comes from the CDK context key of the same name. */
export interface Settings {
  /** The program's name as people read it in their mailbox. */
  programName: string;
  /** The domain that SES proves to be ours; `mailFrom` is an address there. */
  mailDomain: string;
  /** The address mails come from. */
  mailFrom: string;
  /** The role mailbox that reads answers. */
  mailReplyTo: string;
  /** The Route 53 zone of `mailDomain`, to write the mail records into. Absent: people publish them. */
  hostedZoneId: string | undefined;
  /** Where people reach the program on the web, without a slash at the end. */
  publicUrl: string;
  /** Web origins whose pages may call the API; the one of `publicUrl` unless said otherwise. */
  allowedOrigins: readonly string[];
  /** Whoever first signs in with this address becomes staff. Absent: nobody does. */
  firstStaffEmail: string | undefined;
  /** Whether the deployed API answers questions about its contract. */
  introspection: boolean;
  /** Most requests a minute of one account or service token. */
  requestsPerAccount: number;
  /** Most requests a minute of one address without a valid token. */
  requestsPerAddress: number;
  /** Who reads the alarms. */
  alarmEmail: string;
  /** Who sends the sign-in codes: Cognito (50 mails a day, needs nothing) or SES (needs the verified domain). */
  signInMail: "cognito" | "ses";
  /** The region to deploy to; the one of the credentials when absent. */
  region: string | undefined;
  /** No mail is sent and nothing becomes due, as a restored table needs until it is reconciled. */
  isPaused: boolean;
  /** The stream of a restored table, which then takes the place of the stack's own. */
  restoredStreamArn: string | undefined;
  /** Keys that still have a value of an example domain. Such a stack may be synthesized, not deployed. */
  placeholders: readonly string[];
}

const DEFAULTS: Readonly<Record<string, string>> = {
  programName: "CTO Mentor Program",
  mailDomain: "example.org",
  mailFrom: "program@example.org",
  mailReplyTo: "program@example.org",
  publicUrl: "https://program.example.org",
  alarmEmail: "alarms@example.org",
  signInMail: "cognito",
  introspection: "false",
  requestsPerAccount: "300",
  requestsPerAddress: "120",
  paused: "false",
};

const OPTIONAL = ["hostedZoneId", "allowedOrigins", "firstStaffEmail", "region", "restoredStreamArn"];
const KEYS: readonly string[] = [...Object.keys(DEFAULTS), ...OPTIONAL];

const DOMAIN = /^(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/;
const ADDRESS = /^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@([a-z0-9-]+\.)+[a-z]{2,63}$/;
const EXAMPLE = /(^|[.@/])example\.(org|com|net)$/;

/**
 * Reads the settings from the context (`cdk.json`, `cdk.context.json` or `-c key=value`).
 * Throws one error that names every key that is unknown or malformed.
 */
export function settingsFrom(node: Node): Settings {
  const problems: string[] = [];
  const text = (name: string): string => String(node.tryGetContext(name) ?? DEFAULTS[name] ?? "").trim();
  const checked = (name: string, isGood: (value: string) => boolean, wanted: string): string => {
    const value = text(name);
    if (!isGood(value)) problems.push(`${name}: "${value}" is not ${wanted}`);
    return value;
  };
  const optional = (name: string, isGood: (value: string) => boolean, wanted: string): string | undefined =>
    text(name) === "" ? undefined : checked(name, isGood, wanted);
  const yesOrNo = (name: string): boolean =>
    checked(name, (value) => value === "true" || value === "false", "true or false") === "true";
  const count = (name: string): number =>
    Number(checked(name, (value) => /^[1-9]\d{0,5}$/.test(value), "a whole number from 1 to 999999"));
  const isAddress = (value: string): boolean => ADDRESS.test(value);

  // The context's own keys all have a colon or an at sign, so a plain one that is not ours is a slip of the pen.
  for (const name of Object.keys(node.getAllContext() as Record<string, unknown>)) {
    if (/^[A-Za-z]+$/.test(name) && !KEYS.includes(name))
      problems.push(`${name}: unknown; known are ${KEYS.join(", ")}`);
  }

  const mailDomain = checked("mailDomain", (value) => DOMAIN.test(value), "a domain in lower case");
  const publicUrl = checked(
    "publicUrl",
    isPublicUrl,
    'an address like "https://program.example.org", without a slash at the end',
  );
  const settings = {
    programName: checked(
      "programName",
      (value) => /^[A-Za-z0-9 &'-]{1,64}$/.test(value),
      "a name of up to 64 plain letters",
    ),
    mailDomain,
    mailFrom: checked(
      "mailFrom",
      (value) => isAddress(value) && value.endsWith(`@${mailDomain}`),
      `an address at ${mailDomain}`,
    ),
    mailReplyTo: checked("mailReplyTo", isAddress, "a mail address"),
    hostedZoneId: optional("hostedZoneId", (value) => /^Z[A-Z0-9]{5,31}$/.test(value), "the id of a Route 53 zone"),
    publicUrl,
    firstStaffEmail: optional("firstStaffEmail", isAddress, "a mail address"),
    requestsPerAccount: count("requestsPerAccount"),
    requestsPerAddress: count("requestsPerAddress"),
    alarmEmail: checked("alarmEmail", isAddress, "a mail address"),
    region: optional("region", (value) => /^[a-z]{2}(-[a-z]+)+-\d$/.test(value), 'a region like "us-west-2"'),
    restoredStreamArn: optional(
      "restoredStreamArn",
      (value) => /^arn:aws[a-z-]*:dynamodb:[a-z0-9-]+:\d{12}:table\/[\w.-]+\/stream\/.+$/.test(value),
      "the ARN of a table's stream",
    ),
    introspection: yesOrNo("introspection"),
    isPaused: yesOrNo("paused"),
  };
  const sender = checked("signInMail", (value) => value === "cognito" || value === "ses", '"cognito" or "ses"');
  const origins = originsFrom(node.tryGetContext("allowedOrigins"), publicUrl);
  for (const origin of origins) {
    if (!isPublicUrl(origin) || new URL(origin).origin !== origin) {
      problems.push(`allowedOrigins: "${origin}" is not an origin like "https://program.example.org"`);
    }
  }
  if (problems.length > 0) {
    throw new Error(`Correct these context keys (cdk.context.json or -c key=value):\n  ${problems.join("\n  ")}`);
  }
  return {
    ...settings,
    allowedOrigins: origins,
    signInMail: sender === "ses" ? "ses" : "cognito",
    placeholders: KEYS.filter((name) => EXAMPLE.test(text(name))),
  };
}

function originsFrom(context: unknown, publicUrl: string): string[] {
  if (Array.isArray(context)) return context.map(String);
  if (typeof context === "string" && context !== "") return context.split(",").map((origin) => origin.trim());
  return isPublicUrl(publicUrl) ? [new URL(publicUrl).origin] : [];
}

/** A loopback address is never public: its name has no dot, or is a number. */
function isPublicUrl(value: string): boolean {
  if (!URL.canParse(value)) return false;
  const url = new URL(value);
  const isPlain = `${url.origin}${url.pathname}`.startsWith(value) && !value.endsWith("/");
  return url.protocol === "https:" && DOMAIN.test(url.hostname) && isPlain;
}
