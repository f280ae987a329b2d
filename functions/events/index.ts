import { deployedEnvironment, runtimeFrom } from "../runtime.ts";
import { eventsHandler } from "./handler.ts";

export const handler = eventsHandler(runtimeFrom(deployedEnvironment()));
