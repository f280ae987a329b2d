/** Region and keys for endpoints on the laptop. They are made up: the embedded engine checks no signature. */
export const LOCAL_CREDENTIALS = {
  region: "us-west-2",
  credentials: { accessKeyId: "laptop", secretAccessKey: "laptop" },
} as const;

/** Settings of an SDK client: the endpoint, and region and credentials where the SDK is not to find its own. */
export interface Connection {
  endpoint: string;
  region?: string;
  credentials?: { accessKeyId: string; secretAccessKey: string };
}

/**
 * How to reach a table endpoint. The one that TABLE_ENDPOINT names is somebody's own, so its region and credentials
 * come from the environment as the SDK finds them; any other is the laptop's and takes the made-up ones.
 */
export function connection(endpoint: string): Connection {
  return endpoint === process.env.TABLE_ENDPOINT ? { endpoint } : { endpoint, ...LOCAL_CREDENTIALS };
}
