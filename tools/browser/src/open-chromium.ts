import type { Browser } from 'playwright-core';
import { chromium } from 'playwright-core';
import { findChromium } from './find-chromium.ts';

/** No GPU, and no sandbox: it shows pages of this repository only, also as root and in a container. */
const ARGUMENTS = ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--no-zygote'];

/** Longer than a busy machine takes for anything: what is right ends a wait, not the clock. */
const PATIENCE_MS = 240_000;

/** A real Chromium without a window, whose pages are waited for as long as it takes; closing it ends all of its processes. */
export async function openChromium(): Promise<Browser> {
  const browser = await chromium.launch({
    executablePath: await findChromium(),
    args: ARGUMENTS,
    timeout: PATIENCE_MS,
  });
  browser.on('context', (context) => context.setDefaultTimeout(PATIENCE_MS));
  return browser;
}
