/** Who noticed. */
export const SOURCES = {
  watch: 'the long poll',
  feed: 'the closure feed',
  reconciler: 'the regular check',
  report: 'a report by your worker',
  service: 'the API',
  user: 'a person',
};
