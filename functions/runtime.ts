import { Logger } from "@aws-lambda-powertools/logger";
import { SESClient } from "@aws-sdk/client-ses";
import type { FileStore } from "../schema/shared/files.ts";
import { idsFrom, type Ids } from "../schema/shared/id.ts";
import { openTable, type Table } from "../schema/shared/table.ts";
import { instantFromMilliseconds, millisecondsOf, type Clock } from "../schema/shared/time.ts";
import { openFiles } from "./files.ts";
import { tokenVerifier, type TokenVerifier } from "./tokens.ts";

/** The functions' environment variables. The stack sets them; nothing else reads the environment. */
export interface Environment {
  /** The table's name. */
  TABLE_NAME: string;
  /** Another endpoint that speaks DynamoDB, for laptops and tests; credentials come from the environment. */
  TABLE_ENDPOINT?: string;
  /** Another endpoint that speaks SES, for laptops and tests. */
  SES_ENDPOINT?: string;
  /** The bucket that holds the content of files. */
  FILES_BUCKET: string;
  /** Another endpoint that speaks S3, for laptops and tests. */
  FILES_ENDPOINT?: string;
  /** SES configuration set that reports what became of each mail. */
  SES_CONFIGURATION_SET?: string;
  /** The address mails come from, with the program's name. */
  MAIL_FROM: string;
  /** The role mailbox that reads answers. */
  MAIL_REPLY_TO: string;
  /** Issuer of the tokens (OIDC `iss`). A loopback issuer is refused on AWS. */
  TOKEN_ISSUER: string;
  /** The tokens' audience (`aud`): the app client's id. */
  TOKEN_AUDIENCE: string;
  /** Where the issuer's keys are; `<issuer>/.well-known/jwks.json` when absent. */
  TOKEN_JWKS_URI?: string;
  /** Most mails a second, or "quota": as many as SES says. A deployed mail function has to be told; absent: any number. */
  MAIL_RATE?: string;
  /** Where people reach the program on the web; links in mails start with it. */
  PUBLIC_URL: string;
  /** Whoever first signs in with this verified address becomes staff. Absent: nobody does. */
  FIRST_STAFF_EMAIL?: string;
  /** "on" answers questions about the contract itself. Absent: they are refused. */
  INTROSPECTION?: "on" | "off";
  /** Most requests a minute of one account or service token. A deployed API has to be told; absent: any number. */
  REQUESTS_PER_ACCOUNT?: string;
  /** Most requests a minute of one address without a valid token. A deployed API has to be told; absent: any number. */
  REQUESTS_PER_ADDRESS?: string;
  /** Set by Lambda itself: where it runs, and the bucket is. */
  AWS_REGION?: string;
  /** Set by Lambda itself: tells that the code runs on AWS. */
  AWS_LAMBDA_FUNCTION_NAME?: string;
}

/** What the functions need to know of their deployment. */
export interface Settings {
  mailFrom: string;
  mailReplyTo: string;
  configurationSet: string | undefined;
  /** Most mails a second of all functions together, or as many as SES says. */
  mailRate: number | "quota" | undefined;
  publicUrl: string;
  firstStaffEmail: string | undefined;
  /** Whether questions about the contract itself are answered. */
  isIntrospectionOn: boolean;
  /** Most requests a minute. */
  rates: { account: number | undefined; address: number | undefined };
}

/** What all calls of one container share. */
export interface Runtime {
  table: Table;
  files: FileStore;
  ses: SESClient;
  clock: Clock;
  ids: Ids;
  tokens: TokenVerifier;
  logger: Logger;
  settings: Settings;
}

/** Parts that laptops and tests replace. */
export interface Parts {
  clock?: Clock;
  /** Chance from 0 up to 1. */
  random?: () => number;
}

/** Makes the clients once per container. Nothing connects before the first call. */
export function runtimeFrom(
  environment: Environment,
  { clock = realClock, random = Math.random }: Parts = {},
): Runtime {
  const milliseconds = () => millisecondsOf(clock.now());
  return {
    table: openTable({ tableName: environment.TABLE_NAME, endpoint: environment.TABLE_ENDPOINT, now: milliseconds }),
    files: openFiles({
      bucket: environment.FILES_BUCKET,
      region: environment.AWS_REGION ?? "us-east-1",
      endpoint: environment.FILES_ENDPOINT,
      clock,
    }),
    ses: sesClient(environment.SES_ENDPOINT),
    clock,
    ids: idsFrom(milliseconds, random),
    tokens: tokenVerifier({
      issuer: environment.TOKEN_ISSUER,
      audience: environment.TOKEN_AUDIENCE,
      jwksUri: environment.TOKEN_JWKS_URI,
      isOnAws: environment.AWS_LAMBDA_FUNCTION_NAME !== undefined,
    }),
    logger: new Logger({ serviceName: "cto-mentor-program" }),
    settings: {
      mailFrom: environment.MAIL_FROM,
      mailReplyTo: environment.MAIL_REPLY_TO,
      configurationSet: environment.SES_CONFIGURATION_SET,
      mailRate: environment.MAIL_RATE === "quota" ? "quota" : numberFrom(environment.MAIL_RATE),
      publicUrl: environment.PUBLIC_URL,
      firstStaffEmail: environment.FIRST_STAFF_EMAIL,
      isIntrospectionOn: environment.INTROSPECTION === "on",
      rates: {
        account: numberFrom(environment.REQUESTS_PER_ACCOUNT),
        address: numberFrom(environment.REQUESTS_PER_ADDRESS),
      },
    },
  };
}

/** The environment of a deployed function, with a sentence for whatever the stack forgot. */
export function deployedEnvironment(
  alsoNeeded: readonly (keyof Environment)[] = [],
  variables: NodeJS.ProcessEnv = process.env,
): Environment {
  const names = [
    "TABLE_NAME",
    "FILES_BUCKET",
    "MAIL_FROM",
    "MAIL_REPLY_TO",
    "TOKEN_ISSUER",
    "TOKEN_AUDIENCE",
    "PUBLIC_URL",
    ...alsoNeeded,
  ];
  const missing = names.filter((name) => !variables[name]);
  if (missing.length > 0) throw new Error(`The function lacks the environment variables ${missing.join(", ")}`);
  return variables as NodeJS.ProcessEnv & Environment;
}

function numberFrom(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new Error(`The function's environment has "${text}" where a number from 1 is needed`);
}

const realClock: Clock = { now: () => instantFromMilliseconds(Date.now()) };

function sesClient(endpoint: string | undefined): SESClient {
  return new SESClient({
    endpoint,
    // SES cannot tell a repeated request from a second mail, so the SDK must never repeat one by itself.
    maxAttempts: 1,
    requestHandler: { connectionTimeout: 2_000, requestTimeout: 10_000, throwOnRequestTimeout: true },
  });
}
