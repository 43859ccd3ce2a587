/** What the page is told by whoever serves it; see `PageConfig` of the API. */
export interface PageConfig {
  auth: { url: string; key: string };
  temporalUiUrl: string | null;
  namespace: string;
  demoUsers: { email: string; password: string }[];
}

const told = document.querySelector('meta[name=runledger]')?.getAttribute('content') ?? '{}';

export const config: PageConfig = {
  auth: { url: location.origin, key: '' },
  temporalUiUrl: null,
  namespace: 'default',
  demoUsers: [],
  ...(JSON.parse(told) as Partial<PageConfig>),
};

/** Where the page is: `/`, or the folder that it is served under. Ends with a slash. */
export const BASE: string = new URL(document.baseURI).pathname;

/** Whole address of something beside the page: `trpc`, `export.csv?…`. */
export const addressOf = (path: string): string => new URL(path, document.baseURI).href;

/** Of what a page is, where its address ends with an id; as it is written where it cannot be read. */
export function lastOfAddress(): string {
  const last = location.pathname.split('/').at(-1) ?? '';
  try {
    return decodeURIComponent(last);
  } catch {
    return last;
  }
}

/** An execution in Temporal's own page; `null` where there is none. */
export function temporalAddressOf(execution: {
  temporalNamespace: string | null;
  temporalWorkflowId: string | null;
  currentRunId: string | null;
}): string | null {
  const { temporalNamespace: namespace, temporalWorkflowId: id, currentRunId: run } = execution;
  if (!config.temporalUiUrl || !namespace || !id) return null;
  const path = ['namespaces', namespace, 'workflows', id, ...(run ? [run, 'history'] : [])];
  return `${config.temporalUiUrl.replace(/\/$/, '')}/${path.map(encodeURIComponent).join('/')}`;
}
