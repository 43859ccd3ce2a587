import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** A folder or file that comes with this package; in a checkout, where the repository has it. */
function folderOf(published: string, inCheckout: string): string {
  const beside = fileURLToPath(new URL(`./${published}`, import.meta.url));
  return existsSync(beside) ? beside : fileURLToPath(new URL(inCheckout, import.meta.url));
}

/** The released migrations, in the order of their names. */
export const MIGRATIONS = folderOf('migrations', '../../../supabase/migrations');
/** Takes the schema out again. */
export const UNINSTALL = folderOf('uninstall.sql', '../../../supabase/uninstall.sql');
/** The built page. In a checkout it is there once it was built. */
export const DASHBOARD = folderOf('dashboard', '../../dashboard/dist');
/** What a shell runs as `runledger`. */
export const MAIN = process.argv[1] as string;
