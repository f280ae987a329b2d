import type { ApplicationEvent } from "./application/application.ts";
import type { CertificateEvent } from "./certificate/certificate.ts";
import type { CohortEvent } from "./cohort/cohort.ts";
import type { DecisionEvent } from "./decision/decision.ts";
import type { FileEvent } from "./file/file.ts";
import type { LinkEvent } from "./link/link.ts";
import type { MessageEvent } from "./message/handling.ts";
import type { MailKindEvent } from "./message/kind.ts";
import type { RecusalEvent } from "./recusal/recusal.ts";
import type { AddressEvent } from "./person/address.ts";
import type { RoleEvent } from "./person/role.ts";
import type { MergeEvent } from "./person/merge.ts";
import type { PersonEvent } from "./person/person.ts";
import type { ReachEvent } from "./person/reach.ts";
import type { ServiceTokenEvent } from "./service-token/service-token.ts";

/** Everything that can happen. */
export type ProgramEvent =
  | PersonEvent
  | RoleEvent
  | MergeEvent
  | RecusalEvent
  | CohortEvent
  | ApplicationEvent
  | DecisionEvent
  | CertificateEvent
  | MessageEvent
  | MailKindEvent
  | ReachEvent
  | ServiceTokenEvent
  | FileEvent
  | LinkEvent
  | AddressEvent;
