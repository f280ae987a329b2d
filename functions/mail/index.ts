import { deployedEnvironment, runtimeFrom } from "../runtime.ts";
import { mailHandler } from "./handler.ts";

export const handler = mailHandler(runtimeFrom(deployedEnvironment(["MAIL_RATE"])));
