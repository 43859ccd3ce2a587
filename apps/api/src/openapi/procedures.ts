import type { AppRouter } from '@runledger/router';
import { z } from 'zod';

type JsonSchema = Record<string, unknown>;

/** A procedure as those see it who call it over HTTP. */
export interface ProcedureFacts {
  /** `execution.listExecutions`. */
  path: string;
  type: 'query' | 'mutation' | 'subscription';
  /** `null`: it takes nothing. */
  input: JsonSchema | null;
  /** `null`: a stream of events, which its types describe. */
  output: JsonSchema | null;
}

interface Definition {
  _def: { type: ProcedureFacts['type']; inputs: z.ZodType[]; output?: z.ZodType };
}

const schemaOf = (schema: z.ZodType, io: 'input' | 'output'): JsonSchema => {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any' });
  return rest;
};

/** Every procedure of a router, in the order of their names. */
export function proceduresOf(router: AppRouter): ProcedureFacts[] {
  const found = router._def.procedures as unknown as Record<string, Definition>;
  return Object.entries(found)
    .map(([path, { _def }]) => ({
      path,
      type: _def.type,
      input: _def.inputs[0] ? schemaOf(_def.inputs[0], 'input') : null,
      output: _def.output && _def.type !== 'subscription' ? schemaOf(_def.output, 'output') : null,
    }))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}
