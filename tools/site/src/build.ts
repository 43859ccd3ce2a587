/**
 * Builds the site into tools/site/dist, and ends with 1 where a link of it leads nowhere.
 *   node tools/site/src/build.ts
 */
import { fileURLToPath } from 'node:url';
import { build } from 'vitepress';
import { brokenAnchors } from './anchors.ts';

const site = fileURLToPath(new URL('..', import.meta.url));
await build(site);
const broken = brokenAnchors(`${site}dist`);
for (const link of broken) console.error(`leads nowhere: ${link}`);
process.exit(broken.length > 0 ? 1 : 0);
