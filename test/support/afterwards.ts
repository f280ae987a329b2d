import { afterAll, onTestFinished, TestRunner } from "vitest";

/** Does something after the test it is called in, or after all tests of the file when it is called outside of one. */
export function afterwards(work: () => unknown): void {
  const once = async () => void (await work());
  // Inside a test `afterAll` is taken without a word and never runs.
  if (TestRunner.getCurrentTest()) onTestFinished(once);
  else afterAll(once);
}
