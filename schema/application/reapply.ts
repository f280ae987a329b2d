import type { Question } from "../cohort/policy.ts";
import { wasSubmitted, type Application, type ApplicationKind, type Draft } from "./application.ts";

/**
 * A draft whose empty pieces are filled from an earlier application: organization, job title, and the answers to questions that
 * are asked again and still fit. A question is the same by its id among those of its kind, so of an application of the other kind
 * no answer is taken. The résumé is a file of that application, kept and removed with it, so it is handed in anew; letters and
 * scores were given for that year. What was submitted goes before what was drafted.
 */
export function copiedDraft(
  onto: Draft,
  source: Application,
  { kind, questions }: { kind: ApplicationKind; questions: readonly Question[] },
): { draft: Draft; fields: string[] } {
  const from = wasSubmitted(source) ? source.submission : source.draft;
  const given = new Map(
    wasSubmitted(source)
      ? source.submission.answers.map(({ questionId, text }) => [questionId, text] as const)
      : Object.entries(source.draft.answers),
  );
  const organization = onto.organization === null ? from.organization : null;
  const jobTitle = onto.jobTitle === null ? from.jobTitle : null;
  const answers = questions.flatMap(({ id, maxLength }): [string, string][] => {
    const text = given.get(id);
    const isWanted = source.kind === kind && onto.answers[id] === undefined;
    return isWanted && text !== undefined && text.length <= maxLength ? [[id, text]] : [];
  });
  return {
    draft: {
      ...onto,
      organization: onto.organization ?? organization,
      jobTitle: onto.jobTitle ?? jobTitle,
      answers: { ...onto.answers, ...Object.fromEntries(answers) },
    },
    fields: [
      ...(organization === null ? [] : ["organization"]),
      ...(jobTitle === null ? [] : ["jobTitle"]),
      ...answers.map(([id]) => id),
    ],
  };
}
