import { afterAll, afterEach } from "vitest";
import { openTable as startEndpoint } from "../../infra/local/table-endpoint.ts";
import { openTable } from "../../schema/shared/table.ts";
import type { Table, TablePatience } from "../../schema/shared/table.ts";
import { startFaultProxy } from "./fault-proxy.ts";
import type { FaultProxy } from "./fault-proxy.ts";

/** The gateway over the engine, with faults in between, for one test file. */
export interface OpenTable {
  table: Table;
  /** Goes past the proxy. */
  direct: Table;
  proxy: FaultProxy;
  /** Milliseconds since 1970 that count as now; settable. */
  now: number;
  /** Another gateway through the same proxy. */
  open(patience: TablePatience): Table;
}

/** Starts engine, proxy and gateway, and stops them after the file's tests. The proxy forgets between tests. */
export async function startTable(seed: number): Promise<OpenTable> {
  const tableName = "program";
  const started = new AsyncDisposableStack();
  afterAll(() => started.disposeAsync());
  const { endpoint } = await startEndpoint({ tableName, started });
  const proxy = await startFaultProxy(endpoint, seed);
  started.defer(() => proxy.stop());
  afterEach(() => proxy.reset());
  const now = () => opened.now;
  const opened: OpenTable = {
    table: openTable({ tableName, endpoint: proxy.endpoint, now }),
    direct: openTable({ tableName, endpoint, now }),
    proxy,
    now: Date.parse("2027-01-30T01:30:00.000Z"),
    open: (patience) => openTable({ tableName, endpoint: proxy.endpoint, now, patience }),
  };
  return opened;
}
