import pc from 'picocolors';

export type Colors = ReturnType<typeof pc.createColors>;

/**
 * Colours where the output goes to a terminal and neither NO_COLOR nor the kind of terminal forbids them; otherwise plain text.
 * @param force Colours in a pipe too.
 */
export function colorsFor(output: { isTTY?: boolean }, force = false): Colors {
  // picocolors alone would also colour a pipe in a CI.
  return pc.createColors(pc.isColorSupported && (output.isTTY === true || force));
}
