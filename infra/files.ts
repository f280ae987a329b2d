import { Duration, RemovalPolicy, Stack, Validations } from "aws-cdk-lib";
import { Metric } from "aws-cdk-lib/aws-cloudwatch";
import { PolicyStatement } from "aws-cdk-lib/aws-iam";
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  HttpMethods,
  ObjectOwnership,
  type CfnBucket,
} from "aws-cdk-lib/aws-s3";
import { Construct } from "constructs";

import { FILE_PREFIXES, UPLOAD_DAYS } from "../schema/shared/keys.ts";
import type { Alarms } from "./alarms.ts";
import type { ProgramFunction } from "./function.ts";

const METRICS_FILTER = "EntireBucket";

/** The private bucket that holds the content of files. Browsers reach it with the forms and links that the API signs. */
export class ProgramFiles extends Construct {
  readonly bucket: Bucket;

  constructor(scope: Construct, id: string, props: { alarms: Alarms; allowedOrigins: readonly string[] }) {
    super(scope, id);
    this.bucket = new Bucket(this, "Bucket", {
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      encryption: BucketEncryption.S3_MANAGED,
      // What a person has erased must be gone, not an earlier version of nothing.
      versioned: false,
      removalPolicy: RemovalPolicy.RETAIN,
      cors: [
        {
          allowedOrigins: [...props.allowedOrigins],
          allowedMethods: [HttpMethods.POST],
          allowedHeaders: ["content-type"],
          maxAge: 3_600,
        },
      ],
      lifecycleRules: [
        // The schedule removes what was not finished after 24 hours; this also clears what was kept elsewhere meanwhile.
        { id: "Uploads", prefix: FILE_PREFIXES.uploads, expiration: Duration.days(UPLOAD_DAYS) },
        { id: "Unfinished", abortIncompleteMultipartUploadAfter: Duration.days(1) },
      ],
      metrics: [{ id: METRICS_FILTER }],
    });
    Validations.of(this.bucket).acknowledge({
      id: "AwsSolutions-S1",
      reason:
        "The table's history says who was given which link. A log of S3's would need a bucket of its own and hold addresses.",
    });

    this.watch(props.alarms);
  }

  /** Lets a function take uploads, check and keep them, and hand them out: a form or link can do what its signer may. */
  letHandOut(to: ProgramFunction): void {
    this.let(to, ["s3:GetObject", "s3:PutObject"]);
    // Without it S3 says "forbidden" of what is not there, and a missing right could not be told from a missing upload.
    to.role.addToPolicy(new PolicyStatement({ actions: ["s3:ListBucket"], resources: [this.bucket.bucketArn] }));
  }

  /** Lets a function erase what was removed. */
  letErase(to: ProgramFunction): void {
    this.let(to, ["s3:DeleteObject"]);
  }

  private let(to: ProgramFunction, actions: string[]): void {
    const patterns = Object.values(FILE_PREFIXES).map((prefix) => `${prefix}*`);
    const resources = patterns.map((pattern) => this.bucket.arnForObjects(pattern));
    to.role.addToPolicy(new PolicyStatement({ actions, resources }));
    const name = Stack.of(this).getLogicalId(this.bucket.node.defaultChild as CfnBucket);
    for (const pattern of patterns) {
      Validations.of(to.role).acknowledge({
        id: `AwsSolutions-IAM5[Resource::<${name}.Arn>/${pattern}]`,
        reason: "Files have names that are made as they come. Who may have which one, the API's rules say.",
      });
    }
  }

  private watch(alarms: Alarms): void {
    const dimensionsMap = { BucketName: this.bucket.bucketName, FilterId: METRICS_FILTER };
    alarms.add(this, "ServerErrors", {
      metric: new Metric({
        namespace: "AWS/S3",
        metricName: "5xxErrors",
        statistic: "Sum",
        period: Duration.minutes(5),
        dimensionsMap,
      }),
      threshold: 5,
      meaning: "S3 itself fails or asks for patience. Look at the AWS Health Dashboard; callers are told to try again.",
    });
  }
}
