import type { ApplicationEvent } from "./application/application.ts";
import type { CertificateEvent } from "./certificate/certificate.ts";
import type { CohortEvent } from "./cohort/cohort.ts";
import type { DecisionEvent } from "./decision/decision.ts";
import type { LinkEvent } from "./link/link.ts";
import type { MessageEvent } from "./message/message.ts";
import type { AddressEvent } from "./person/address.ts";
import type { RoleEvent } from "./person/role.ts";
import type { PersonEvent } from "./person/person.ts";

/** Everything that can happen. */
export type ProgramEvent =
  | PersonEvent
  | RoleEvent
  | CohortEvent
  | ApplicationEvent
  | DecisionEvent
  | CertificateEvent
  | MessageEvent
  | LinkEvent
  | AddressEvent;
