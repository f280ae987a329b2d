import { deployedEnvironment, runtimeFrom } from "../runtime.ts";
import { graphqlHandler } from "./handler.ts";

export const handler = graphqlHandler(runtimeFrom(deployedEnvironment()));
