import { defineConfig } from 'vitest/config';

// A project does not take these from the root's configuration.
export default defineConfig({ test: { testTimeout: 60_000, hookTimeout: 120_000, maxWorkers: 2 } });
