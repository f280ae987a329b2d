import { AwsSolutionsChecks, ServerlessChecks, type NagPack } from "cdk-nag";

/** The rule packs every synthesis must pass. A finding is mended, or its reason stands beside the construct. */
export function rulePacks(): NagPack[] {
  return [new AwsSolutionsChecks(), new ServerlessChecks()];
}
