import { loadPerson } from "../../schema/person/person.table.ts";
import type { Viewer } from "../../schema/person/person.ts";
import {
  serviceTokenFrom,
  serviceTokenKey,
  writeServiceToken,
} from "../../schema/service-token/service-token.table.ts";
import { isLive, serviceViewer, type ServiceToken } from "../../schema/service-token/service-token.ts";
import { isSecretOf } from "../../schema/shared/secret.ts";
import { LostVersion, TableBusy, type Table } from "../../schema/shared/table.ts";
import type { Instant } from "../../schema/shared/time.ts";

/** A service token as it is sent: its id, then its secret. */
const SERVICE_TOKEN = /^(svc_[0-9A-Z]{26})\.([\w-]{43})$/;

/**
 * Whoever asks with a service token; null when it is unknown, wrong, expired or revoked, all in the same way and in one
 * request. Two for one that counts, and one more on the first use of a UTC day.
 */
export async function serviceViewerOf(table: Table, token: string, now: Instant): Promise<Viewer | null> {
  const [, id = "", secret = ""] = SERVICE_TOKEN.exec(token) ?? [];
  // What has not the form of a token is looked for as well, so that all refusals cost the same.
  const found = serviceTokenFrom(await table.get(serviceTokenKey(id || "none")));
  if (!isSecretOf(secret, found?.secretHash) || !found || !isLive(found, now)) return null;
  await noteUse(table, found, now.slice(0, 10));
  return serviceViewer(found, await loadPerson(table, found.createdBy), now);
}

async function noteUse(table: Table, token: ServiceToken, today: string): Promise<void> {
  if (token.lastUsedOn === today) return;
  try {
    await table.commit(writeServiceToken({ ...token, lastUsedOn: today }));
  } catch (error) {
    // Another request noted it at the same moment, or the table is busy: the next use will.
    if (!(error instanceof LostVersion) && !(error instanceof TableBusy)) throw error;
  }
}
