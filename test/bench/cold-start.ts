import { spawn } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ensureTable, LOCAL_CREDENTIALS, startEngine } from "../../infra/local/engine.ts";
import { bundle } from "../support/bundle.ts";
import { paired, type Ratio } from "./paired.ts";

const TABLE_NAME = "cold-start";

/** Imports the client and asks once: less than this no function that uses the table can do. */
const BASE = `import { DynamoDBClient, GetItemCommand } from "@aws-sdk/client-dynamodb";
const client = new DynamoDBClient({ endpoint: process.env.TABLE_ENDPOINT });
export const handler = async () => {
  const Key = { pk: { S: "nothing" }, sk: { S: "nothing" } };
  await client.send(new GetItemCommand({ TableName: process.env.TABLE_NAME, Key }));
  return { body: "{\\"data\\":{}}" };
};
`;

/** Starts like Lambda does: imports the bundle, calls it once and ends when the answer is there. */
const DRIVER = `import { handler } from "./index.mjs";
const { body } = await handler(JSON.parse(process.env.EVENT), { awsRequestId: "cold", functionName: "cold" });
if (body.includes('"errors"') || !body.includes('"data"')) throw new Error(body);
process.exit(0);
`;

const EVENT = {
  version: "2.0",
  routeKey: "POST /graphql",
  rawPath: "/graphql",
  rawQueryString: "",
  headers: { "content-type": "application/json", host: "localhost" },
  requestContext: { http: { method: "POST", path: "/graphql", sourceIp: "192.0.2.1" } },
  body: JSON.stringify({ query: "{ cohorts(first: 1) { nodes { name } } }" }),
  isBase64Encoded: false,
};

/** From the start of a process to the first answer of the API's bundle, beside the least that asks the table. */
export async function coldStart(folder: string, rounds: number): Promise<Record<string, Ratio>> {
  await using cleanup = new AsyncDisposableStack();
  const engine = await startEngine();
  cleanup.defer(() => engine.stop());
  await ensureTable(engine.endpoint, TABLE_NAME);
  const source = join(folder, "base.mjs");
  writeFileSync(source, BASE);
  const made = async (name: string, entry: string): Promise<() => Promise<void>> => {
    const own = join(folder, name);
    mkdirSync(own, { recursive: true });
    await bundle(entry, own, { nodePaths: [join(import.meta.dirname, "../../node_modules")] });
    writeFileSync(join(own, "driver.mjs"), DRIVER);
    return () => startOnce(join(own, "driver.mjs"), engine.endpoint);
  };
  const subjects = {
    "a handler that asks the DynamoDB client once": await made("base", source),
    "the graphql function": await made("graphql", "functions/graphql/index.ts"),
  };
  await paired(subjects, { rounds: 1, calls: 1 });
  return await paired(subjects, { rounds, calls: 1 });
}

function startOnce(driver: string, endpoint: string): Promise<void> {
  const { accessKeyId, secretAccessKey } = LOCAL_CREDENTIALS.credentials;
  const env = {
    PATH: process.env.PATH,
    EVENT: JSON.stringify(EVENT),
    TABLE_NAME,
    TABLE_ENDPOINT: endpoint,
    FILES_BUCKET: "files",
    AWS_REGION: LOCAL_CREDENTIALS.region,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    MAIL_FROM: "program@example.org",
    MAIL_REPLY_TO: "program@example.org",
    TOKEN_ISSUER: "https://issuer.example.org",
    TOKEN_AUDIENCE: "bench",
    PUBLIC_URL: "https://program.example.org",
    REQUESTS_PER_ACCOUNT: "300",
    REQUESTS_PER_ADDRESS: "120",
  };
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [driver], { env, stdio: ["ignore", "ignore", "inherit"] });
    child.once("error", reject);
    child.once("exit", (code) => (code === 0 ? resolve() : reject(new Error(`The function ended with ${code}`))));
  });
}
