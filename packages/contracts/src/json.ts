import { z } from 'zod';

/** Any JSON value. */
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

/** Accepts any JSON value without walking it: what arrives over the wire has been parsed from JSON already. */
export const Json: z.ZodType<Json> = z.custom<Json>((value) => value !== undefined);

/** Any JSON object; not walked either: of a page of 200 with 2,000 keys each, that took 60 ms. */
export const JsonObject: z.ZodType<Record<string, Json>> = z
  .custom<Record<string, Json>>((value) => typeof value === 'object' && value !== null && !Array.isArray(value))
  .meta({ type: 'object' });
