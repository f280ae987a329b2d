import { assert, jsonValue, property } from "fast-check";
import { describe, expect, test } from "vitest";
import { provideInformation } from "../../schema/application/amendment.ts";
import { changeCohort } from "../../schema/cohort/cohort.ts";
import { changePolicy } from "../../schema/cohort/policy-change.ts";
import { provideNomination } from "../../schema/nomination/answer.ts";
import { hashOf } from "../../schema/shared/command.ts";
import { isSame } from "../../schema/shared/same.ts";
import { application, cohort, decided, DRAFT, nomination, NOW, REQUEST, summaryOf } from "./records.ts";

/** The same value with its fields the other way round, as a table may give it back. */
function turned<Value>(value: Value): Value {
  if (Array.isArray(value)) return value.map(turned) as Value;
  if (value === null || typeof value !== "object") return value;
  const fields = Object.entries(value).toReversed();
  return Object.fromEntries(fields.map(([name, part]) => [name, turned(part)])) as Value;
}

describe("whether two values say the same", () => {
  test("does not hang on the order of fields, but on that of entries, and on what is there", () => {
    expect(isSame({ a: 1, b: [1, { c: null, d: "x" }] }, { b: [1, { d: "x", c: null }], a: 1 })).toBe(true);
    expect(isSame({ a: 1, b: undefined }, { a: 1 })).toBe(true);
    expect(isSame([1, 2], [2, 1])).toBe(false);
    expect(isSame({ a: 1, b: null }, { a: 1 })).toBe(false);
    expect(isSame({ a: "1" }, { a: 1 })).toBe(false);
    expect(isSame(undefined, {})).toBe(false);
  });

  test("holds for anything turned round, and for nothing that reads otherwise", () => {
    assert(
      property(jsonValue(), jsonValue(), (one, other) => {
        expect(isSame(one, turned(one))).toBe(true);
        expect(isSame(one, other)).toBe(hashOf(one) === hashOf(other));
      }),
      { seed: 2026 },
    );
  });
});

describe("a record whose fields come back in another order", () => {
  test("is no other cohort, and has no other policy", () => {
    const changed = decided(changeCohort(turned(cohort()), { seats: 25 }, 3));
    expect(changed.events).toMatchObject([{ before: { seats: 20 }, after: { seats: 25 } }]);
    expect(Object.keys(changed.events[0]!.after!)).toEqual(["seats"]);
    const policy = decided(changePolicy(turned(cohort()), { offer: { days: 10 }, letters: { toleranceDays: 7 } }, 3));
    expect(Object.keys(policy.events[0]!.after!)).toEqual(["offer"]);
  });

  test("is the organization that was submitted", () => {
    const information = { ...REQUEST, parts: ["ORGANIZATION", "JOB_TITLE"], questionIds: [] } as const;
    const draft = { ...DRAFT, organization: turned(DRAFT.organization), jobTitle: "Director" };
    const of = application("UNDER_REVIEW", { information, draft });
    const { events } = decided(provideInformation(of, { cohort: cohort(), now: NOW }));
    expect(events[0]!.facts).toMatchObject({ fields: ["jobTitle"] });
  });

  test("is the letter that was handed in already", () => {
    const letter = nomination("PROVIDED");
    const asked = {
      nomination: turned(letter),
      application: application("SUBMITTED", { letters: [summaryOf(letter)] }),
    };
    const link = {
      id: "lnk_1",
      version: 1,
      purpose: "NOMINATION" as const,
      about: { kind: "Application" as const, id: "app_1-c-owner" },
      to: "pat.super@example.org",
      facts: { nominationId: letter.id },
      issuedAt: NOW,
      expiresAt: "2027-09-01T16:00:00.000Z",
      hashes: [],
      uses: 0,
      mostUses: 500,
      revokedAt: null,
    };
    const found = { link, isHeld: true, asked: { ...asked, cohort: cohort() } };
    const again = { text: letter.text, name: "Pat Super", position: "Superintendent" };
    expect(decided(provideNomination(found, again, NOW)).events).toEqual([]);
  });
});
