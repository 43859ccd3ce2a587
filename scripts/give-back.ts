/**
 * Files of one worker share its process (`isolate: false`), in an order that nobody promises. What a file changed of it through
 * vitest is given back after the file; whatever else it leaves behind is its fault.
 */
import { afterAll, expect, vi } from 'vitest';

/** Whoever listens for signals is often a library, once for all. */
const FAULTS = ['uncaughtException', 'uncaughtExceptionMonitor', 'unhandledRejection'];

const listeners = () => FAULTS.map((event) => [event, process.listenerCount(event)]);

const before = { env: { ...process.env }, folder: process.cwd(), listeners: listeners() };
const { Request, Response } = Object.getOwnPropertyDescriptors(globalThis);

/** By name alone: a value may be a secret. */
const changedVariables = () =>
  Object.keys({ ...before.env, ...process.env }).filter((name) => before.env[name] !== process.env[name]);

afterAll(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
  vi.unstubAllEnvs();
  // Hono's server replaces them by its own as soon as one is made.
  Object.defineProperties(globalThis, { Request, Response });
  expect(
    { variables: changedVariables(), folder: process.cwd(), listeners: listeners() },
    'what this file leaves behind',
  ).toEqual({ variables: [], folder: before.folder, listeners: before.listeners });
});
