import { ensureTable, LOCAL_CREDENTIALS, startEngine } from "./engine.ts";

/** Where a table is to come from. */
export interface TableSource {
  tableName: string;
  /** Another endpoint that speaks DynamoDB; the embedded engine when absent. */
  endpoint?: string;
  /** Where the embedded engine keeps the table; in memory when absent. */
  directory?: string;
  /** Takes what is to be stopped. */
  started: AsyncDisposableStack;
}

/** Opens the endpoint with its table. `failed` rejects with one clear sentence when the engine ends unasked. */
export async function openTable(source: TableSource): Promise<{ endpoint: string; failed: Promise<never> }> {
  if (source.endpoint === undefined || source.endpoint !== process.env.TABLE_ENDPOINT) useLocalCredentials();
  if (source.endpoint !== undefined) {
    await ensureTable(source.endpoint, source.tableName);
    return { endpoint: source.endpoint, failed: new Promise<never>(() => {}) };
  }
  const engine = await startEngine({ dataDir: source.directory });
  source.started.defer(() => engine.stop());
  await ensureTable(engine.endpoint, source.tableName);
  return { endpoint: engine.endpoint, failed: engine.failed };
}

/** The functions find credentials in the environment. Somebody's real ones have no business at a laptop's endpoint. */
function useLocalCredentials(): void {
  delete process.env.AWS_PROFILE;
  delete process.env.AWS_SESSION_TOKEN;
  process.env.AWS_ACCESS_KEY_ID = LOCAL_CREDENTIALS.credentials.accessKeyId;
  process.env.AWS_SECRET_ACCESS_KEY = LOCAL_CREDENTIALS.credentials.secretAccessKey;
  process.env.AWS_REGION = LOCAL_CREDENTIALS.region;
}
