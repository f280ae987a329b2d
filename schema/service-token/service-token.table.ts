import { key, recordOf, toItem, type Item, type Key } from "../shared/keys.ts";
import type { Page, Position, Table } from "../shared/table.ts";
import { put, type Write } from "../shared/write.ts";
import type { ServiceToken } from "./service-token.ts";

/** Where a service token is kept. */
export const serviceTokenKey = (id: string): Key => ({ pk: key("SERVICE_TOKEN", id), sk: "SERVICE_TOKEN" });

/** The service token of an item. */
export const serviceTokenFrom = (item: Item | undefined) => recordOf<ServiceToken>(item);

const LIST = "SERVICE_TOKENS";

/** Writes a service token. */
export const writeServiceToken = (token: ServiceToken): Write[] => [
  put(
    toItem("SERVICE_TOKEN", serviceTokenKey(token.id), token, {
      byListPk: LIST,
      byListSk: key(token.createdAt, token.id),
    }),
  ),
];

/** All service tokens, the latest first. One request. */
export async function listServiceTokens(table: Table, page: { limit: number; after?: Position }): Promise<Page> {
  return table.query({ index: "byList", partition: LIST, descending: true, ...page });
}
