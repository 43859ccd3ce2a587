/** Health of an unsettled execution; never a status. Imports nothing, so a browser can. */
export const HEALTHS = ['live', 'late', 'wedged', 'cancelling', 'lost'] as const;
