import { serverAudits } from "graphql-http";
import { expect, test } from "vitest";
import { startProgram } from "./support/program.ts";
import { IN_WINDOW } from "./support/steps.ts";

const program = await startProgram({ at: IN_WINDOW });
const url = `${program.url}/graphql`;

/** A request that a program marks as its own, so that it cannot have been started by a web page its user visits. */
const deliberate = (address: string, init: RequestInit = {}) =>
  fetch(address, { ...init, headers: { ...init.headers, "apollo-require-preflight": "true" } });

const CLIENT_ERROR =
  "A request that cannot be run is a client error, whatever answer is accepted: 400 shows in metrics.";
const NO_PLAIN_GET = "A GET without the preflight header could come from any web page, so it is not taken.";

/** What is recommended or allowed, is not done here, and why. Everything that is a MUST is done. */
const NOT_MET = {
  "572B": CLIENT_ERROR,
  FDE2: CLIENT_ERROR,
  "7B9B": CLIENT_ERROR,
};
const NOT_MET_WITHOUT_HEADER = { ...NOT_MET, "5A70": NO_PLAIN_GET, D6D5: NO_PLAIN_GET, "6A70": NO_PLAIN_GET };

test.each([
  { client: "a client that marks its requests as its own", fetchFn: deliberate, notMet: NOT_MET },
  { client: "a client that sends them as a web page would", fetchFn: fetch, notMet: NOT_MET_WITHOUT_HEADER },
])("GraphQL over HTTP is spoken as specified with $client", async ({ fetchFn, notMet }) => {
  const unmet: Record<string, string> = {};
  const audits = serverAudits({ url, fetchFn });
  for (const audit of audits) {
    const result = await audit.fn();
    if (result.status !== "ok") unmet[audit.id] = `${result.status}: ${audit.name}`;
  }
  expect(audits).toHaveLength(61);
  expect(Object.values(unmet).filter((line) => line.startsWith("error"))).toEqual([]);
  expect(Object.keys(unmet).sort()).toEqual(Object.keys(notMet).sort());
});
