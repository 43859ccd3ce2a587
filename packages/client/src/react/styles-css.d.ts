/** What `@runledger/client/react/styles.css` is to TypeScript: imported for what it does. */
export {};
