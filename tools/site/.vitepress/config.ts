import { slug } from 'github-slugger';
import { defineConfig } from 'vitepress';
import llmstxt from 'vitepress-plugin-llms';
import { otherMarkdown, pages, REPOSITORY } from '../src/pages.ts';
import { sidebar } from '../src/sidebar.ts';
import { siteLinks } from '../src/site-links.ts';

const places = pages();

export default defineConfig({
  title: 'Runledger',
  description: 'Every Temporal workflow your users start, recorded exactly once in your own Supabase Postgres',
  srcDir: '../..',
  srcExclude: otherMarkdown(),
  outDir: './dist',
  cacheDir: './.cache',
  rewrites: Object.fromEntries(places),
  cleanUrls: true,
  lastUpdated: false,
  // The addresses of a machine of one's own.
  ignoreDeadLinks: 'localhostLinks',
  // Headings have the anchors that GitHub gives them.
  markdown: { config: siteLinks, anchor: { slugify: slug } },
  vite: { plugins: [llmstxt()] },
  themeConfig: {
    search: { provider: 'local' },
    sidebar: sidebar(),
    outline: [2, 3],
    socialLinks: [{ icon: 'github', link: REPOSITORY }],
    editLink: { pattern: `${REPOSITORY}/edit/main/:path` },
  },
});
