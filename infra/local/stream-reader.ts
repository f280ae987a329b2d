import { DescribeTableCommand } from "@aws-sdk/client-dynamodb";
import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import {
  DescribeStreamCommand,
  ExpiredIteratorException,
  GetRecordsCommand,
  GetShardIteratorCommand,
  TrimmedDataAccessException,
} from "@aws-sdk/client-dynamodb-streams";
import type { DynamoDBStreamsClient, Shard } from "@aws-sdk/client-dynamodb-streams";
import type { Checkpoints, ShardPosition } from "./checkpoints.ts";
import { lambdaRecord } from "./stream-record.ts";
import type { NumberedRecord } from "./stream-record.ts";

/** The most that one GetRecords call gives. */
const PAGE_RECORDS = 1000;
const RELIST_MILLISECONDS = 60_000;

/** The clients that a reader asks. */
export interface StreamClients {
  table: DynamoDBClient;
  stream: DynamoDBStreamsClient;
}

/** Some records of one shard, in their order, and the place to note how far they are handled. */
export interface Page {
  shardId: string;
  records: NumberedRecord[];
  position: ShardPosition;
  /** The shard gives nothing after these records. */
  last: boolean;
}

/** Reads a table's stream for one consumer: shards parent before child, from the consumer's checkpoint on. */
export class StreamReader {
  readonly #clients: StreamClients;
  readonly #tableName: string;
  readonly #consumer: string;
  readonly #checkpoints: Checkpoints;
  readonly #iterators = new Map<string, string>();
  #streamArn: string | undefined;
  #shards: Shard[] = [];
  #listedAt = 0;

  constructor(clients: StreamClients, tableName: string, consumer: string, checkpoints: Checkpoints) {
    this.#clients = clients;
    this.#tableName = tableName;
    this.#consumer = consumer;
    this.#checkpoints = checkpoints;
  }

  /**
   * Goes once over the shards that can be read now. An empty page is the proof that a shard has nothing more for now.
   */
  async *pages(): AsyncGenerator<Page> {
    this.#streamArn ??= await streamArnOf(this.#clients.table, this.#tableName);
    const positions = this.#checkpoints.shards(this.#consumer, this.#streamArn);
    await this.#list(this.#streamArn, positions);
    for (const shardId of this.#readable(positions)) {
      const position = (positions[shardId] ??= {});
      yield await this.#read(this.#streamArn, shardId, position);
    }
  }

  /** Forgets iterators and shards after a failure: the engine may have been restarted, or the table made anew. */
  reset(): void {
    this.#iterators.clear();
    this.#streamArn = undefined;
    this.#shards = [];
  }

  /** Lists again when a shard may have been split: after an end, when none is open, and now and then. */
  async #list(streamArn: string, positions: Record<string, ShardPosition>): Promise<void> {
    const current = Date.now() - this.#listedAt < RELIST_MILLISECONDS;
    if (current && this.#shards.length > 0 && this.#shards.every(({ ShardId }) => !positions[ShardId ?? ""]?.finished))
      return;
    this.#shards = await listShards(this.#clients.stream, streamArn);
    this.#listedAt = Date.now();
    const listed = new Set(this.#shards.map((shard) => shard.ShardId));
    for (const shardId of Object.keys(positions)) if (!listed.has(shardId)) delete positions[shardId];
  }

  #readable(positions: Record<string, ShardPosition>): string[] {
    const open = new Set(this.#shards.map((shard) => shard.ShardId).filter((id) => !positions[id ?? ""]?.finished));
    return this.#shards
      .filter((shard) => open.has(shard.ShardId) && !open.has(shard.ParentShardId))
      .flatMap((shard) => shard.ShardId ?? []);
  }

  async #read(streamArn: string, shardId: string, position: ShardPosition): Promise<Page> {
    let iterator = this.#iterators.get(shardId);
    try {
      iterator ??= await this.#iterator(streamArn, shardId, position.after);
      const answer = await this.#clients.stream.send(
        new GetRecordsCommand({ ShardIterator: iterator, Limit: PAGE_RECORDS }),
      );
      if (answer.NextShardIterator === undefined) this.#iterators.delete(shardId);
      else this.#iterators.set(shardId, answer.NextShardIterator);
      const records = (answer.Records ?? []).map((record) => lambdaRecord(record, streamArn));
      return { shardId, records, position, last: answer.NextShardIterator === undefined };
    } catch (error) {
      this.#iterators.delete(shardId);
      if (error instanceof TrimmedDataAccessException) {
        console.warn(
          `Stream consumer ${this.#consumer}: records after ${position.after} are gone, reading the oldest kept.`,
        );
        delete position.after;
      } else if (!(error instanceof ExpiredIteratorException) || iterator === undefined) throw error;
      return this.#read(streamArn, shardId, position);
    }
  }

  async #iterator(streamArn: string, shardId: string, after: string | undefined): Promise<string> {
    const start =
      after === undefined
        ? { ShardIteratorType: "TRIM_HORIZON" as const }
        : { ShardIteratorType: "AFTER_SEQUENCE_NUMBER" as const, SequenceNumber: after };
    const { ShardIterator: iterator } = await this.#clients.stream.send(
      new GetShardIteratorCommand({ StreamArn: streamArn, ShardId: shardId, ...start }),
    );
    if (iterator === undefined) throw new Error(`The shard ${shardId} gives no iterator.`);
    return iterator;
  }
}

/** The ARN of the table's stream. Throws one clear sentence when the table has none. */
export async function streamArnOf(client: DynamoDBClient, tableName: string): Promise<string> {
  const { Table: table } = await client.send(new DescribeTableCommand({ TableName: tableName }));
  if (table?.LatestStreamArn === undefined || table.StreamSpecification?.StreamEnabled !== true) {
    throw new Error(`The table ${tableName} has no stream.`);
  }
  return table.LatestStreamArn;
}

/**
 * Whether a shard is at its end is told by GetRecords alone: the engine names an ending sequence number for an open
 * shard too, and takes it for the greatest as text.
 */
async function listShards(client: DynamoDBStreamsClient, streamArn: string): Promise<Shard[]> {
  const shards: Shard[] = [];
  let start: string | undefined;
  do {
    const { StreamDescription: found } = await client.send(
      new DescribeStreamCommand({ StreamArn: streamArn, ExclusiveStartShardId: start }),
    );
    shards.push(...(found?.Shards ?? []));
    start = found?.LastEvaluatedShardId;
  } while (start !== undefined);
  return shards;
}
