/** How long after Temporal refused a poll more are tried again, and how many more, in shares of what there are. */
const GROW_AFTER_MS = 60_000;
const GROWTH = 0.1;

/**
 * How many long polls there may be: the cap, or as many as Temporal last admitted where that is fewer
 * (`frontend.namespaceCount`, which other clients of the namespace use up too). Grows back a tenth a minute.
 */
export function createPollLimit(cap: number, now: () => number = () => performance.now()) {
  let limit = cap;
  let changedAt = now();

  return {
    current(): number {
      if (limit < cap && now() - changedAt >= GROW_AFTER_MS) {
        limit = Math.min(cap, limit + Math.max(1, Math.floor(limit * GROWTH)));
        changedAt = now();
      }
      return limit;
    },
    /** Temporal refused a poll while it held `admitted` others. Answers whether the limit sank below the cap by it. */
    refused(admitted: number): boolean {
      const wasWhole = limit === cap;
      limit = Math.max(1, Math.min(limit, admitted));
      changedAt = now();
      return wasWhole && limit < cap;
    },
  };
}
