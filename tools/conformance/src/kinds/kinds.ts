import { adoptions } from './adoptions.ts';
import { cancels } from './cancels.ts';
import { chains } from './chains.ts';
import { endings } from './endings.ts';
import type { Kind } from './kind.ts';
import { registrations } from './registrations.ts';
import { reports } from './reports.ts';
import { resets } from './resets.ts';

/** All ways in which executions begin, go on and end in a run of the kit. */
export const KINDS: readonly Kind[] = [
  ...endings,
  ...resets,
  ...cancels,
  ...chains,
  ...reports,
  ...registrations,
  ...adoptions,
];
