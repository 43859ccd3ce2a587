import { z } from 'zod';

/** Any JSON value. */
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

/** Accepts any JSON value without walking it: what arrives over the wire has been parsed from JSON already. */
export const Json: z.ZodType<Json> = z.custom<Json>((value) => value !== undefined);
