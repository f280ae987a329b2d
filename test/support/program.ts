import { randomUUID } from "node:crypto";
import { call, type Caller, type GraphqlAnswer } from "../../infra/local/caller.ts";
import { startStack, type Stack, type StackOptions } from "../../infra/local/stack.ts";
import { afterwards } from "./afterwards.ts";

/** The program running for one test file, with the deployed handlers over the real engine, and hands to use it. */
export interface Program extends Stack {
  /** Calls the API as somebody; null is nobody. Answers data and errors as they come. */
  send(caller: Caller, query: string, variables?: Record<string, unknown>): Promise<GraphqlAnswer>;
  /** Calls the API and expects no errors. Answers the data. */
  ask<Data>(caller: Caller, query: string, variables?: Record<string, unknown>): Promise<Data>;
}

/**
 * Starts the program at a moment of its own, and stops it after the test, or after the tests of the file. It keeps everything
 * in memory, or in a table of its own at TABLE_ENDPOINT where that is set.
 */
export async function startProgram({ at, ...options }: Partial<StackOptions> & { at: string }): Promise<Program> {
  const ahead = Date.parse(at) - Date.now();
  const realTime = () => Date.now() + ahead;
  const elsewhere = process.env["TABLE_ENDPOINT"]
    ? { tableEndpoint: process.env["TABLE_ENDPOINT"], tableName: `test-${randomUUID()}` }
    : {};
  const stack = await startStack({ port: 0, demo: false, quiet: true, realTime, ...elsewhere, ...options });
  afterwards(() => stack.stop());
  return Object.assign(stack, {
    send: (caller: Caller, query: string, variables?: Record<string, unknown>) => call(stack, caller, query, variables),
    ask: async <Data>(caller: Caller, query: string, variables?: Record<string, unknown>) => {
      const { data, errors } = await call(stack, caller, query, variables);
      if (errors)
        throw new Error(
          errors.map(({ message, extensions }) => `${String(extensions?.["code"])}: ${message}`).join("; "),
        );
      return data as Data;
    },
  });
}

/** Program staff: the address that is configured as the first. */
export const STAFF: Caller = { name: "Staff Test", email: "staff@example.org" };

/** Somebody of their own for each name. */
export function someone(name: string): NonNullable<Caller> {
  return { name, email: `${name.toLowerCase().replaceAll(" ", ".")}@example.org` };
}
