/** What stands between how often something has failed and what it failed with. */
const WITH = ', the last time with: ';

/** A sentence on something that fails again and again, with what it last failed with. */
export function quoteFailure(sentence: string, failure: string | null): string {
  return failure === null ? sentence : `${sentence}${WITH}${failure}`;
}

/** The same sentence with something else in place of the failure, and of whatever comes after it. */
export function withoutFailure(sentence: string, instead: string): string {
  const at = sentence.indexOf(WITH);
  return at === -1 ? sentence : `${sentence.slice(0, at)}${WITH}${instead}`;
}
