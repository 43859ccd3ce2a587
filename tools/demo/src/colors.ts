import { stdout } from 'node:process';
import { colorsFor } from '@runledger/host/colors';

export const colors = colorsFor(stdout);
