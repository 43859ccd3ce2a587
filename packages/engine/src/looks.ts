/** How often a chain that goes on between the look and the request is looked at again. */
export const LOOKS = 5;
