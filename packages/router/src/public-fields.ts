import { publicText } from './public-text.ts';

/** Most fields of one answer, problems of a field, and characters of each: a caller names as many as a request holds. */
const MOST = { fields: 50, problems: 5, pathLength: 200, problemLength: 500 } as const;

/** What is wrong with which field, within bounds: a path has keys of the caller in it. */
export function publicFields(fields: Record<string, string[]> | null): Record<string, string[]> | null {
  if (fields === null) return null;
  const told = Object.entries(fields)
    .slice(0, MOST.fields)
    .map(([path, problems]) => [
      publicText(path, MOST.pathLength),
      problems.slice(0, MOST.problems).map((problem) => publicText(problem, MOST.problemLength)),
    ]);
  return Object.fromEntries(told);
}
