import { stdout } from 'node:process';
import { colorsFor } from '@runledger/host/colors';

export const colors: ReturnType<typeof colorsFor> = colorsFor(stdout);
