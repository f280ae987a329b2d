import type { ApplicationEvent } from "./application/application.ts";
import type { CertificateEvent } from "./certificate/certificate.ts";
import type { CohortEvent } from "./cohort/cohort.ts";
import type { LateCodeEvent } from "./cohort/late-code.ts";
import type { DecisionEvent } from "./decision/decision.ts";
import type { MotionEvent } from "./decision/motion.ts";
import type { SlateEvent } from "./decision/slate.ts";
import type { FileEvent } from "./file/file.ts";
import type { JointEvent } from "./joint/joint.ts";
import type { LinkEvent } from "./link/link.ts";
import type { OfferEvent } from "./offer/offer.ts";
import type { NominationEvent } from "./nomination/nomination.ts";
import type { ReviewEvent } from "./review/review.ts";
import type { MessageEvent } from "./message/handling.ts";
import type { MailKindEvent } from "./message/kind.ts";
import type { RecusalEvent } from "./recusal/recusal.ts";
import type { AddressEvent } from "./person/address.ts";
import type { RoleEvent } from "./person/role.ts";
import type { MergeEvent } from "./person/merge.ts";
import type { PersonEvent } from "./person/person.ts";
import type { MentorEvent } from "./mentor/mentor.ts";
import type { ConfirmationEvent } from "./team/confirmation.ts";
import type { ProposalEvent } from "./team/proposal.ts";
import type { TeamEvent } from "./team/team.ts";
import type { ReachEvent } from "./person/reach.ts";
import type { ServiceTokenEvent } from "./service-token/service-token.ts";

/** Everything that can happen. */
export type ProgramEvent =
  | PersonEvent
  | RoleEvent
  | MergeEvent
  | RecusalEvent
  | CohortEvent
  | LateCodeEvent
  | ApplicationEvent
  | DecisionEvent
  | OfferEvent
  | JointEvent
  | SlateEvent
  | MotionEvent
  | ReviewEvent
  | CertificateEvent
  | MessageEvent
  | MailKindEvent
  | ReachEvent
  | ServiceTokenEvent
  | FileEvent
  | LinkEvent
  | AddressEvent
  | MentorEvent
  | TeamEvent
  | ProposalEvent
  | ConfirmationEvent
  | NominationEvent;
