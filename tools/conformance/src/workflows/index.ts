// Temporal finds workflows by the names that are exported here.
export { refuse } from './refuse.ts';
export { script, script as adoptedScript, script as memoAdoptedScript, script as scheduledScript } from './script.ts';
