import { VIEW } from '@runledger/contracts';
import { shortText } from './request.ts';

/** The IANA name of a time zone. Postgres takes what begins like one for a rule, with hours that nobody has, and counts offsets the other way. */
export const TimeZone = shortText(VIEW.timeZone).refine(
  isZone,
  'must be the IANA name of a time zone, like Europe/Berlin',
);

function isZone(timeZone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone });
    return /^[a-z]/i.test(timeZone);
  } catch {
    return false;
  }
}
