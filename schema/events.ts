import type { ApplicationEvent } from "./application/application.ts";
import type { CertificateEvent } from "./certificate/certificate.ts";
import type { CohortEvent } from "./cohort/cohort.ts";
import type { DecisionEvent } from "./decision/decision.ts";
import type { FileEvent } from "./file/file.ts";
import type { MessageEvent } from "./message/message.ts";
import type { PersonEvent } from "./person/person.ts";

/** Everything that can happen. */
export type ProgramEvent =
  | PersonEvent
  | CohortEvent
  | ApplicationEvent
  | DecisionEvent
  | CertificateEvent
  | MessageEvent
  | FileEvent;
