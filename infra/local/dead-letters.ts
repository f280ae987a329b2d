import { appendFileSync, mkdirSync } from "node:fs";
import { dirname } from "node:path";
import type { DynamoDBRecord } from "aws-lambda";

/** What is kept of a record that its consumer could not handle; one JSON text a line. */
export interface DeadLetter {
  consumer: string;
  /** Instant at which it was given up. */
  at: string;
  reason: string;
  record: DynamoDBRecord;
}

/**
 * Appends the record to the dead-letter file and says so in one line. The line names the record but not its contents:
 * it may end in a log that more people read than the table.
 */
export function keepDeadLetter(file: string | undefined, letter: DeadLetter): void {
  if (file !== undefined) {
    mkdirSync(dirname(file), { recursive: true });
    appendFileSync(file, `${JSON.stringify(letter)}\n`);
  }
  const place = file === undefined ? "dropped" : `kept in ${file}`;
  console.warn(
    `Stream consumer ${letter.consumer} gave up record ${letter.record.dynamodb?.SequenceNumber}: ${place}.`,
  );
}
