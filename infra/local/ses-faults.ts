import { seededRandom } from "./random.ts";

/** What can go wrong on request at the mail endpoint, the first in this order that fires. */
export type SesFault =
  /** Refused: too many at once. */
  | "throttle"
  /** Refused for good. */
  | "reject"
  /** Refused: the service's own error. */
  | "serverError"
  /** Not kept, and no answer comes. */
  | "hang"
  /** Kept, then the connection breaks before the answer. */
  | "acceptThenDrop"
  /** Kept, then no answer comes. */
  | "acceptThenHang"
  /** An event is never reported. */
  | "loseEvent"
  /** An event is reported twice. */
  | "duplicateEvent";

/** How often: the next `times` occasions, and of all others the share between 0 and 1. */
export interface SesFaultRule {
  times?: number;
  share?: number;
}

/** Switches for tests, settable while the endpoint runs. */
export interface SesFaults {
  set(fault: SesFault, rule: SesFaultRule): void;
  /** Everything works again. */
  clear(): void;
  /** Whether the fault strikes now; counts the occasion. */
  fires(fault: SesFault): boolean;
}

/** Faults whose shares repeat with the same seed. */
export function sesFaults(seed: number): SesFaults {
  const rules = new Map<SesFault, { times: number; share: number }>();
  const random = seededRandom(seed);
  return {
    set: (fault, rule) => void rules.set(fault, { times: rule.times ?? 0, share: rule.share ?? 0 }),
    clear: () => rules.clear(),
    fires: (fault) => {
      const rule = rules.get(fault);
      if (rule === undefined) return false;
      if (rule.times > 0) {
        rule.times--;
        return true;
      }
      return rule.share > 0 && random() < rule.share;
    },
  };
}
