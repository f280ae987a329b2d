import { refusal, textRefusals, type Decision, type Refusal, type TextCode } from "../shared/decision.ts";
import { conflict, rangeRefusals, type Cohort, type CohortEvent } from "./cohort.ts";
import { idRefusals, retire, type IdCode } from "./lasting-id.ts";
import type { ApplicantKind, Question } from "./policy.ts";

/** Most questions of one kind of applicant. */
export const MOST_QUESTIONS = 40;

/** Longest that all answers of one application may be together: it keeps them twice, as draft and as submission. */
export const MOST_CHARACTERS = 60_000;

/** Why a list of questions is not accepted. */
export type QuestionsCode = TextCode | IdCode | "OUT_OF_RANGE" | "CONFLICT";

/**
 * Puts another list of questions in place of a kind's, in the order given. What was submitted keeps its prompts, and what a draft
 * answered to a question that is taken out stays with its writer. An id that was taken out comes back with its own prompt only.
 */
export function changeQuestions(
  cohort: Cohort,
  { kind, questions }: { kind: ApplicantKind; questions: readonly Question[] },
  expectedVersion: number,
): Decision<Cohort, QuestionsCode, CohortEvent> {
  if (expectedVersion !== cohort.version) return { refusals: [conflict] };
  const retired = cohort.retired.questions[kind];
  const fresh = questions.map((question) => ({ ...question, prompt: question.prompt.trim() }));
  const refusals = questionRefusals(fresh, retired);
  if (refusals.length > 0) return { refusals };
  const before = cohort.questions[kind];
  const next: Cohort = {
    ...cohort,
    questions: { ...cohort.questions, [kind]: fresh },
    retired: {
      ...cohort.retired,
      questions: { ...cohort.retired.questions, [kind]: retire(retired, before, fresh) },
    },
  };
  const event: CohortEvent = {
    type: "CohortQuestionsChanged",
    about: { kind: "Cohort", id: cohort.id },
    facts: { kind },
    before: { questions: before },
    after: { questions: fresh },
  };
  return { outcome: next, events: [event] };
}

function questionRefusals(questions: readonly Question[], retired: readonly Question[]): Refusal<QuestionsCode>[] {
  // So that an endless list is not answered with an endless list of faults.
  if (questions.length > MOST_QUESTIONS) {
    const message = `There are ${questions.length} questions: please ask at most ${MOST_QUESTIONS}.`;
    return [refusal("OUT_OF_RANGE", message, "questions")];
  }
  const characters = questions.reduce((sum, { maxLength }) => sum + maxLength, 0);
  const isOtherThanBefore = ({ id, prompt }: Question) =>
    retired.some((question) => question.id === id && question.prompt !== prompt);
  const wrong = [
    ...idRefusals(questions, isOtherThanBefore, "questions"),
    ...questions.flatMap(({ prompt, maxLength }, index): Refusal<QuestionsCode>[] => [
      ...textRefusals(prompt, { max: 1_000, label: "The question" }, "questions", String(index), "prompt"),
      ...rangeRefusals("The longest answer", maxLength, 1, 10_000, "questions", String(index), "maxLength"),
    ]),
  ];
  if (wrong.length > 0 || characters <= MOST_CHARACTERS) return wrong;
  const message = `All answers together could have ${characters} characters: please keep it to ${MOST_CHARACTERS}.`;
  return [refusal("OUT_OF_RANGE", message, "questions")];
}
