import { z } from 'zod';

/** Nothing that has a format is longer; keeps the check short whatever the text. */
const LONGEST = 2_048;

const FORMATS = {
  date: z.iso.date(),
  'date-time': z.iso.datetime({ offset: true }),
  email: z.email(),
  hostname: z.hostname(),
  ipv4: z.ipv4(),
  ipv6: z.ipv6(),
  uri: z.url(),
  uuid: z.guid(),
} satisfies Record<string, z.ZodType>;

/**
 * How a JSON Schema `format` is checked: by a function for the formats that are checked, by nothing (`true`) for every
 * other, which is a note to the reader as the standard has it.
 */
export function formatCheck(format: string): true | ((text: string) => boolean) {
  if (!Object.hasOwn(FORMATS, format)) return true;
  const schema = FORMATS[format as keyof typeof FORMATS];
  return (text) => text.length <= LONGEST && schema.safeParse(text).success;
}
