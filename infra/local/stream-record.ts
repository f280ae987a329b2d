import type { AttributeValue as SdkValue, _Record as SdkRecord } from "@aws-sdk/client-dynamodb-streams";
import type { AttributeValue, DynamoDBRecord } from "aws-lambda";

/**
 * The part of EventBridge's pattern language that `infra/wiring.ts` uses: an object must match field by field, a list
 * names the values allowed.
 */
export interface StreamPattern {
  readonly [field: string]: StreamPattern | readonly (string | number | boolean | null)[];
}

/** Whether the value has every field that the pattern names, with one of the values allowed. */
export function matches(pattern: StreamPattern, value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  return Object.entries(pattern).every(([field, wanted]) => {
    const found: unknown = Object.getOwnPropertyDescriptor(value, field)?.value;
    return isAllowedList(wanted) ? wanted.some((allowed) => allowed === found) : matches(wanted, found);
  });
}

function isAllowedList(wanted: StreamPattern[string]): wanted is readonly (string | number | boolean | null)[] {
  return Array.isArray(wanted);
}

/** A record with the two things that the adapter needs of it. */
export interface NumberedRecord extends DynamoDBRecord {
  dynamodb: NonNullable<DynamoDBRecord["dynamodb"]> & { SequenceNumber: string };
}

/**
 * The record as Lambda's event source mapping hands it over: DynamoDB's JSON, binary as base64, the moment in seconds.
 */
export function lambdaRecord(record: SdkRecord, streamArn: string): NumberedRecord {
  const change = record.dynamodb;
  if (change?.SequenceNumber === undefined) throw new Error("The stream gave a record without a sequence number.");
  return {
    eventID: record.eventID,
    eventName: record.eventName,
    eventVersion: record.eventVersion,
    eventSource: record.eventSource,
    awsRegion: record.awsRegion,
    dynamodb: {
      ApproximateCreationDateTime: seconds(change.ApproximateCreationDateTime),
      Keys: image(change.Keys),
      ...(change.NewImage && { NewImage: image(change.NewImage) }),
      ...(change.OldImage && { OldImage: image(change.OldImage) }),
      SequenceNumber: change.SequenceNumber,
      SizeBytes: change.SizeBytes,
      StreamViewType: change.StreamViewType,
    },
    ...(record.userIdentity && {
      userIdentity: { principalId: record.userIdentity.PrincipalId, type: record.userIdentity.Type },
    }),
    eventSourceARN: streamArn,
  };
}

function seconds(moment: Date | undefined): number | undefined {
  return moment && Math.floor(moment.getTime() / 1000);
}

function image(attributes: Record<string, SdkValue> = {}): Record<string, AttributeValue> {
  return Object.fromEntries(Object.entries(attributes).map(([name, value]) => [name, plain(value)]));
}

function plain(value: SdkValue): AttributeValue {
  if (value.B !== undefined) return { B: base64(value.B) };
  if (value.BS !== undefined) return { BS: value.BS.map(base64) };
  if (value.L !== undefined) return { L: value.L.map(plain) };
  if (value.M !== undefined) return { M: image(value.M) };
  if (value.S !== undefined) return { S: value.S };
  if (value.N !== undefined) return { N: value.N };
  if (value.BOOL !== undefined) return { BOOL: value.BOOL };
  if (value.NULL !== undefined) return { NULL: value.NULL };
  if (value.SS !== undefined) return { SS: value.SS };
  if (value.NS !== undefined) return { NS: value.NS };
  throw new Error(`The stream gave a value of unknown type ${Object.keys(value).join()}.`);
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("base64");
}
