import type { Browser } from 'playwright-core';
import { chromium } from 'playwright-core';
import { findChromium } from './find-chromium.ts';

/** No GPU, and no sandbox: it shows pages of this repository only, also as root and in a container. */
const ARGUMENTS = ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--no-zygote'];

/** A real Chromium without a window; closing it ends all of its processes. */
export async function openChromium(): Promise<Browser> {
  return chromium.launch({ executablePath: await findChromium(), args: ARGUMENTS, timeout: 120_000 });
}
