import { deployedEnvironment, runtimeFrom } from "../runtime.ts";
import { graphqlHandler } from "./handler.ts";

export const handler = graphqlHandler(
  runtimeFrom(deployedEnvironment(["REQUESTS_PER_ACCOUNT", "REQUESTS_PER_ADDRESS"])),
);
