import type { SchemaLedger, SchemaVersions } from '@runledger/contracts';
import { isExecutionError, VERSION } from '@runledger/contracts';

/** What a process says of the schema that it finds; `error` where its calls would fail. */
export interface SchemaRemark {
  level: 'error' | 'warn';
  says: string;
  advice: string;
}

/** `null` where the versions are the same. */
export function remarkOn({ schemaVersion, neededSchemaVersion }: SchemaVersions): SchemaRemark | null {
  const known = `Runledger ${VERSION} is made for version ${neededSchemaVersion}`;
  if (schemaVersion < neededSchemaVersion)
    return {
      level: 'error',
      says: `the schema in the database is older, version ${schemaVersion}: ${known}`,
      advice:
        'Apply the migrations of this release: "npx runledger init" adds them to the project, "npx runledger migrate" applies them.',
    };
  if (schemaVersion > neededSchemaVersion)
    return {
      level: 'warn',
      says: `the schema in the database is newer, version ${schemaVersion}: ${known}`,
      advice: 'It works on, without what is new. Deploy the release that brought the schema.',
    };
  return null;
}

/** Asks the database. `null` too where it does not answer: that is told by whoever needs it next. */
export async function askSchema(ledger: SchemaLedger): Promise<SchemaRemark | null> {
  try {
    return remarkOn(await ledger.schemaVersions());
  } catch (error) {
    if (!isExecutionError(error) || error.code !== 'schema_outdated') return null;
    return { level: 'error', says: error.message, advice: '"npx runledger doctor" says what is missing.' };
  }
}
