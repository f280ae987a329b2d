import { setTimeout as delay } from "node:timers/promises";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBStreamsClient } from "@aws-sdk/client-dynamodb-streams";
import { Checkpoints } from "./checkpoints.ts";
import { connection } from "./connection.ts";
import { messageOf } from "./error-message.ts";
import { seededRandom } from "./random.ts";
import { Delivery } from "./stream-consumer.ts";
import type { StreamConsumer, StreamFaults } from "./stream-consumer.ts";
import { StreamReader, streamArnOf } from "./stream-reader.ts";
import type { StreamClients } from "./stream-reader.ts";

export type { StreamConsumer, StreamFaults } from "./stream-consumer.ts";
export type { StreamPattern } from "./stream-record.ts";

const SHORTEST_PAUSE_MILLISECONDS = 20;
const SETTLE_MILLISECONDS = 30_000;

/** Which stream goes to whom. */
export interface StreamOptions {
  endpoint: string;
  tableName: string;
  /** Keeps how far each consumer has come; a restart begins at the stream's beginning when absent. */
  checkpointFile?: string;
  /** Takes records given up, one JSON text a line; they are dropped when absent. */
  deadLetterFile?: string;
  consumers: readonly StreamConsumer[];
  /** Longest pause between two looks at a quiet stream; 250 when absent. */
  pollMilliseconds?: number;
  /** Pause before the first retry of a batch, doubled with each up to 2,000; 100 when absent. */
  retryMilliseconds?: number;
  faults?: StreamFaults;
}

/** The running mapping of a stream to its consumers. */
export interface StreamAdapter {
  /**
   * Waits until everything written before the call, and everything the handlers wrote because of it, is handled or
   * given up. Rejects with the names of the consumers that are behind after the time, 30 seconds unless told. On AWS
   * a stream may show a write some time later, and settle does not wait for what it does not show.
   */
  settle(milliseconds?: number): Promise<void>;
  /** Tells that something was written: the stream is looked at without waiting for the next poll. */
  nudge(): void;
  /** Ends after the batch in hand; what is not handled comes again after a restart. */
  stop(): Promise<void>;
}

/**
 * Feeds a table's stream to its consumers as Lambda's event source mapping does: filtered, in batches, in order per
 * shard, at least once, with bounded retries. Consumers go on independently of each other; each begins at its
 * checkpoint, else at the oldest record.
 */
export async function startStream(options: StreamOptions): Promise<StreamAdapter> {
  const settings = { ...connection(options.endpoint), maxAttempts: 2, requestHandler: REQUEST_LIMITS };
  const clients: StreamClients = { table: new DynamoDBClient(settings), stream: new DynamoDBStreamsClient(settings) };
  await streamArnOf(clients.table, options.tableName);
  if (options.faults) console.info(`Stream faults: seed ${options.faults.seed}.`);
  const activity: Activity = { asked: 0, handled: 0 };
  const stopping = new AbortController();
  const checkpoints = new Checkpoints(options.checkpointFile);
  const nudge = (): void => loops.forEach((loop) => loop.wake());
  const loops = options.consumers.map((consumer) => {
    const delivery = new Delivery(consumer, {
      checkpoints,
      deadLetterFile: options.deadLetterFile,
      retryMilliseconds: options.retryMilliseconds ?? 100,
      faults: options.faults,
      random: seededRandom(options.faults?.seed ?? 0),
      stopped: stopping.signal,
      onHandled: () => {
        activity.handled += 1;
        nudge();
      },
    });
    const reader = new StreamReader(clients, options.tableName, consumer.name, checkpoints);
    return new ConsumerLoop(
      consumer.name,
      reader,
      delivery,
      activity,
      options.pollMilliseconds ?? 250,
      stopping.signal,
    );
  });
  const running = loops.map((loop) => loop.run());

  return {
    settle: (milliseconds) => settle(loops, activity, milliseconds ?? SETTLE_MILLISECONDS),
    nudge,
    async stop() {
      stopping.abort();
      nudge();
      await Promise.all(running);
      clients.table.destroy();
      clients.stream.destroy();
    },
  };
}

const REQUEST_LIMITS = { connectionTimeout: 2000, requestTimeout: 10_000, throwOnRequestTimeout: true };

/** Counted across all consumers: calls of settle, and answers of handlers. */
interface Activity {
  asked: number;
  handled: number;
}

/**
 * Looks at the stream again and again for one consumer: at once while there are records, more and more seldom while
 * not.
 */
class ConsumerLoop {
  readonly name: string;
  readonly #reader: StreamReader;
  readonly #delivery: Delivery;
  readonly #activity: Activity;
  readonly #longestPause: number;
  readonly #stopped: AbortSignal;
  #waker = new AbortController();
  #pause = SHORTEST_PAUSE_MILLISECONDS;
  /** The last failure to read or to note, undefined after a success. */
  problem: string | undefined;
  /** How often settle had been asked when the last look that found nothing began. */
  quietSince = -1;
  #onQuiet: (() => void)[] = [];

  constructor(
    name: string,
    reader: StreamReader,
    delivery: Delivery,
    activity: Activity,
    longestPause: number,
    stopped: AbortSignal,
  ) {
    this.name = name;
    this.#reader = reader;
    this.#delivery = delivery;
    this.#activity = activity;
    this.#longestPause = longestPause;
    this.#stopped = stopped;
  }

  wake(): void {
    this.#pause = SHORTEST_PAUSE_MILLISECONDS;
    this.#waker.abort();
  }

  /** Resolves after a look that began after this call of settle and found nothing. */
  async quietAfter(asked: number): Promise<void> {
    while (this.quietSince < asked) await new Promise<void>((resolve) => this.#onQuiet.push(resolve));
  }

  async run(): Promise<void> {
    while (!this.#stopped.aborted) {
      this.#waker = new AbortController();
      const asked = this.#activity.asked;
      const found = await this.#look();
      if (found) this.#pause = SHORTEST_PAUSE_MILLISECONDS;
      else await this.#rest(asked);
    }
  }

  /** Whether there were records. A failure counts as some, so that settle waits for a look that succeeds. */
  async #look(): Promise<boolean> {
    let found = false;
    try {
      for await (const page of this.#reader.pages()) {
        if (page.records.length > 0 || page.last) {
          found = true;
          await this.#delivery.page(page);
        }
        if (this.#stopped.aborted) return true;
      }
      this.problem = undefined;
    } catch (error) {
      if (this.#stopped.aborted) return true;
      if (this.problem === undefined) console.warn(`Stream consumer ${this.name} cannot go on: ${messageOf(error)}`);
      this.problem = messageOf(error);
      this.#reader.reset();
      await delay(this.#longestPause, undefined, { signal: this.#stopped }).catch(() => undefined);
      return true;
    }
    return found;
  }

  async #rest(asked: number): Promise<void> {
    this.quietSince = asked;
    for (const resolve of this.#onQuiet.splice(0)) resolve();
    const pause = Math.min(this.#pause, this.#longestPause);
    this.#pause = pause * 2;
    await delay(pause, undefined, { signal: this.#waker.signal }).catch(() => undefined);
  }
}

/** Everybody found nothing, and no handler answered in between: then nothing is left that could write more. */
async function settle(loops: readonly ConsumerLoop[], activity: Activity, milliseconds: number): Promise<void> {
  const patience = new AbortController();
  const late = delay(milliseconds, "late" as const, { signal: patience.signal });
  late.catch(() => undefined);
  try {
    for (;;) {
      const handledBefore = activity.handled;
      activity.asked += 1;
      const { asked } = activity;
      for (const loop of loops) loop.wake();
      const winner = await Promise.race([late, Promise.all(loops.map((loop) => loop.quietAfter(asked)))]);
      if (winner === "late") throw new Error(behind(loops, asked, milliseconds));
      if (activity.handled === handledBefore) return;
    }
  } finally {
    patience.abort();
  }
}

function behind(loops: readonly ConsumerLoop[], asked: number, milliseconds: number): string {
  const names = loops
    .filter((loop) => loop.quietSince < asked)
    .map((loop) => (loop.problem === undefined ? loop.name : `${loop.name} (${loop.problem})`));
  return `The stream did not settle within ${milliseconds} ms: ${names.join(", ") || "consumers keep writing"}.`;
}
