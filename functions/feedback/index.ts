import { deployedEnvironment, runtimeFrom } from "../runtime.ts";
import { feedbackHandler } from "./handler.ts";

export const handler = feedbackHandler(runtimeFrom(deployedEnvironment()));
