import { describe, expect, test } from "vitest";
import { changeCriteria } from "../../schema/cohort/criterion.ts";
import { changePolicy, type PolicyEdit } from "../../schema/cohort/policy-change.ts";
import { DEFAULT_POLICY, type Criterion, type Question } from "../../schema/cohort/policy.ts";
import { changeQuestions } from "../../schema/cohort/question.ts";
import { cohort, decided, faults, refused } from "./records.ts";

const ask = (id: string, more: Partial<Question> = {}): Question => ({
  id,
  prompt: `What about ${id}?`,
  required: true,
  maxLength: 100,
  ...more,
});

const measure = (id: string, more: Partial<Criterion> = {}): Criterion => ({
  id,
  name: `The ${id}`,
  kind: "SCORED",
  weight: 1,
  ...more,
});

describe("questions", () => {
  const first = decided(changeQuestions(cohort(), { kind: "MENTOR", questions: [ask("one"), ask("two")] }, 3)).outcome;
  const change = (questions: readonly Question[], from = first) =>
    changeQuestions(from, { kind: "MENTOR", questions }, 3);

  test("the whole list is put in place, in its order, and the other kind's stays", () => {
    const questions = [ask("two", { prompt: " Two? " }), ask("three")];
    const { outcome, events } = decided(change(questions));
    const fresh = [ask("two", { prompt: "Two?" }), ask("three")];
    expect(outcome.questions).toEqual({ ...first.questions, MENTOR: fresh });
    expect(outcome.retired.questions.CANDIDATE).toEqual([]);
    expect(events).toEqual([
      {
        type: "CohortQuestionsChanged",
        about: { kind: "Cohort", id: "coh_1" },
        facts: { kind: "MENTOR" },
        before: { questions: [ask("one"), ask("two")] },
        after: { questions: fresh },
      },
    ]);
  });

  test("what is taken out is retired as it was, and comes back with its own prompt only", () => {
    const without = decided(change([ask("two")])).outcome;
    const retired = without.retired.questions.MENTOR.map(({ id }) => id);
    expect(retired).toEqual(["position", "experience", "background", "availability", "workStudy", "one"]);
    expect(refused(change([ask("two"), ask("one", { prompt: "Another?" })], without))).toEqual([
      {
        code: "ID_USED",
        field: ["questions", "1", "id"],
        message: "The id one stood for something else, which earlier records refer to: please choose a new one.",
      },
    ]);
    const back = decided(change([ask("two"), ask("one", { required: false, maxLength: 9 })], without)).outcome;
    expect(back.retired.questions.MENTOR.map(({ id }) => id)).toEqual(retired.slice(0, 5));
    // The prompt of a question that is asked may be mended.
    expect(faults(change([ask("one", { prompt: "Mended?" })]))).toEqual([]);
  });

  test("ids are words of letters and digits, each once, and none that every object has", () => {
    for (const id of ["a", "A1", "x".repeat(40)]) expect(faults(change([ask(id)])), id).toEqual([]);
    for (const id of ["", "1a", "a-b", "a b", "x".repeat(41), "é", "__proto__", "constructor", "toString"]) {
      expect(faults(change([ask(id)])), id).toEqual(["BAD_ID questions.0.id"]);
    }
    expect(faults(change([ask("a"), ask("b"), ask("a")]))).toEqual(["ID_TWICE questions.2.id"]);
  });

  test("limits hold for each question, for their number, and for all answers together", () => {
    for (const maxLength of [1, 10_000]) expect(faults(change([ask("a", { maxLength })]))).toEqual([]);
    for (const maxLength of [0, 10_001, 1.5, Number.NaN]) {
      expect(faults(change([ask("a", { maxLength })]))).toEqual(["OUT_OF_RANGE questions.0.maxLength"]);
    }
    expect(faults(change([ask("a", { prompt: "x".repeat(1_000) })]))).toEqual([]);
    expect(faults(change([ask("a", { prompt: "x".repeat(1_001) })]))).toEqual(["TOO_LONG questions.0.prompt"]);
    const many = (count: number, maxLength: number) =>
      Array.from({ length: count }, (_, index) => ask(`q${index}`, { maxLength }));
    expect(faults(change(many(40, 1_500)))).toEqual([]);
    expect(faults(change(many(40, 1_501)))).toEqual(["OUT_OF_RANGE questions"]);
    expect(faults(change(many(41, 1)))).toEqual(["OUT_OF_RANGE questions"]);
    expect(faults(change([]))).toEqual([]);
  });

  test("another version than the stored one is refused first", () => {
    expect(faults(changeQuestions(first, { kind: "MENTOR", questions: [ask("")] }, 4))).toEqual([
      "CONFLICT expectedVersion",
    ]);
  });
});

describe("criteria", () => {
  const change = (criteria: readonly Criterion[], from = cohort()) =>
    changeCriteria(from, { kind: "MENTOR", criteria }, 3);

  test("a published criterion stays of its kind, one in a draft need not", () => {
    const soft = measure("years", { name: "Ten years of experience", kind: "GATE", weight: 0 });
    expect(faults(change([soft]))).toEqual(["ID_USED criteria.0.id"]);
    expect(faults(change([soft], cohort({ state: "DRAFT" })))).toEqual([]);
    expect(faults(change([measure("experience", { name: "Renamed", weight: 100 })]))).toEqual([]);
  });

  test("what is taken out comes back with its name and kind only", () => {
    const without = decided(change([])).outcome;
    expect(without.retired.criteria.MENTOR).toEqual(DEFAULT_POLICY.criteria.MENTOR);
    const gate = measure("position", { name: "Currently leads K-12 technology", kind: "GATE", weight: 0 });
    expect(faults(change([{ ...gate, name: "Leads" }], without))).toEqual(["ID_USED criteria.0.id"]);
    expect(faults(change([{ ...gate, kind: "SOFT" }], without))).toEqual(["ID_USED criteria.0.id"]);
    const { outcome } = decided(change([gate], without));
    expect(outcome.policy.criteria.MENTOR).toEqual([gate]);
    expect(outcome.policy.criteria.CANDIDATE).toBe(DEFAULT_POLICY.criteria.CANDIDATE);
    expect(outcome.retired.criteria.MENTOR).toHaveLength(5);
  });

  test("a scored one weighs 1 to 100, the others nothing", () => {
    for (const weight of [1, 100]) expect(faults(change([measure("a", { weight })]))).toEqual([]);
    for (const weight of [0, 101, 1.5]) {
      expect(faults(change([measure("a", { weight })]))).toEqual(["OUT_OF_RANGE criteria.0.weight"]);
    }
    for (const kind of ["GATE", "SOFT"] as const) {
      expect(faults(change([measure("a", { kind, weight: 0 })]))).toEqual([]);
      expect(faults(change([measure("a", { kind, weight: 1 })]))).toEqual(["OUT_OF_RANGE criteria.0.weight"]);
    }
    expect(faults(change(Array.from({ length: 41 }, (_, index) => measure(`c${index}`))))).toEqual([
      "OUT_OF_RANGE criteria",
    ]);
  });
});

describe("policy", () => {
  const change = (edit: PolicyEdit, version = 3) => changePolicy(cohort(), edit, version);

  test("of each section only what is given changes, and only sections that changed are told", () => {
    const { outcome, events } = decided(
      change({ letters: { required: { MENTOR: 1 } }, offer: { days: 14, reminderDays: [2, 7, 2] }, team: {} }),
    );
    const before = cohort().policy.letters;
    const letters = { ...before, required: { ...before.required, MENTOR: 1 } };
    expect(outcome).toEqual({ ...cohort(), policy: { ...DEFAULT_POLICY, letters } });
    expect(events).toEqual([
      {
        type: "CohortPolicyChanged",
        about: { kind: "Cohort", id: "coh_1" },
        facts: {},
        before: { letters: before },
        after: { letters },
      },
    ]);
    expect(faults(change({ offer: { days: 0 } }, 2))).toEqual(["CONFLICT expectedVersion"]);
  });

  const numbers: readonly [field: string, least: number, most: number, edit: (value: number) => PolicyEdit][] = [
    ["letters.candidates", 0, 5, (CANDIDATE) => ({ letters: { required: { CANDIDATE } } })],
    ["letters.mentors", 0, 5, (MENTOR) => ({ letters: { required: { MENTOR } } })],
    ["letters.toleranceDays", 0, 60, (toleranceDays) => ({ letters: { toleranceDays } })],
    ["review.perApplication", 1, 10, (perApplication) => ({ review: { perApplication } })],
    ["review.days", 1, 120, (days) => ({ review: { days, reminderDays: [] } })],
    ["offer.days", 1, 90, (days) => ({ offer: { days, reminderDays: [] } })],
    ["team.mentorCapacity", 1, 10, (mentorCapacity) => ({ team: { mentorCapacity } })],
    ["team.days", 1, 60, (days) => ({ team: { days } })],
  ];
  test.each(numbers)("%s is a whole number from %i to %i", (field, least, most, edit) => {
    for (const value of [least, most]) expect(faults(change(edit(value))), String(value)).toEqual([]);
    for (const value of [least - 1, most + 1, least + 0.5, Number.NaN]) {
      expect(faults(change(edit(value))), String(value)).toEqual([`OUT_OF_RANGE ${field}`]);
    }
  });

  test("a spread and a quorum are shares that can be exceeded", () => {
    for (const discussAbove of [0, 0.5, 3.99]) expect(faults(change({ review: { discussAbove } }))).toEqual([]);
    for (const discussAbove of [-0.1, 4, Number.NaN]) {
      expect(faults(change({ review: { discussAbove } }))).toEqual(["OUT_OF_RANGE review.discussAbove"]);
    }
    for (const quorumAbove of [0, 0.99]) expect(faults(change({ vote: { quorumAbove } }))).toEqual([]);
    for (const quorumAbove of [-1, 1, Number.NaN]) {
      expect(faults(change({ vote: { quorumAbove } }))).toEqual(["OUT_OF_RANGE vote.quorumAbove"]);
    }
  });

  test("reminders go out between the beginning and the end, at most ten", () => {
    const remind = (...reminderDays: number[]) => faults(change({ offer: { days: 14, reminderDays } }));
    expect([remind(), remind(1, 13)]).toEqual([[], []]);
    for (const day of [0, 14, 1.5]) expect(remind(day)).toEqual(["OUT_OF_RANGE offer.reminderDays"]);
    expect(remind(...Array.from({ length: 11 }, (_, index) => index + 1))).toEqual(["OUT_OF_RANGE offer.reminderDays"]);
    // Reminders that stay have to fit the new days.
    expect(faults(change({ offer: { days: 7 } }))).toEqual(["OUT_OF_RANGE offer.reminderDays"]);
    expect(refused(change({ offer: { days: 1 } }))[0]?.message).toBe(
      "There is no whole day between the beginning and the end to remind anybody on: please leave reminders out.",
    );
  });

  test("an offer lapses at a time of day, and one to twenty regions take turns", () => {
    for (const lapsesAt of ["00:00", "23:59"]) expect(faults(change({ offer: { lapsesAt } }))).toEqual([]);
    for (const lapsesAt of ["24:00", "7:00", "17:60", "17:00:00", "", "noon"]) {
      expect(faults(change({ offer: { lapsesAt } }))).toEqual(["BAD_TIME offer.lapsesAt"]);
    }
    expect(decided(change({ regions: [" North ", "South"] })).outcome.policy.regions).toEqual(["North", "South"]);
    for (const regions of [[], Array.from({ length: 21 }, () => "North")]) {
      expect(faults(change({ regions }))).toEqual(["OUT_OF_RANGE regions"]);
    }
    expect(faults(change({ regions: ["North", "x".repeat(81)] }))).toEqual(["TOO_LONG regions.1"]);
  });
});
