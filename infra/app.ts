import { App, Validations } from "aws-cdk-lib";

import { rulePacks } from "./checks.ts";
import { ProgramStack } from "./program-stack.ts";
import { settingsFrom } from "./settings.ts";

const app = new App();
const settings = settingsFrom(app.node);
new ProgramStack(app, "CtoMentorProgram", { settings, env: { region: settings.region } });
Validations.of(app).addPlugins(...rulePacks());
