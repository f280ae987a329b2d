import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { messageOf } from "./error-message.ts";

/** How far a consumer has come in one shard: the last record handled, and whether the shard is read to its end. */
export interface ShardPosition {
  after?: string;
  finished?: true;
}

interface ConsumerPositions {
  streamArn: string;
  shards: Record<string, ShardPosition>;
}

/**
 * How far each consumer has come, kept in one file that is replaced as a whole, so that a kill leaves the old or the
 * new text. A kill between handling and saving makes the last batch come again.
 */
export class Checkpoints {
  readonly #file: string | undefined;
  readonly #consumers: Map<string, ConsumerPositions>;

  constructor(file: string | undefined) {
    this.#file = file;
    this.#consumers = new Map(Object.entries(load(file)));
  }

  /** Positions in this stream; those in another stream (the table was made anew) are given up. */
  shards(consumer: string, streamArn: string): Record<string, ShardPosition> {
    const known = this.#consumers.get(consumer);
    if (known?.streamArn === streamArn) return known.shards;
    const fresh: ConsumerPositions = { streamArn, shards: {} };
    this.#consumers.set(consumer, fresh);
    return fresh.shards;
  }

  /** Written synchronously: some tenths of a millisecond, and no two writers can overtake each other. */
  save(): void {
    if (this.#file === undefined) return;
    const draft = `${this.#file}.new`;
    mkdirSync(dirname(this.#file), { recursive: true });
    writeFileSync(draft, JSON.stringify(Object.fromEntries(this.#consumers)));
    renameSync(draft, this.#file);
  }
}

function load(file: string | undefined): Record<string, ConsumerPositions> {
  if (file === undefined || !existsSync(file)) return {};
  try {
    const found: unknown = JSON.parse(readFileSync(file, "utf8"));
    if (isPositions(found)) return found;
    console.warn(`The checkpoint file ${file} has another shape: the stream is handled from its beginning.`);
  } catch (error) {
    console.warn(
      `The checkpoint file ${file} is unreadable: the stream is handled from its beginning (${messageOf(error)}).`,
    );
  }
  return {};
}

function isPositions(found: unknown): found is Record<string, ConsumerPositions> {
  return (
    isObject(found) &&
    Object.values(found).every(
      (consumer) =>
        isObject(consumer) &&
        typeof consumer["streamArn"] === "string" &&
        isObject(consumer["shards"]) &&
        Object.values(consumer["shards"]).every(isObject),
    )
  );
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
