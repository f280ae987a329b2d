/** Who asks. Everyone from `owner` on is signed in, and all of them but `committee` and `service` have applied themselves. */
export const VIEWERS = [
  "anonymous",
  "owner",
  "other",
  "committee",
  "member",
  "staff",
  "ended",
  "service",
  "chair",
  "recused",
  "elsewhere",
  "board",
  "instructor",
] as const;

/**
 * `anonymous` is nobody, `owner` and `other` are applicants, `committee` sits on the committee, `member` sits on it and has
 * applied, `staff` is program staff and has applied, `ended` was staff until just now, and holds the same token still.
 * `chair` chairs the committee, `recused` sits on it and is recused from the owner's applications, `elsewhere` sits on the
 * committee of another cohort, `board` on the board, `instructor` teaches in the cohort; none of them has applied.
 * `service` is a service token with the committee's rights for the queries of SERVICE_QUERIES.
 */
export type Viewer = (typeof VIEWERS)[number];

/** What the service token names: within it the verdicts are the committee's, beyond it there is nothing. */
export const SERVICE_QUERIES = ["node", "nodes", "cohort", "cohorts", "applicationByNumber"];

/**
 * What is to come out: `done` changes something, `shown` and `hidden` are an answer and null, `-` is no cell, because this
 * viewer has nothing of the kind. Everything else is the code of the refusal, short for three of them.
 */
export type Verdict = string;

const SHORT: Record<string, Verdict> = { UA: "UNAUTHENTICATED", FB: "FORBIDDEN", NF: "NOT_FOUND" };

/** One line of the table: an operation or field, what it is asked of, and the verdict for each viewer. */
export interface Row {
  /** `Type.field`, as the schema writes it. */
  subject: string;
  /** What it is asked of; for a field, behind the path that leads there. */
  target: string;
  verdicts: Record<Viewer, Verdict>;
}

/**
 * `own` is the viewer's own submitted application or what belongs to it, `foreign` another applicant's; its decision is
 * prepared and not released. `own-draft` and `foreign-draft` are still being written. `own-released` and
 * `foreign-released` have led to an acceptance. `published` and `draft` are cohorts, `own-cohort` is one to which the
 * viewers have applied. `missing` has the form of an id and stands for nothing, `wrong-kind` is the id of something else,
 * `malformed` is no id.
 */
export const OPERATIONS: readonly Row[] = rows(`
  # operation and target                              anonymous owner   other   committee member  staff   ended   service chair   recused elsewhere board   instructor
  Query.viewer                    -                   hidden    shown   shown   shown     shown   shown   shown   FB      shown   shown   shown     shown   shown
  Query.node                      own                 -         shown   shown   -         shown   shown   shown   -       -       -       -         -       -
  Query.node                      foreign             UA        hidden  hidden  shown     shown   shown   hidden  shown   shown   hidden  hidden    hidden  hidden
  Query.node                      own-draft           -         shown   shown   -         shown   shown   shown   -       -       -       -         -       -
  Query.node                      foreign-draft       UA        hidden  hidden  hidden    hidden  shown   hidden  hidden  hidden  hidden  hidden    hidden  hidden
  Query.node                      own-decision        -         hidden  hidden  -         hidden  hidden  hidden  -       -       -       -         -       -
  Query.node                      foreign-decision    UA        hidden  hidden  shown     shown   shown   hidden  shown   shown   hidden  hidden    hidden  hidden
  Query.node                      own-released        -         shown   shown   -         shown   shown   shown   -       -       -       -         -       -
  Query.node                      foreign-released    UA        hidden  hidden  shown     shown   shown   hidden  shown   shown   hidden  hidden    hidden  hidden
  Query.node                      own-certificate     -         shown   shown   -         shown   shown   shown   -       -       -       -         -       -
  Query.node                      foreign-certificate UA        hidden  hidden  shown     shown   shown   hidden  shown   shown   hidden  hidden    hidden  hidden
  Query.node                      own-message         -         shown   shown   -         shown   shown   shown   -       -       -       -         -       -
  Query.node                      foreign-message     UA        hidden  hidden  hidden    hidden  shown   hidden  hidden  hidden  hidden  hidden    hidden  hidden
  Query.node                      own-person          -         shown   shown   shown     shown   shown   shown   -       shown   shown   shown     shown   shown
  Query.node                      foreign-person      UA        hidden  hidden  hidden    hidden  shown   hidden  hidden  hidden  hidden  hidden    hidden  hidden
  Query.node                      published           UA        shown   shown   shown     shown   shown   shown   shown   shown   shown   shown     shown   shown
  Query.node                      draft               UA        hidden  hidden  hidden    hidden  shown   hidden  hidden  hidden  hidden  hidden    hidden  hidden
  Query.node                      missing             UA        hidden  hidden  hidden    hidden  hidden  hidden  hidden  hidden  hidden  hidden    hidden  hidden
  Query.node                      wrong-kind          UA        hidden  hidden  hidden    hidden  hidden  hidden  hidden  hidden  hidden  hidden    hidden  hidden
  Query.node                      malformed           UA        hidden  hidden  hidden    hidden  hidden  hidden  hidden  hidden  hidden  hidden    hidden  hidden
  Query.nodes                     own                 -         shown   shown   -         shown   shown   shown   -       -       -       -         -       -
  Query.nodes                     foreign             UA        hidden  hidden  shown     shown   shown   hidden  shown   shown   hidden  hidden    hidden  hidden
  Query.nodes                     own-draft           -         shown   shown   -         shown   shown   shown   -       -       -       -         -       -
  Query.nodes                     foreign-draft       UA        hidden  hidden  hidden    hidden  shown   hidden  hidden  hidden  hidden  hidden    hidden  hidden
  Query.nodes                     own-decision        -         hidden  hidden  -         hidden  hidden  hidden  -       -       -       -         -       -
  Query.nodes                     foreign-decision    UA        hidden  hidden  shown     shown   shown   hidden  shown   shown   hidden  hidden    hidden  hidden
  Query.nodes                     foreign-message     UA        hidden  hidden  hidden    hidden  shown   hidden  hidden  hidden  hidden  hidden    hidden  hidden
  Query.nodes                     foreign-person      UA        hidden  hidden  hidden    hidden  shown   hidden  hidden  hidden  hidden  hidden    hidden  hidden
  Query.nodes                     foreign-certificate UA        hidden  hidden  shown     shown   shown   hidden  shown   shown   hidden  hidden    hidden  hidden
  Query.nodes                     draft               UA        hidden  hidden  hidden    hidden  shown   hidden  hidden  hidden  hidden  hidden    hidden  hidden
  Query.nodes                     missing             UA        hidden  hidden  hidden    hidden  hidden  hidden  hidden  hidden  hidden  hidden    hidden  hidden
  Query.nodes                     wrong-kind          UA        hidden  hidden  hidden    hidden  hidden  hidden  hidden  hidden  hidden  hidden    hidden  hidden
  Query.nodes                     malformed           UA        hidden  hidden  hidden    hidden  hidden  hidden  hidden  hidden  hidden  hidden    hidden  hidden
  Query.cohort                    published           shown     shown   shown   shown     shown   shown   shown   shown   shown   shown   shown     shown   shown
  Query.cohort                    draft               hidden    hidden  hidden  hidden    hidden  shown   hidden  hidden  hidden  hidden  hidden    hidden  hidden
  Query.cohort                    missing             hidden    hidden  hidden  hidden    hidden  hidden  hidden  hidden  hidden  hidden  hidden    hidden  hidden
  Query.cohort                    wrong-kind          NF        NF      NF      NF        NF      NF      NF      NF      NF      NF      NF        NF      NF
  Query.cohort                    malformed           NF        NF      NF      NF        NF      NF      NF      NF      NF      NF      NF        NF      NF
  Query.cohorts                   published           shown     shown   shown   shown     shown   shown   shown   shown   shown   shown   shown     shown   shown
  Query.cohorts                   draft               UA        FB      FB      FB        FB      shown   FB      FB      FB      FB      FB        FB      FB
  Query.messages                  -                   UA        FB      FB      FB        FB      shown   FB      FB      FB      FB      FB        FB      FB
  Query.messages                  own                 -         FB      FB      -         FB      shown   FB      -       -       -       -         -       -
  Query.messages                  foreign             UA        FB      FB      FB        FB      shown   FB      FB      FB      FB      FB        FB      FB
  Query.messages                  missing             UA        FB      FB      FB        FB      NF      FB      FB      FB      FB      FB        FB      FB
  Query.messages                  wrong-kind          UA        FB      FB      FB        FB      NF      FB      FB      FB      FB      FB        FB      FB
  Query.messages                  malformed           UA        FB      FB      FB        FB      NF      FB      FB      FB      FB      FB        FB      FB
  Query.mailKinds                 -                   UA        FB      FB      FB        FB      shown   FB      FB      FB      FB      FB        FB      FB
  Query.unreachableAddresses      -                   UA        FB      FB      FB        FB      shown   FB      FB      FB      FB      FB        FB      FB
  Query.personByEmail             own-person          -         FB      FB      FB        FB      shown   FB      -       FB      FB      FB        FB      FB
  Query.personByEmail             foreign-person      UA        FB      FB      FB        FB      shown   FB      FB      FB      FB      FB        FB      FB
  Query.personByEmail             missing             UA        FB      FB      FB        FB      hidden  FB      FB      FB      FB      FB        FB      FB
  Query.personByEmail             malformed           UA        FB      FB      FB        FB      hidden  FB      FB      FB      FB      FB        FB      FB
  Query.applicationByNumber       own                 -         shown   shown   -         shown   shown   shown   -       -       -       -         -       -
  Query.applicationByNumber       foreign             UA        hidden  hidden  shown     shown   shown   hidden  shown   shown   hidden  hidden    hidden  hidden
  Query.applicationByNumber       own-draft           -         shown   shown   -         shown   shown   shown   -       -       -       -         -       -
  Query.applicationByNumber       foreign-draft       UA        hidden  hidden  hidden    hidden  shown   hidden  hidden  hidden  hidden  hidden    hidden  hidden
  Query.applicationByNumber       missing             UA        hidden  hidden  hidden    hidden  hidden  hidden  hidden  hidden  hidden  hidden    hidden  hidden
  Query.applicationByNumber       malformed           UA        hidden  hidden  hidden    hidden  hidden  hidden  hidden  hidden  hidden  hidden    hidden  hidden
  Query.certificateVerification   own-certificate     -         shown   shown   -         shown   shown   shown   -       -       -       -         -       -
  Query.certificateVerification   foreign-certificate shown     shown   shown   shown     shown   shown   shown   FB      shown   shown   shown     shown   shown
  Query.certificateVerification   missing             hidden    hidden  hidden  hidden    hidden  hidden  hidden  FB      hidden  hidden  hidden    hidden  hidden
  Query.certificateVerification   malformed           hidden    hidden  hidden  hidden    hidden  hidden  hidden  FB      hidden  hidden  hidden    hidden  hidden
  Mutation.applicationStart       published           UA        done    done    done      done    done    done    FB      done    done    done      done    done
  Mutation.applicationStart       draft               UA        NF      NF      NF        NF      NF      NF      FB      NF      NF      NF        NF      NF
  Mutation.applicationStart       missing             UA        NF      NF      NF        NF      NF      NF      FB      NF      NF      NF        NF      NF
  Mutation.applicationStart       wrong-kind          UA        NF      NF      NF        NF      NF      NF      FB      NF      NF      NF        NF      NF
  Mutation.applicationStart       malformed           UA        NF      NF      NF        NF      NF      NF      FB      NF      NF      NF        NF      NF
  Mutation.applicationSave        own-draft           -         done    done    -         done    done    done    -       -       -       -         -       -
  Mutation.applicationSave        foreign-draft       UA        NF      NF      NF        NF      FB      NF      FB      NF      NF      NF        NF      NF
  Mutation.applicationSave        foreign             UA        NF      NF      FB        FB      FB      NF      FB      FB      NF      NF        NF      NF
  Mutation.applicationSave        missing             UA        NF      NF      NF        NF      NF      NF      FB      NF      NF      NF        NF      NF
  Mutation.applicationSave        wrong-kind          UA        NF      NF      NF        NF      NF      NF      FB      NF      NF      NF        NF      NF
  Mutation.applicationSave        malformed           UA        NF      NF      NF        NF      NF      NF      FB      NF      NF      NF        NF      NF
  Mutation.applicationSubmit      own-draft           -         done    done    -         done    done    done    -       -       -       -         -       -
  Mutation.applicationSubmit      foreign-draft       UA        NF      NF      NF        NF      FB      NF      FB      NF      NF      NF        NF      NF
  Mutation.applicationSubmit      foreign             UA        NF      NF      FB        FB      FB      NF      FB      FB      NF      NF        NF      NF
  Mutation.applicationSubmit      missing             UA        NF      NF      NF        NF      NF      NF      FB      NF      NF      NF        NF      NF
  Mutation.applicationSubmit      wrong-kind          UA        NF      NF      NF        NF      NF      NF      FB      NF      NF      NF        NF      NF
  Mutation.applicationSubmit      malformed           UA        NF      NF      NF        NF      NF      NF      FB      NF      NF      NF        NF      NF
  Mutation.applicationWithdraw    own                 -         done    done    -         done    done    done    -       -       -       -         -       -
  Mutation.applicationWithdraw    foreign             UA        NF      NF      FB        FB      FB      NF      FB      FB      NF      NF        NF      NF
  Mutation.applicationWithdraw    foreign-draft       UA        NF      NF      NF        NF      FB      NF      FB      NF      NF      NF        NF      NF
  Mutation.applicationWithdraw    missing             UA        NF      NF      NF        NF      NF      NF      FB      NF      NF      NF        NF      NF
  Mutation.applicationWithdraw    wrong-kind          UA        NF      NF      NF        NF      NF      NF      FB      NF      NF      NF        NF      NF
  Mutation.applicationWithdraw    malformed           UA        NF      NF      NF        NF      NF      NF      FB      NF      NF      NF        NF      NF
  Mutation.applicationReviewStart own                 -         FB      FB      -         OWN_APPLICATION OWN_APPLICATION FB      -       -       -       -         -       -
  Mutation.applicationReviewStart foreign             UA        NF      NF      done      done    done    NF      FB      done    NF      NF        NF      NF
  Mutation.applicationReviewStart foreign-draft       UA        NF      NF      NF        NF      WRONG_STATE NF      FB      NF      NF      NF        NF      NF
  Mutation.applicationReviewStart missing             UA        NF      NF      NF        NF      NF      NF      FB      NF      NF      NF        NF      NF
  Mutation.applicationReviewStart wrong-kind          UA        NF      NF      NF        NF      NF      NF      FB      NF      NF      NF        NF      NF
  Mutation.applicationReviewStart malformed           UA        NF      NF      NF        NF      NF      NF      FB      NF      NF      NF        NF      NF
  Mutation.decisionPrepare        own                 -         FB      FB      -         OWN_APPLICATION OWN_APPLICATION FB      -       -       -       -         -       -
  Mutation.decisionPrepare        foreign             UA        NF      NF      done      done    done    NF      FB      done    NF      NF        NF      NF
  Mutation.decisionPrepare        foreign-draft       UA        NF      NF      NF        NF      WRONG_STATE NF      FB      NF      NF      NF        NF      NF
  Mutation.decisionPrepare        missing             UA        NF      NF      NF        NF      NF      NF      FB      NF      NF      NF        NF      NF
  Mutation.decisionPrepare        wrong-kind          UA        NF      NF      NF        NF      NF      NF      FB      NF      NF      NF        NF      NF
  Mutation.decisionPrepare        malformed           UA        NF      NF      NF        NF      NF      NF      FB      NF      NF      NF        NF      NF
  Mutation.decisionRetract        own                 -         FB      FB      -         OWN_APPLICATION OWN_APPLICATION FB      -       -       -       -         -       -
  Mutation.decisionRetract        own-draft           -         FB      FB      -         OWN_APPLICATION OWN_APPLICATION FB      -       -       -       -         -       -
  Mutation.decisionRetract        foreign             UA        NF      NF      done      done    done    NF      FB      done    NF      NF        NF      NF
  Mutation.decisionRetract        foreign-draft       UA        NF      NF      NF        NF      NF      NF      FB      NF      NF      NF        NF      NF
  Mutation.decisionRetract        foreign-released    UA        NF      NF      WRONG_STATE WRONG_STATE WRONG_STATE NF      FB      WRONG_STATE NF      NF        NF      NF
  Mutation.decisionRetract        missing             UA        NF      NF      NF        NF      NF      NF      FB      NF      NF      NF        NF      NF
  Mutation.decisionRetract        wrong-kind          UA        NF      NF      NF        NF      NF      NF      FB      NF      NF      NF        NF      NF
  Mutation.decisionRetract        malformed           UA        NF      NF      NF        NF      NF      NF      FB      NF      NF      NF        NF      NF
  Mutation.decisionRelease        published           UA        FB      FB      done      done    done    FB      FB      done    RECUSED FB        FB      FB
  Mutation.decisionRelease        own-cohort          -         FB      FB      -         OWN_APPLICATION OWN_APPLICATION FB      -       -       -       -         -       -
  Mutation.decisionRelease        draft               UA        FB      FB      NF        NF      NOTHING_PREPARED FB      FB      NF      NF      FB        FB      FB
  Mutation.decisionRelease        missing             UA        FB      FB      NF        NF      NF      FB      FB      NF      NF      FB        FB      FB
  Mutation.decisionRelease        wrong-kind          UA        FB      FB      NF        NF      NF      FB      FB      NF      NF      FB        FB      FB
  Mutation.decisionRelease        malformed           UA        FB      FB      NF        NF      NF      FB      FB      NF      NF      FB        FB      FB
  Mutation.certificateIssue       own-released        -         FB      FB      -         FB      OWN_APPLICATION FB      -       -       -       -         -       -
  Mutation.certificateIssue       foreign-released    UA        FB      FB      FB        FB      done    FB      FB      FB      FB      FB        FB      FB
  Mutation.certificateIssue       foreign             UA        FB      FB      FB        FB      NOT_ACCEPTED FB      FB      FB      FB      FB        FB      FB
  Mutation.certificateIssue       missing             UA        FB      FB      FB        FB      NF      FB      FB      FB      FB      FB        FB      FB
  Mutation.certificateIssue       wrong-kind          UA        FB      FB      FB        FB      NF      FB      FB      FB      FB      FB        FB      FB
  Mutation.certificateIssue       malformed           UA        FB      FB      FB        FB      NF      FB      FB      FB      FB      FB        FB      FB
  Mutation.cohortCreate           -                   UA        FB      FB      FB        FB      done    FB      FB      FB      FB      FB        FB      FB
  Mutation.cohortChange           published           UA        FB      FB      FB        FB      done    FB      FB      FB      FB      FB        FB      FB
  Mutation.cohortChange           draft               UA        FB      FB      FB        FB      done    FB      FB      FB      FB      FB        FB      FB
  Mutation.cohortChange           missing             UA        FB      FB      FB        FB      NF      FB      FB      FB      FB      FB        FB      FB
  Mutation.cohortChange           wrong-kind          UA        FB      FB      FB        FB      NF      FB      FB      FB      FB      FB        FB      FB
  Mutation.cohortChange           malformed           UA        FB      FB      FB        FB      NF      FB      FB      FB      FB      FB        FB      FB
  Mutation.cohortPublish          published           UA        FB      FB      FB        FB      ALREADY_PUBLISHED FB      FB      FB      FB      FB        FB      FB
  Mutation.cohortPublish          draft               UA        FB      FB      FB        FB      done    FB      FB      FB      FB      FB        FB      FB
  Mutation.cohortPublish          missing             UA        FB      FB      FB        FB      NF      FB      FB      FB      FB      FB        FB      FB
  Mutation.cohortPublish          wrong-kind          UA        FB      FB      FB        FB      NF      FB      FB      FB      FB      FB        FB      FB
  Mutation.cohortPublish          malformed           UA        FB      FB      FB        FB      NF      FB      FB      FB      FB      FB        FB      FB
  Mutation.messageResend          own-message         -         FB      FB      -         FB      WRONG_STATE FB      -       -       -       -         -       -
  Mutation.messageResend          foreign-message     UA        FB      FB      FB        FB      WRONG_STATE FB      FB      FB      FB      FB        FB      FB
  Mutation.messageResend          failed-message      UA        FB      FB      FB        FB      done    FB      FB      FB      FB      FB        FB      FB
  Mutation.messageResend          missing             UA        FB      FB      FB        FB      NF      FB      FB      FB      FB      FB        FB      FB
  Mutation.messageResend          wrong-kind          UA        FB      FB      FB        FB      NF      FB      FB      FB      FB      FB        FB      FB
  Mutation.messageResend          malformed           UA        FB      FB      FB        FB      NF      FB      FB      FB      FB      FB        FB      FB
  Mutation.messageHold            own-message         -         FB      FB      -         FB      OWN_RECORD   FB      -       -       -       -         -       -
  Mutation.messageHold            foreign-message     UA        FB      FB      FB        FB      WRONG_STATE   FB      FB      FB      FB      FB        FB      FB
  Mutation.messageHold            failed-message      UA        FB      FB      FB        FB      WRONG_STATE   FB      FB      FB      FB      FB        FB      FB
  Mutation.messageHold            missing             UA        FB      FB      FB        FB      NF   FB      FB      FB      FB      FB        FB      FB
  Mutation.messageHold            wrong-kind          UA        FB      FB      FB        FB      NF   FB      FB      FB      FB      FB        FB      FB
  Mutation.messageHold            malformed           UA        FB      FB      FB        FB      NF   FB      FB      FB      FB      FB        FB      FB
  Mutation.messageCancel          own-message         -         FB      FB      -         FB      OWN_RECORD   FB      -       -       -       -         -       -
  Mutation.messageCancel          foreign-message     UA        FB      FB      FB        FB      WRONG_STATE   FB      FB      FB      FB      FB        FB      FB
  Mutation.messageCancel          failed-message      UA        FB      FB      FB        FB      done   FB      FB      FB      FB      FB        FB      FB
  Mutation.messageCancel          missing             UA        FB      FB      FB        FB      NF   FB      FB      FB      FB      FB        FB      FB
  Mutation.messageCancel          wrong-kind          UA        FB      FB      FB        FB      NF   FB      FB      FB      FB      FB        FB      FB
  Mutation.messageCancel          malformed           UA        FB      FB      FB        FB      NF   FB      FB      FB      FB      FB        FB      FB
  Mutation.messageEdit            own-message         -         FB      FB      -         FB      OWN_RECORD   FB      -       -       -       -         -       -
  Mutation.messageEdit            foreign-message     UA        FB      FB      FB        FB      WRONG_STATE   FB      FB      FB      FB      FB        FB      FB
  Mutation.messageEdit            failed-message      UA        FB      FB      FB        FB      WRONG_STATE   FB      FB      FB      FB      FB        FB      FB
  Mutation.messageEdit            missing             UA        FB      FB      FB        FB      NF   FB      FB      FB      FB      FB        FB      FB
  Mutation.messageEdit            wrong-kind          UA        FB      FB      FB        FB      NF   FB      FB      FB      FB      FB        FB      FB
  Mutation.messageEdit            malformed           UA        FB      FB      FB        FB      NF   FB      FB      FB      FB      FB        FB      FB
  Mutation.messagesRelease        own-message         -         FB      FB      -         FB      OWN_RECORD   FB      -       -       -       -         -       -
  Mutation.messagesRelease        foreign-message     UA        FB      FB      FB        FB      WRONG_STATE   FB      FB      FB      FB      FB        FB      FB
  Mutation.messagesRelease        failed-message      UA        FB      FB      FB        FB      WRONG_STATE   FB      FB      FB      FB      FB        FB      FB
  Mutation.messagesRelease        missing             UA        FB      FB      FB        FB      NF   FB      FB      FB      FB      FB        FB      FB
  Mutation.messagesRelease        wrong-kind          UA        FB      FB      FB        FB      NF   FB      FB      FB      FB      FB        FB      FB
  Mutation.messagesRelease        malformed           UA        FB      FB      FB        FB      NF   FB      FB      FB      FB      FB        FB      FB
  Mutation.messageCorrect         own-message         -         FB      FB      -         FB      OWN_RECORD   FB      -       -       -       -         -       -
  Mutation.messageCorrect         foreign-message     UA        FB      FB      FB        FB      done   FB      FB      FB      FB      FB        FB      FB
  Mutation.messageCorrect         failed-message      UA        FB      FB      FB        FB      WRONG_STATE   FB      FB      FB      FB      FB        FB      FB
  Mutation.messageCorrect         missing             UA        FB      FB      FB        FB      NF   FB      FB      FB      FB      FB        FB      FB
  Mutation.messageCorrect         wrong-kind          UA        FB      FB      FB        FB      NF   FB      FB      FB      FB      FB        FB      FB
  Mutation.messageCorrect         malformed           UA        FB      FB      FB        FB      NF   FB      FB      FB      FB      FB        FB      FB
  Mutation.mailKindHold           -                   UA        FB      FB      FB        FB      done   FB      FB      FB      FB      FB        FB      FB
  Mutation.mailKindFree           -                   UA        FB      FB      FB        FB      done   FB      FB      FB      FB      FB        FB      FB
  Mutation.roleGrant              own-person          -         FB      FB      FB        FB      OWN_ROLE FB      -       FB      FB      FB        FB      FB
  Mutation.roleGrant              foreign-person      UA        FB      FB      FB        FB      done    FB      FB      FB      FB      FB        FB      FB
  Mutation.roleGrant              missing             UA        FB      FB      FB        FB      NF      FB      FB      FB      FB      FB        FB      FB
  Mutation.roleGrant              wrong-kind          UA        FB      FB      FB        FB      NF      FB      FB      FB      FB      FB        FB      FB
  Mutation.roleGrant              malformed           UA        FB      FB      FB        FB      NF      FB      FB      FB      FB      FB        FB      FB
  Mutation.roleEnd                own-person          -         FB      FB      FB        FB      LAST_STAFF FB      -       FB      FB      FB        FB      FB
  Mutation.roleEnd                foreign-person      UA        FB      FB      FB        FB      done    FB      FB      FB      FB      FB        FB      FB
  Mutation.roleEnd                missing             UA        FB      FB      FB        FB      NF      FB      FB      FB      FB      FB        FB      FB
  Mutation.roleEnd                wrong-kind          UA        FB      FB      FB        FB      NF      FB      FB      FB      FB      FB        FB      FB
  Mutation.roleEnd                malformed           UA        FB      FB      FB        FB      NF      FB      FB      FB      FB      FB        FB      FB
  Mutation.viewerRename           -                   UA        done    done    done      done    done    done    FB      done    done    done      done    done
  Mutation.recusalDeclare         own                 -         FB      FB      -         OWN_APPLICATION OWN_APPLICATION FB      -       -       -       -         -       -
  Mutation.recusalDeclare         foreign             UA        NF      NF      done      done    done    NF      FB      done    NF      NF        NF      NF
  Mutation.recusalDeclare         foreign-draft       UA        NF      NF      NF        NF      done    NF      FB      NF      NF      NF        NF      NF
  Mutation.recusalDeclare         missing             UA        NF      NF      NF        NF      NF      NF      FB      NF      NF      NF        NF      NF
  Mutation.recusalDeclare         wrong-kind          UA        NF      NF      NF        NF      NF      NF      FB      NF      NF      NF        NF      NF
  Mutation.recusalDeclare         malformed           UA        NF      NF      NF        NF      NF      NF      FB      NF      NF      NF        NF      NF
  Mutation.recusalLift            own                 -         FB      FB      -         FB      NOT_RECUSED FB      -       -       -       -         -       -
  Mutation.recusalLift            foreign             UA        NF      NF      FB        FB      done    NF      FB      done    NF      NF        NF      NF
  Mutation.recusalLift            foreign-draft       UA        NF      NF      NF        NF      NOT_RECUSED NF      FB      NF      NF      NF        NF      NF
  Mutation.recusalLift            missing             UA        NF      NF      NF        NF      NF      NF      FB      NF      NF      NF        NF      NF
  Mutation.recusalLift            wrong-kind          UA        NF      NF      NF        NF      NF      NF      FB      NF      NF      NF        NF      NF
  Mutation.recusalLift            malformed           UA        NF      NF      NF        NF      NF      NF      FB      NF      NF      NF        NF      NF
  Mutation.personRename           own-person          -         FB      FB      FB        FB      done    FB      -       FB      FB      FB        FB      FB
  Mutation.personRename           foreign-person      UA        FB      FB      FB        FB      done    FB      FB      FB      FB      FB        FB      FB
  Mutation.personRename           missing             UA        FB      FB      FB        FB      NF      FB      FB      FB      FB      FB        FB      FB
  Mutation.personRename           wrong-kind          UA        FB      FB      FB        FB      NF      FB      FB      FB      FB      FB        FB      FB
  Mutation.personRename           malformed           UA        FB      FB      FB        FB      NF      FB      FB      FB      FB      FB        FB      FB
  Mutation.personMerge            own-person          -         FB      FB      FB        FB      OWN_RECORD FB      -       FB      FB      FB        FB      FB
  Mutation.personMerge            foreign-person      UA        FB      FB      FB        FB      done    FB      FB      FB      FB      FB        FB      FB
  Mutation.personMerge            missing             UA        FB      FB      FB        FB      NF      FB      FB      FB      FB      FB        FB      FB
  Mutation.personMerge            wrong-kind          UA        FB      FB      FB        FB      NF      FB      FB      FB      FB      FB        FB      FB
  Mutation.personMerge            malformed           UA        FB      FB      FB        FB      NF      FB      FB      FB      FB      FB        FB      FB
  Mutation.viewerDirectorySet     -                   UA        done    done    done      done    done    done    FB      done    done    done      done    done
  Query.directory                 -                   UA        FB      FB      FB        FB      shown   FB      FB      FB      FB      FB        FB      FB
  Query.node                      foreign-token       UA        hidden  hidden  hidden    hidden  shown   hidden  hidden  hidden  hidden  hidden    hidden  hidden
  Query.nodes                     foreign-token       UA        hidden  hidden  hidden    hidden  shown   hidden  hidden  hidden  hidden  hidden    hidden  hidden
  Query.serviceTokens             -                   UA        FB      FB      FB        FB      shown   FB      FB      FB      FB      FB        FB      FB
  Mutation.serviceTokenCreate     -                   UA        FB      FB      FB        FB      done    FB      FB      FB      FB      FB        FB      FB
  Mutation.serviceTokenRevoke     foreign-token       UA        FB      FB      FB        FB      done    FB      FB      FB      FB      FB        FB      FB
  Mutation.serviceTokenRevoke     missing             UA        FB      FB      FB        FB      NF      FB      FB      FB      FB      FB        FB      FB
  Mutation.serviceTokenRevoke     wrong-kind          UA        FB      FB      FB        FB      NF      FB      FB      FB      FB      FB        FB      FB
  Mutation.serviceTokenRevoke     malformed           UA        FB      FB      FB        FB      NF      FB      FB      FB      FB      FB        FB      FB
  Query.node                      own-resume          -         shown   shown   -         shown   shown   shown   -       -       -       -         -       -
  Query.node                      foreign-resume      UA        hidden  hidden  shown     shown   shown   hidden  shown   shown   hidden  hidden    hidden  hidden
  Query.node                      own-upload          -         shown   shown   -         shown   shown   shown   -       -       -       -         -       -
  Query.node                      foreign-upload      UA        hidden  hidden  hidden    hidden  shown   hidden  hidden  hidden  hidden  hidden    hidden  hidden
  Query.node                      own-letter          -         hidden  hidden  -         hidden  hidden  hidden  -       -       -       -         -       -
  Query.node                      foreign-letter      UA        hidden  hidden  shown     shown   shown   hidden  shown   shown   hidden  hidden    hidden  hidden
  Query.node                      own-evidence        -         shown   shown   -         shown   shown   shown   -       -       -       -         -       -
  Query.node                      foreign-evidence    UA        hidden  hidden  hidden    hidden  shown   hidden  hidden  hidden  hidden  hidden    hidden  hidden
  Query.nodes                     foreign-resume      UA        hidden  hidden  shown     shown   shown   hidden  shown   shown   hidden  hidden    hidden  hidden
  Query.nodes                     foreign-upload      UA        hidden  hidden  hidden    hidden  shown   hidden  hidden  hidden  hidden  hidden    hidden  hidden
  Query.nodes                     own-letter          -         hidden  hidden  -         hidden  hidden  hidden  -       -       -       -         -       -
  Mutation.fileUploadStart        own-draft           -         done    done    -         done    done    done    -       -       -       -         -       -
  Mutation.fileUploadStart        own                 -         WRONG_STATE WRONG_STATE -         WRONG_STATE WRONG_STATE WRONG_STATE -       -       -       -         -       -
  Mutation.fileUploadStart        foreign-draft       UA        NF      NF      NF        NF      FB      NF      FB      NF      NF      NF        NF      NF
  Mutation.fileUploadStart        foreign             UA        NF      NF      FB        FB      FB      NF      FB      FB      NF      NF        NF      NF
  Mutation.fileUploadStart        missing             UA        NF      NF      NF        NF      NF      NF      FB      NF      NF      NF        NF      NF
  Mutation.fileUploadStart        wrong-kind          UA        NF      NF      NF        NF      NF      NF      FB      NF      NF      NF        NF      NF
  Mutation.fileUploadStart        malformed           UA        NF      NF      NF        NF      NF      NF      FB      NF      NF      NF        NF      NF
  Mutation.fileAttach             own-upload          -         done    done    -         done    done    done    -       -       -       -         -       -
  Mutation.fileAttach             own-resume          -         WRONG_STATE WRONG_STATE -         WRONG_STATE WRONG_STATE WRONG_STATE -       -       -       -         -       -
  Mutation.fileAttach             own-letter          -         NF      NF      -         NF      NF      NF      -       -       -       -         -       -
  Mutation.fileAttach             foreign-resume      UA        NF      NF      FB        FB      FB      NF      FB      FB      NF      NF        NF      NF
  Mutation.fileAttach             foreign-letter      UA        NF      NF      FB        FB      FB      NF      FB      FB      NF      NF        NF      NF
  Mutation.fileAttach             foreign-upload      UA        NF      NF      NF        NF      FB      NF      FB      NF      NF      NF        NF      NF
  Mutation.fileAttach             foreign-evidence    UA        NF      NF      NF        NF      FB      NF      FB      NF      NF      NF        NF      NF
  Mutation.fileAttach             missing             UA        NF      NF      NF        NF      NF      NF      FB      NF      NF      NF        NF      NF
  Mutation.fileAttach             wrong-kind          UA        NF      NF      NF        NF      NF      NF      FB      NF      NF      NF        NF      NF
  Mutation.fileAttach             malformed           UA        NF      NF      NF        NF      NF      NF      FB      NF      NF      NF        NF      NF
  Mutation.fileRemove             own-upload          -         done    done    -         done    done    done    -       -       -       -         -       -
  Mutation.fileRemove             own-resume          -         WRONG_STATE WRONG_STATE -         WRONG_STATE WRONG_STATE WRONG_STATE -       -       -       -         -       -
  Mutation.fileRemove             own-letter          -         NF      NF      -         NF      NF      NF      -       -       -       -         -       -
  Mutation.fileRemove             foreign-resume      UA        NF      NF      FB        FB      FB      NF      FB      FB      NF      NF        NF      NF
  Mutation.fileRemove             foreign-letter      UA        NF      NF      FB        FB      FB      NF      FB      FB      NF      NF        NF      NF
  Mutation.fileRemove             foreign-upload      UA        NF      NF      NF        NF      FB      NF      FB      NF      NF      NF        NF      NF
  Mutation.fileRemove             foreign-evidence    UA        NF      NF      NF        NF      FB      NF      FB      NF      NF      NF        NF      NF
  Mutation.fileRemove             missing             UA        NF      NF      NF        NF      NF      NF      FB      NF      NF      NF        NF      NF
  Mutation.fileRemove             wrong-kind          UA        NF      NF      NF        NF      NF      NF      FB      NF      NF      NF        NF      NF
  Mutation.fileRemove             malformed           UA        NF      NF      NF        NF      NF      NF      FB      NF      NF      NF        NF      NF
  Mutation.fileDownload           own-resume          -         done    done    -         done    done    done    -       -       -       -         -       -
  Mutation.fileDownload           own-evidence        -         done    done    -         done    done    done    -       -       -       -         -       -
  Mutation.fileDownload           own-upload          -         WRONG_STATE WRONG_STATE -         WRONG_STATE WRONG_STATE WRONG_STATE -       -       -       -         -       -
  Mutation.fileDownload           own-letter          -         NF      NF      -         NF      NF      NF      -       -       -       -         -       -
  Mutation.fileDownload           foreign-resume      UA        NF      NF      done      done    done    NF      FB      done    NF      NF        NF      NF
  Mutation.fileDownload           foreign-letter      UA        NF      NF      done      done    done    NF      FB      done    NF      NF        NF      NF
  Mutation.fileDownload           foreign-upload      UA        NF      NF      NF        NF      WRONG_STATE NF      FB      NF      NF      NF        NF      NF
  Mutation.fileDownload           foreign-evidence    UA        NF      NF      NF        NF      done    NF      FB      NF      NF      NF        NF      NF
  Mutation.fileDownload           missing             UA        NF      NF      NF        NF      NF      NF      FB      NF      NF      NF        NF      NF
  Mutation.fileDownload           wrong-kind          UA        NF      NF      NF        NF      NF      NF      FB      NF      NF      NF        NF      NF
  Mutation.fileDownload           malformed           UA        NF      NF      NF        NF      NF      NF      FB      NF      NF      NF        NF      NF
  Mutation.viewerEmailAdd         -                   UA        done    done    done      done    done    done    FB      done    done    done      done    done
  Mutation.viewerEmailPrefer      -                   UA        done    done    done      done    done    done    FB      done    done    done      done    done
  Mutation.viewerEmailPrefer      foreign-person      UA        EMAIL_UNKNOWN EMAIL_UNKNOWN EMAIL_UNKNOWN EMAIL_UNKNOWN EMAIL_UNKNOWN EMAIL_UNKNOWN FB      EMAIL_UNKNOWN EMAIL_UNKNOWN EMAIL_UNKNOWN EMAIL_UNKNOWN EMAIL_UNKNOWN
  Mutation.viewerEmailRemove      -                   UA        done    done    done      done    done    done    FB      done    done    done      done    done
  Mutation.viewerEmailRemove      foreign-person      UA        EMAIL_UNKNOWN EMAIL_UNKNOWN EMAIL_UNKNOWN EMAIL_UNKNOWN EMAIL_UNKNOWN EMAIL_UNKNOWN FB      EMAIL_UNKNOWN EMAIL_UNKNOWN EMAIL_UNKNOWN EMAIL_UNKNOWN EMAIL_UNKNOWN
  Mutation.viewerEmailLabel       -                   UA        done    done    done      done    done    done    FB      done    done    done      done    done
  Mutation.viewerEmailLabel       foreign-person      UA        EMAIL_UNKNOWN EMAIL_UNKNOWN EMAIL_UNKNOWN EMAIL_UNKNOWN EMAIL_UNKNOWN EMAIL_UNKNOWN FB      EMAIL_UNKNOWN EMAIL_UNKNOWN EMAIL_UNKNOWN EMAIL_UNKNOWN EMAIL_UNKNOWN
  Mutation.emailConfirm           -                   done      done    done    done      done    done    done    FB      done    done    done      done    done
  Mutation.emailConfirm           missing             LINK_UNKNOWN LINK_UNKNOWN LINK_UNKNOWN LINK_UNKNOWN LINK_UNKNOWN LINK_UNKNOWN LINK_UNKNOWN FB      LINK_UNKNOWN LINK_UNKNOWN LINK_UNKNOWN LINK_UNKNOWN LINK_UNKNOWN
  Mutation.personEmailAdd         own-person          -         FB      FB      FB        FB      done    FB      -       FB      FB      FB        FB      FB
  Mutation.personEmailAdd         foreign-person      UA        FB      FB      FB        FB      done    FB      FB      FB      FB      FB        FB      FB
  Mutation.personEmailAdd         missing             UA        FB      FB      FB        FB      NF      FB      FB      FB      FB      FB        FB      FB
  Mutation.personEmailAdd         wrong-kind          UA        FB      FB      FB        FB      NF      FB      FB      FB      FB      FB        FB      FB
  Mutation.personEmailAdd         malformed           UA        FB      FB      FB        FB      NF      FB      FB      FB      FB      FB        FB      FB
  Query.erasures                  -                   UA        FB      FB      FB        FB      shown   FB      FB      FB      FB      FB        FB      FB
  Mutation.personErase            own-person          -         FB      FB      FB        FB      OWN_RECORD FB      -       FB      FB      FB        FB      FB
  Mutation.personErase            foreign-person      UA        FB      FB      FB        FB      done    FB      FB      FB      FB      FB        FB      FB
  Mutation.personErase            missing             UA        FB      FB      FB        FB      NF      FB      FB      FB      FB      FB        FB      FB
  Mutation.personErase            wrong-kind          UA        FB      FB      FB        FB      NF      FB      FB      FB      FB      FB        FB      FB
  Mutation.personErase            malformed           UA        FB      FB      FB        FB      NF      FB      FB      FB      FB      FB        FB      FB
  Mutation.viewerErasureRequest   -                   UA        done    done    done      done    done    done    FB      done    done    done      done    done
`);

/**
 * Every field with a rule of its own, reached on every path there is to it: `node` asks for the thing itself, `applicant`
 * and `holder` come from the application and the certificate, `list` from the cohort's list of submitted applications.
 */
export const FIELDS: readonly Row[] = rows(`
  # field and path                                          anonymous owner   other   committee member  staff   ended   service chair   recused elsewhere board   instructor
  Person.email                   viewer                     hidden    shown   shown   shown     shown   shown   shown   FB      shown   shown   shown     shown   shown
  Person.email                   node:foreign-person        UA        hidden  hidden  hidden    hidden  shown   hidden  hidden  hidden  hidden  hidden    hidden  hidden
  Person.email                   applicant:own              -         shown   shown   -         shown   shown   shown   -       -       -       -         -       -
  Person.email                   applicant:foreign          UA        hidden  hidden  FB        FB      shown   hidden  FB      FB      hidden  hidden    hidden  hidden
  Person.email                   holder:foreign-certificate UA        hidden  hidden  FB        FB      shown   hidden  FB      FB      hidden  hidden    hidden  hidden
  Person.email                   list-applicant:foreign     UA        FB      FB      FB        FB      shown   FB      FB      FB      hidden  FB        FB      FB
  Person.roles                   viewer                     hidden    shown   shown   shown     shown   shown   shown   FB      shown   shown   shown     shown   shown
  Person.roles                   node:foreign-person        UA        hidden  hidden  hidden    hidden  shown   hidden  hidden  hidden  hidden  hidden    hidden  hidden
  Person.roles                   applicant:foreign          UA        hidden  hidden  FB        FB      shown   hidden  FB      FB      hidden  hidden    hidden  hidden
  Person.roles                   list-applicant:foreign     UA        FB      FB      FB        FB      shown   FB      FB      FB      hidden  FB        FB      FB
  Person.joinedAt                viewer                     hidden    FB      FB      FB        FB      shown   FB      FB      FB      FB      FB        FB      FB
  Person.joinedAt                applicant:foreign          UA        hidden  hidden  FB        FB      shown   hidden  FB      FB      hidden  hidden    hidden  hidden
  Person.joinedAt                list-applicant:foreign     UA        FB      FB      FB        FB      shown   FB      FB      FB      hidden  FB        FB      FB
  Person.history                 viewer                     hidden    FB      FB      FB        FB      shown   FB      FB      FB      FB      FB        FB      FB
  Person.history                 applicant:foreign          UA        hidden  hidden  FB        FB      shown   hidden  FB      FB      hidden  hidden    hidden  hidden
  Person.history                 list-applicant:foreign     UA        FB      FB      FB        FB      shown   FB      FB      FB      hidden  FB        FB      FB
  Person.addresses               viewer                     hidden    shown   shown   shown     shown   shown   shown   FB      shown   shown   shown     shown   shown
  Person.addresses               node:foreign-person        UA        hidden  hidden  hidden    hidden  shown   hidden  hidden  hidden  hidden  hidden    hidden  hidden
  Person.addresses               applicant:own              -         shown   shown   -         shown   shown   shown   -       -       -       -         -       -
  Person.addresses               applicant:foreign          UA        hidden  hidden  FB        FB      shown   hidden  FB      FB      hidden  hidden    hidden  hidden
  Person.addresses               holder:foreign-certificate UA        hidden  hidden  FB        FB      shown   hidden  FB      FB      hidden  hidden    hidden  hidden
  Person.addresses               list-applicant:foreign     UA        FB      FB      FB        FB      shown   FB      FB      FB      hidden  FB        FB      FB
  Person.isListed                viewer                     hidden    shown   shown   shown     shown   shown   shown   FB      shown   shown   shown     shown   shown
  Person.isListed                node:foreign-person        UA        hidden  hidden  hidden    hidden  shown   hidden  hidden  hidden  hidden  hidden    hidden  hidden
  Person.isListed                applicant:own              -         shown   shown   -         shown   shown   shown   -       -       -       -         -       -
  Person.isListed                applicant:foreign          UA        hidden  hidden  FB        FB      shown   hidden  FB      FB      hidden  hidden    hidden  hidden
  Person.isListed                holder:foreign-certificate UA        hidden  hidden  FB        FB      shown   hidden  FB      FB      hidden  hidden    hidden  hidden
  Person.isListed                list-applicant:foreign     UA        FB      FB      FB        FB      shown   FB      FB      FB      hidden  FB        FB      FB
  Person.state                   viewer                     hidden    FB      FB      FB        FB      shown   FB      FB      FB      FB      FB        FB      FB
  Person.state                   applicant:foreign          UA        hidden  hidden  FB        FB      shown   hidden  FB      FB      hidden  hidden    hidden  hidden
  Person.state                   list-applicant:foreign     UA        FB      FB      FB        FB      shown   FB      FB      FB      hidden  FB        FB      FB
  Cohort.seatsTaken              cohort:published           UA        FB      FB      shown     hidden  hidden  FB      hidden  shown   hidden  FB        FB      FB
  Cohort.seatsTaken              cohort:draft               hidden    hidden  hidden  hidden    hidden  shown   hidden  hidden  hidden  hidden  hidden    hidden  hidden
  Cohort.seatsTaken              application-cohort:own     -         FB      FB      -         hidden  hidden  FB      -       -       -       -         -       -
  Cohort.applications            cohort:published           UA        FB      FB      shown     shown   shown   FB      shown   shown   shown   FB        FB      FB
  Cohort.applications            cohort:draft               hidden    hidden  hidden  hidden    hidden  shown   hidden  hidden  hidden  hidden  hidden    hidden  hidden
  Cohort.applications            application-cohort:own     -         FB      FB      -         shown   shown   FB      -       -       -       -         -       -
  Cohort.unsubmittedApplications cohort:published           UA        FB      FB      FB        FB      shown   FB      FB      FB      FB      FB        FB      FB
  Cohort.unsubmittedApplications cohort:draft               hidden    hidden  hidden  hidden    hidden  shown   hidden  hidden  hidden  hidden  hidden    hidden  hidden
  Cohort.unsubmittedApplications application-cohort:own     -         FB      FB      -         FB      shown   FB      -       -       -       -         -       -
  Cohort.certificates            cohort:published           UA        FB      FB      shown     shown   shown   FB      shown   shown   shown   FB        FB      FB
  Cohort.certificates            cohort:draft               hidden    hidden  hidden  hidden    hidden  shown   hidden  hidden  hidden  hidden  hidden    hidden  hidden
  Cohort.certificates            application-cohort:own     -         FB      FB      -         shown   shown   FB      -       -       -       -         -       -
  Cohort.history                 cohort:published           UA        FB      FB      shown     shown   shown   FB      shown   shown   shown   FB        FB      FB
  Cohort.history                 cohort:draft               hidden    hidden  hidden  hidden    hidden  shown   hidden  hidden  hidden  hidden  hidden    hidden  hidden
  Cohort.history                 application-cohort:own     -         FB      FB      -         shown   shown   FB      -       -       -       -         -       -
  Application.draft              node:own                   -         shown   shown   -         shown   shown   shown   -       -       -       -         -       -
  Application.draft              node:foreign               UA        hidden  hidden  FB        FB      shown   hidden  FB      FB      hidden  hidden    hidden  hidden
  Application.draft              node:own-draft             -         shown   shown   -         shown   shown   shown   -       -       -       -         -       -
  Application.draft              node:foreign-draft         UA        hidden  hidden  hidden    hidden  shown   hidden  hidden  hidden  hidden  hidden    hidden  hidden
  Application.draft              list:foreign               UA        FB      FB      FB        FB      shown   FB      FB      FB      hidden  FB        FB      FB
  Application.draft              list:own                   -         FB      FB      -         shown   shown   FB      -       -       -       -         -       -
  Application.history            node:own                   -         FB      FB      -         FB      FB      FB      -       -       -       -         -       -
  Application.history            node:foreign               UA        hidden  hidden  shown     shown   shown   hidden  shown   shown   hidden  hidden    hidden  hidden
  Application.history            node:foreign-draft         UA        hidden  hidden  hidden    hidden  shown   hidden  hidden  hidden  hidden  hidden    hidden  hidden
  Application.history            list:own                   -         FB      FB      -         FB      FB      FB      -       -       -       -         -       -
  Application.history            list:foreign               UA        FB      FB      shown     shown   shown   FB      shown   shown   hidden  FB        FB      FB
  Decision.rationale             decision:own               -         hidden  hidden  -         hidden  hidden  hidden  -       -       -       -         -       -
  Decision.rationale             decision:own-released      -         FB      FB      -         FB      FB      FB      -       -       -       -         -       -
  Decision.rationale             decision:foreign           UA        hidden  hidden  shown     shown   shown   hidden  shown   shown   hidden  hidden    hidden  hidden
  Decision.rationale             decision:foreign-released  UA        hidden  hidden  shown     shown   shown   hidden  shown   shown   hidden  hidden    hidden  hidden
  Decision.rationale             list-decision:own          -         FB      FB      -         hidden  hidden  FB      -       -       -       -         -       -
  Decision.rationale             list-decision:foreign      UA        FB      FB      shown     shown   shown   FB      shown   shown   hidden  FB        FB      FB
  Decision.vote                  decision:own               -         hidden  hidden  -         hidden  hidden  hidden  -       -       -       -         -       -
  Decision.vote                  decision:own-released      -         FB      FB      -         FB      FB      FB      -       -       -       -         -       -
  Decision.vote                  decision:foreign           UA        hidden  hidden  shown     shown   shown   hidden  shown   shown   hidden  hidden    hidden  hidden
  Decision.vote                  list-decision:own          -         FB      FB      -         hidden  hidden  FB      -       -       -       -         -       -
  Decision.vote                  list-decision:foreign      UA        FB      FB      shown     shown   shown   FB      shown   shown   hidden  FB        FB      FB
  Decision.preparedAt            decision:own               -         hidden  hidden  -         hidden  hidden  hidden  -       -       -       -         -       -
  Decision.preparedAt            decision:own-released      -         FB      FB      -         FB      FB      FB      -       -       -       -         -       -
  Decision.preparedAt            decision:foreign           UA        hidden  hidden  shown     shown   shown   hidden  shown   shown   hidden  hidden    hidden  hidden
  Decision.preparedAt            list-decision:foreign      UA        FB      FB      shown     shown   shown   FB      shown   shown   hidden  FB        FB      FB
  Decision.history               decision:own               -         hidden  hidden  -         hidden  hidden  hidden  -       -       -       -         -       -
  Decision.history               decision:own-released      -         FB      FB      -         FB      FB      FB      -       -       -       -         -       -
  Decision.history               decision:foreign           UA        hidden  hidden  shown     shown   shown   hidden  shown   shown   hidden  hidden    hidden  hidden
  Decision.history               list-decision:foreign      UA        FB      FB      shown     shown   shown   FB      shown   shown   hidden  FB        FB      FB
  Certificate.history            node:own-certificate       -         FB      FB      -         shown   shown   FB      -       -       -       -         -       -
  Certificate.history            node:foreign-certificate   UA        hidden  hidden  shown     shown   shown   hidden  shown   shown   hidden  hidden    hidden  hidden
  Application.recusals           node:own                   -         FB      FB      -         FB      FB      FB      -       -       -       -         -       -
  Application.recusals           node:foreign               UA        hidden  hidden  shown     shown   shown   hidden  shown   shown   hidden  hidden    hidden  hidden
  Application.recusals           node:foreign-draft         UA        hidden  hidden  hidden    hidden  shown   hidden  hidden  hidden  hidden  hidden    hidden  hidden
  Application.recusals           list:own                   -         FB      FB      -         FB      FB      FB      -       -       -       -         -       -
  Application.recusals           list:foreign               UA        FB      FB      shown     shown   shown   FB      shown   shown   hidden  FB        FB      FB
  Message.history                node:own-message           -         FB      FB      -         FB      shown   FB      -       -       -       -         -       -
  Message.history                node:foreign-message       UA        hidden  hidden  hidden    hidden  shown   hidden  hidden  hidden  hidden  hidden    hidden  hidden
  Message.fix                    node:own-message          -         FB      FB      -         FB      hidden   FB      -       -       -       -         -       -
  Message.fix                    node:foreign-message      UA        hidden  hidden  hidden    hidden  hidden   hidden  hidden  hidden  hidden  hidden    hidden  hidden
  Message.preview                node:own-message          -         FB      FB      -         FB      hidden   FB      -       -       -       -         -       -
  Message.preview                node:foreign-message      UA        hidden  hidden  hidden    hidden  hidden   hidden  hidden  hidden  hidden  hidden    hidden  hidden
  MailKind.history               kinds                     UA        FB      FB      FB        FB      shown   FB      FB      FB      FB      FB        FB      FB
  ServiceToken.history           node:foreign-token         UA        hidden  hidden  hidden    hidden  shown   hidden  hidden  hidden  hidden  hidden    hidden  hidden
  File.history                   node:own-resume            -         FB      FB      -         FB      FB      FB      -       -       -       -         -       -
  File.history                   node:foreign-resume        UA        hidden  hidden  FB        FB      shown   hidden  FB      FB      hidden  hidden    hidden  hidden
  File.history                   node:foreign-letter        UA        hidden  hidden  FB        FB      shown   hidden  FB      FB      hidden  hidden    hidden  hidden
  File.history                   node:foreign-evidence      UA        hidden  hidden  hidden    hidden  shown   hidden  hidden  hidden  hidden  hidden    hidden  hidden
  File.history                   resume:own                 -         FB      FB      -         FB      FB      FB      -       -       -       -         -       -
  File.history                   resume:foreign             UA        hidden  hidden  FB        FB      shown   hidden  FB      FB      hidden  hidden    hidden  hidden
  File.history                   list-resume:own            -         FB      FB      -         FB      FB      FB      -       -       -       -         -       -
  File.history                   list-resume:foreign        UA        FB      FB      FB        FB      shown   FB      FB      FB      hidden  FB        FB      FB
`);

function rows(text: string): Row[] {
  const lines = text.split("\n").filter((line) => line.trim() !== "" && !line.trim().startsWith("#"));
  return lines.map((line) => {
    const [subject = "", target = "", ...words] = line.trim().split(/\s+/);
    if (words.length !== VIEWERS.length) throw new Error(`Not one verdict for each viewer: ${line.trim()}`);
    const verdicts = VIEWERS.map((viewer, column) => [viewer, SHORT[words[column]!] ?? words[column]!] as const);
    return { subject, target, verdicts: Object.fromEntries(verdicts) as Row["verdicts"] };
  });
}
