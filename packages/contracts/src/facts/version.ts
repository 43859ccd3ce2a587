/** The version of all packages: one release has one. `npm run release:prepare` raises it. */
export const VERSION = '0.1.0';
