/**
 * Where each page is, and the file under `pages/` that draws it, which a browser takes in when it is needed. Whoever serves the page is
 * told the same by `pages.json`, so that a page's own scripts come with the first ones.
 */
export const PAGES = {
  '/': 'overview/overview-page',
  '/executions': 'executions/executions-page',
  '/executions/:id': 'execution/execution-page',
  '/failures': 'failures/failures-page',
  '/failures/:group': 'failures/failure-page',
  '/workflows': 'workflows/workflows-page',
  '/workflows/:id': 'workflows/workflow-page',
  '/workflows/:id/start': 'start/start-page',
  '/system': 'system/system-page',
} as const;

/** A regular expression of the addresses that a page is at, below the folder that all are in. */
export const patternOf = (path: string): string => `^${path.replace(/:[^/]+/g, '[^/]+')}$`;
