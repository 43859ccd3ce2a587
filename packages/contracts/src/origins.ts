/** Who or what started an execution; `Origin` says what each means. Imports nothing, so a browser can. */
export const ORIGINS = ['api', 'backend', 'schedule', 'adopted', 'import', 'unknown'] as const;
