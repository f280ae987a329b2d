import type { NodeKind } from "../../schema/shared/id.ts";

/** The paths that lead to a guarded field, by the first word of the table's target. */
export const PATHS: Record<
  string,
  { kind: NodeKind; around: (field: string, type: string) => string; path: (string | number)[] }
> = {
  viewer: { kind: "Person", around: (field) => `viewer { person { ${field} } }`, path: ["viewer", "person"] },
  node: {
    kind: "Application",
    around: (field, type) => `node(id: $id) { ... on ${type} { ${field} } }`,
    path: ["node"],
  },
  cohort: { kind: "Cohort", around: (field) => `cohort(id: $id) { ${field} }`, path: ["cohort"] },
  "cohort-window": throughCohort("candidateWindow"),
  "cohort-policy": throughCohort("policy"),
  "cohort-criteria": throughCohort("candidateCriteria", 0),
  applicant: throughApplication("applicant"),
  decision: throughApplication("decision"),
  resume: throughApplication("resume"),
  offer: throughApplication("offer"),
  "application-cohort": throughApplication("cohort"),
  holder: {
    kind: "Certificate",
    around: (field) => `node(id: $id) { ... on Certificate { holder { ${field} } } }`,
    path: ["node", "holder"],
  },
  confirmation: throughApplication("confirmation"),
  "board-mentor": {
    kind: "Cohort",
    around: (field) => `cohort(id: $id) { matchBoard { mentors { ${field} } } }`,
    path: ["cohort", "matchBoard", "mentors", "0"],
  },
  kinds: { kind: "Message", around: (field) => `mailKinds { ${field} }`, path: ["mailKinds", "#"] },
  list: throughList([]),
  "list-applicant": throughList(["applicant"]),
  "list-decision": throughList(["decision"]),
  "list-resume": throughList(["resume"]),
  nominations: firstOf(throughApplication("nominations")),
  "list-nominations": firstOf(throughList(["nominations"])),
};

function throughCohort(link: string, ...place: number[]) {
  return {
    kind: "Cohort" as const,
    around: (field: string) => `cohort(id: $id) { ${link} { ${field} } }`,
    path: ["cohort", link, ...place],
  };
}

function throughApplication(link: string) {
  return {
    kind: "Application" as const,
    around: (field: string) => `node(id: $id) { ... on Application { ${link} { ${field} } } }`,
    path: ["node", link],
  };
}

function firstOf(found: (typeof PATHS)[string]) {
  return { ...found, path: [...found.path, 0] };
}

function throughList(links: string[]) {
  const around = (field: string) => links.reduceRight((inner, link) => `${link} { ${inner} }`, field);
  return {
    kind: "Application" as const,
    around: (field: string) => `cohort(id: $cohort) { applications(first: 100) { nodes { id ${around(field)} } } }`,
    path: ["cohort", "applications", "nodes", "#", ...links],
  };
}
