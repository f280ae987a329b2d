import { deployedEnvironment, runtimeFrom } from "../runtime.ts";
import { dueHandler } from "./handler.ts";

export const handler = dueHandler(runtimeFrom(deployedEnvironment()));
