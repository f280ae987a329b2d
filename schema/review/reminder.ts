import { isRecusedFrom, type Application } from "../application/application.ts";
import { type Person, type Viewer } from "../person/person.ts";
import { isCommittee } from "../person/role.ts";
import type { Decision } from "../shared/decision.ts";
import type { Instant } from "../shared/time.ts";
import { isUnderReview, type Review, type ReviewEvent } from "./review.ts";
import { reviewerOf } from "./reviewer.ts";

/** Reviews that are changed at once; a transaction takes a hundred writes. */
const AT_ONCE = 90;

/** Whether the person still has to finish the review: it is theirs, it is not in, and its application waits for it. */
export function isOutstanding(
  { review, application }: { review: Review; application: Application },
  { person, now }: Viewer,
): boolean {
  if (review.state !== "ASSIGNED" && review.state !== "CLEARED") return false;
  const member: Viewer = { person, now };
  const isTheirs = reviewerOf(application, member)?.personId === review.personId;
  return (
    isTheirs &&
    isUnderReview(application) &&
    isCommittee(member, application.cohortId) &&
    !isRecusedFrom(member, application.id)
  );
}

/**
 * Tells a reviewer what was assigned to them, or reminds them of what is left: in one mail, however many reviews it is about.
 * The mail lists what is outstanding when it is sent. Reviews that wait for nobody any more fall silent.
 */
export function tellReviewer(
  person: Person,
  work: readonly { review: Review; application: Application }[],
  now: Instant,
): Decision<readonly Review[], never, ReviewEvent> {
  const open = work.filter((one) => isOutstanding(one, { person, now })).map(({ review }) => review);
  const isWanted = (review: Review) => open.includes(review);
  const untold = open.filter(({ toldAt }) => toldAt === null);
  const reminded = open.filter(({ reminders }) => reminders.some((at) => at <= now));
  const changed = work.flatMap(({ review }): Review[] => {
    if (review.state !== "ASSIGNED" && review.state !== "CLEARED") return [];
    const reminders = isWanted(review) ? review.reminders.filter((at) => at > now) : [];
    const isSame = review.toldAt !== null && reminders.length === review.reminders.length;
    return isSame ? [] : [{ ...review, toldAt: review.toldAt ?? now, reminders }];
  });
  const about = { kind: "Person", id: person.id } as const;
  const facts = { count: open.length };
  const events: ReviewEvent[] =
    untold.length > 0
      ? [{ type: "ReviewsAssigned", about, facts }]
      : reminded.length > 0
        ? [{ type: "ReviewsDue", about, facts }]
        : [];
  return { outcome: changed.slice(0, AT_ONCE), events };
}
