import { setTimeout as delay } from "node:timers/promises";
import type { DynamoDBBatchResponse, DynamoDBStreamEvent } from "aws-lambda";
import { TABLE } from "../../schema/shared/keys.ts";
import type { Checkpoints } from "./checkpoints.ts";
import { messageOf } from "./error-message.ts";
import { keepDeadLetter } from "./dead-letters.ts";
import { matches } from "./stream-record.ts";
import type { NumberedRecord, StreamPattern } from "./stream-record.ts";
import type { Page } from "./stream-reader.ts";

const LONGEST_BACKOFF_MILLISECONDS = 2000;

/** A function fed by the stream, as `infra/wiring.ts` describes it. */
export interface StreamConsumer {
  name: string;
  /** Only records that match reach the handler. */
  pattern: StreamPattern;
  batchSize: number;
  /** Tries after the first before a record is given up. */
  maxRetries: number;
  handler(event: DynamoDBStreamEvent): Promise<DynamoDBBatchResponse | void>;
}

/** Disorder that a real event source mapping may show, for tests. */
export interface StreamFaults {
  /** Share of batches, 0 to 1, that the handler gets a second time. */
  duplicate?: number;
  /** Mixes records of different partition keys; the order within a partition key stays. */
  shuffle?: boolean;
  /** Makes the disorder repeatable. */
  seed: number;
}

/** What the delivery needs besides the consumer. */
export interface DeliverySettings {
  checkpoints: Checkpoints;
  deadLetterFile?: string;
  /** Pause before the first retry; it doubles with each. */
  retryMilliseconds: number;
  faults?: StreamFaults;
  /** Numbers from 0 up to 1, for the faults. */
  random: () => number;
  /** Told when a handler has answered or failed: it may have written. */
  onHandled: () => void;
  /** Ends retries when the adapter stops. */
  stopped: AbortSignal;
}

/** How many records from the start of a batch are handled, and why the next one is not. */
interface Outcome {
  handled: number;
  reason?: string;
  /** The handler threw or gave an answer that names no record: the whole batch counts as failed. */
  whole?: boolean;
}

/** Hands pages to one consumer's handler as Lambda's event source mapping does. */
export class Delivery {
  readonly #consumer: StreamConsumer;
  readonly #settings: DeliverySettings;

  constructor(consumer: StreamConsumer, settings: DeliverySettings) {
    this.#consumer = consumer;
    this.#settings = settings;
  }

  /**
   * Hands over the page's matching records in batches and moves the checkpoint on. Rejects when stopped before its end.
   */
  async page({ records, position, last }: Page): Promise<void> {
    const { faults, checkpoints, random, stopped } = this.#settings;
    const matching = records.filter((record) => matches(this.#consumer.pattern, record));
    const queue = faults?.shuffle ? shuffled(matching, random) : matching;
    for (let start = 0; start < queue.length; start += this.#consumer.batchSize) {
      await this.#batch(queue.slice(start, start + this.#consumer.batchSize), (record) => {
        // Out of order, a record says nothing about those before it; then only the end of the page counts.
        if (!faults?.shuffle) position.after = record.dynamodb.SequenceNumber;
        if (!faults?.shuffle) checkpoints.save();
      });
      stopped.throwIfAborted();
    }
    const end = records.at(-1)?.dynamodb.SequenceNumber;
    if (end !== undefined) position.after = end;
    if (last) position.finished = true;
    if (end !== undefined || last) checkpoints.save();
  }

  async #batch(batch: NumberedRecord[], onProgress: (last: NumberedRecord) => void): Promise<void> {
    let rest = batch;
    let tries = 0;
    const advance = (count: number): void => {
      const record = rest[count - 1];
      rest = rest.slice(count);
      tries = 0;
      if (record) onProgress(record);
    };
    while (rest.length > 0) {
      const outcome = await this.#try(rest);
      if (outcome.handled > 0) advance(outcome.handled);
      if (rest.length === 0) return;
      tries += 1;
      if (tries <= this.#consumer.maxRetries) await this.#backOff(tries);
      else if (outcome.whole && rest.length > 1) await this.#isolate(rest, advance);
      else {
        this.#giveUp(rest[0], outcome.reason);
        advance(1);
      }
    }
  }

  /** A batch that keeps failing as a whole is tried once record by record, so that one bad record costs no other. */
  async #isolate(rest: NumberedRecord[], advance: (count: number) => void): Promise<void> {
    for (const record of rest) {
      this.#settings.stopped.throwIfAborted();
      const outcome = await this.#try([record]);
      if (outcome.handled === 0) this.#giveUp(record, outcome.reason);
      advance(1);
    }
  }

  async #try(batch: NumberedRecord[]): Promise<Outcome> {
    const { faults, random } = this.#settings;
    if (faults?.duplicate !== undefined && random() < faults.duplicate) await this.#call(batch);
    return this.#call(batch);
  }

  async #call(batch: NumberedRecord[]): Promise<Outcome> {
    try {
      const answer = await this.#consumer.handler({ Records: structuredClone(batch) });
      const failures = answer?.batchItemFailures ?? [];
      if (failures.length === 0) return { handled: batch.length };
      const places = failures.map(({ itemIdentifier }) =>
        batch.findIndex((record) => record.dynamodb.SequenceNumber === itemIdentifier),
      );
      const first = Math.min(...places);
      if (first < 0) return { handled: 0, reason: "the answer names a record that was not in the batch", whole: true };
      return { handled: first, reason: "the handler answered that it failed" };
    } catch (error) {
      return { handled: 0, reason: messageOf(error), whole: true };
    } finally {
      this.#settings.onHandled();
    }
  }

  #giveUp(record: NumberedRecord | undefined, reason: string | undefined): void {
    if (record === undefined) return;
    const letter = { consumer: this.#consumer.name, at: new Date().toISOString(), reason: reason ?? "", record };
    keepDeadLetter(this.#settings.deadLetterFile, letter);
  }

  async #backOff(tries: number): Promise<void> {
    const { retryMilliseconds, stopped } = this.#settings;
    const pause = Math.min(retryMilliseconds * 2 ** (tries - 1), LONGEST_BACKOFF_MILLISECONDS);
    await delay(pause, undefined, { signal: stopped });
  }
}

/** Draws the next record from a random partition each time, so that each partition's own order stays. */
function shuffled(records: NumberedRecord[], random: () => number): NumberedRecord[] {
  const order = records.map((record) => partitionOf(record));
  const partitions = Map.groupBy(records, partitionOf);
  for (let end = order.length - 1; end > 0; end -= 1) {
    const other = Math.floor(random() * (end + 1));
    [order[end], order[other]] = [order[other] ?? "", order[end] ?? ""];
  }
  const taken = new Map<string, number>();
  return order.flatMap((partition) => {
    const place = taken.get(partition) ?? 0;
    taken.set(partition, place + 1);
    return partitions.get(partition)?.[place] ?? [];
  });
}

function partitionOf(record: NumberedRecord): string {
  return JSON.stringify(record.dynamodb.Keys?.[TABLE.partitionKey]);
}
