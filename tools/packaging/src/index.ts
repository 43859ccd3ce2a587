/** Builds, packs and installs what is published, for commands and tests. */
export { type InstalledProject, installPacked, LONGEST_INSTALL_MS, PEERS } from './install-packed.ts';
export { packedPackages } from './pack.ts';
export { type Manifest, publishedPackages } from './published.ts';
export { type ReaderStack, startReaderStack } from './reader-stack.ts';
export { blocksOf, READMES, type Snippet, writeBlock } from './readmes.ts';
export { type Resolution, typeErrors } from './type-errors.ts';
