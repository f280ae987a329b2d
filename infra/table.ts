import { Duration, RemovalPolicy } from "aws-cdk-lib";
import {
  AttributeType,
  BillingMode,
  Operation,
  ProjectionType,
  StreamViewType,
  Table,
  TableEncryption,
  type ITable,
} from "aws-cdk-lib/aws-dynamodb";
import { PolicyStatement } from "aws-cdk-lib/aws-iam";
import { Construct } from "constructs";

import { TABLE, type IndexName } from "../schema/shared/keys.ts";
import type { Alarms } from "./alarms.ts";

/** What a function may do with the table, beyond reading and writing single items. */
export interface TableAccess {
  /** Reads lists of the table itself. */
  lists?: boolean;
  /** Reads lists of these indexes. */
  indexes?: readonly IndexName[];
  /** Removes items. The program hardly ever does. */
  drops?: boolean;
}

const OPERATIONS = [
  Operation.GET_ITEM,
  Operation.BATCH_GET_ITEM,
  Operation.QUERY,
  Operation.PUT_ITEM,
  Operation.UPDATE_ITEM,
  Operation.DELETE_ITEM,
  Operation.TRANSACT_WRITE_ITEMS,
  Operation.GET_RECORDS,
];

/** The one table, or the restored one that takes its place. */
export class ProgramTable extends Construct {
  readonly table: ITable;
  readonly streamArn: string;

  constructor(scope: Construct, id: string, props: { alarms: Alarms; restoredStreamArn: string | undefined }) {
    super(scope, id);
    this.table = props.restoredStreamArn === undefined ? this.create() : this.adopt(props.restoredStreamArn);
    if (this.table.tableStreamArn === undefined) throw new Error("The table has no stream.");
    this.streamArn = this.table.tableStreamArn;
    this.watch(props.alarms);
  }

  /** The statements of a function's role. No Scan, ever; an index only where it is read. */
  statements(access: TableAccess): PolicyStatement[] {
    const writes = ["dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:ConditionCheckItem"];
    const statements = [
      new PolicyStatement({
        actions: [
          "dynamodb:GetItem",
          "dynamodb:BatchGetItem",
          ...writes,
          ...(access.lists === true ? ["dynamodb:Query"] : []),
          ...(access.drops === true ? ["dynamodb:DeleteItem"] : []),
        ],
        resources: [this.table.tableArn],
      }),
    ];
    if (access.indexes !== undefined) {
      statements.push(
        new PolicyStatement({
          actions: ["dynamodb:Query"],
          resources: access.indexes.map((name) => `${this.table.tableArn}/index/${name}`),
        }),
      );
    }
    return statements;
  }

  private create(): Table {
    const table = new Table(this, "Table", {
      partitionKey: { name: TABLE.partitionKey, type: AttributeType.STRING },
      sortKey: { name: TABLE.sortKey, type: AttributeType.STRING },
      billingMode: BillingMode.PAY_PER_REQUEST,
      // A key of our own would keep out nobody who may not read the table anyway, and losing it would lose the data.
      // The one AWS manages still leaves every use in CloudTrail.
      encryption: TableEncryption.AWS_MANAGED,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true, recoveryPeriodInDays: 35 },
      deletionProtection: true,
      removalPolicy: RemovalPolicy.RETAIN,
      timeToLiveAttribute: TABLE.timeToLive,
      stream: StreamViewType.NEW_IMAGE,
    });
    for (const index of TABLE.indexes) {
      table.addGlobalSecondaryIndex({
        indexName: index.name,
        partitionKey: { name: index.partitionKey, type: AttributeType.STRING },
        sortKey: { name: index.sortKey, type: AttributeType.STRING },
        projectionType: ProjectionType.ALL,
      });
    }
    return table;
  }

  private adopt(streamArn: string): ITable {
    const [tableArn] = streamArn.split("/stream/");
    return Table.fromTableAttributes(this, "Restored", { tableArn: tableArn ?? streamArn, tableStreamArn: streamArn });
  }

  private watch(alarms: Alarms): void {
    const period = Duration.minutes(5);
    alarms.add(this, "Throttled", {
      metric: this.table.metricThrottledRequestsForOperations({ operations: OPERATIONS, period }),
      threshold: 1,
      meaning: "DynamoDB refuses requests for now. Callers retry; if it lasts, look for one key that everybody writes.",
    });
    alarms.add(this, "SystemErrors", {
      metric: this.table.metricSystemErrorsForOperations({ operations: OPERATIONS, period }),
      threshold: 1,
      meaning: "DynamoDB itself fails. Look at the AWS Health Dashboard; nothing to mend here, callers retry.",
    });
  }
}
