import { formatDuration } from '@runledger/contracts/format-duration';

export interface ListWords {
  /** Names a table for whoever cannot see it. */
  caption: string;
  columnStatus: string;
  /** With the reasons, for the team. */
  columnWhy: string;
  /** Without, for users. */
  columnWorkflow: string;
  columnStarted: string;
  columnEnded: string;
  columnTook: string;
  columnUser: string;
  columnTags: string;
  columnId: string;
  /** Of an open one: how long half of such executions take. */
  usually(ms: number): string;
  /** Over what 99 of 100 take, by how much. */
  over(ms: number): string;
  showNew(count: number, mayBeMore: boolean): string;
  showMore: string;
  loading: string;
  stillLoading: string;
  /** Of a row that changed so that the list would not show it any more. */
  noLongerFits: string;
  /** Of a row that was deleted while it was shown. */
  deleted: string;
  emptyTitle: string;
  emptyText: string;
  emptyFilteredTitle: string;
  emptyFilteredText: string;
  errorTitle: string;
  errorText: string;
  tryAgain: string;
  select(name: string): string;
  selectAll: string;
  live: string;
  connecting: string;
  /** @param ms Since when nothing is known, how long ago */
  reconnecting(ms: number): string;
  notLive: string;
  /** Read out for whoever cannot see it, no more often than every 10 s. */
  changed(count: number, failed: number): string;
  lastOutcomes(count: number, failed: number): string;
}

const executions = (count: number) => `${count} execution${count === 1 ? '' : 's'}`;

export const LIST_WORDS: ListWords = {
  caption: 'Executions',
  columnStatus: 'Status',
  columnWhy: 'Workflow and why',
  columnWorkflow: 'Workflow',
  columnStarted: 'Started',
  columnEnded: 'Ended',
  columnTook: 'Took',
  columnUser: 'User',
  columnTags: 'Tags',
  columnId: 'Id',
  usually: (ms) => `Usually takes about ${formatDuration(ms)}`,
  over: (ms) => `${formatDuration(ms)} over what 99 of 100 take`,
  showNew: (count, mayBeMore) => (count === 0 ? 'There may be new ones' : `${count}${mayBeMore ? ' or more' : ''} new`),
  showMore: 'Show more',
  loading: 'Loading',
  stillLoading: 'Still loading; it takes longer than usual.',
  noLongerFits: 'No longer matches',
  deleted: 'Deleted',
  emptyTitle: 'No execution so far',
  emptyText: 'The first one appears here a moment after it starts.',
  emptyFilteredTitle: 'None match',
  emptyFilteredText: 'No execution fits what was asked for.',
  errorTitle: 'The list could not be loaded',
  errorText: 'Nothing is lost; what runs goes on.',
  tryAgain: 'Try again',
  select: (name) => `Select ${name}`,
  selectAll: 'Select all',
  live: 'Live',
  connecting: 'Connecting',
  reconnecting: (ms) => `Reconnecting since ${formatDuration(ms)}`,
  notLive: 'Not live',
  changed: (count, failed) => `${executions(count)} changed${failed > 0 ? `, ${failed} failed` : ''}`,
  lastOutcomes: (count, failed) => `Last ${count} outcomes, ${failed} failed`,
};
