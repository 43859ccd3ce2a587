/** What a release changes in files that have its version. */

const UNRELEASED = '## [Unreleased]\n';

/** Puts what is unreleased under a heading of the version. @throws where nothing is unreleased */
export function closeChangelog(text: string, version: string, date: string): string {
  const [before, after] = text.split(UNRELEASED);
  if (before === undefined || after === undefined) throw new Error('CHANGELOG.md has no heading "## [Unreleased]".');
  const [unreleased = ''] = after.split(/^## /m);
  if (unreleased.trim() === '') throw new Error('CHANGELOG.md has nothing under "Unreleased": say what changes.');
  return `${before}${UNRELEASED}\n## [${version}] - ${date}\n${after}`;
}

/** The version in `packages/contracts/src/facts/version.ts`. */
export const setVersion = (text: string, version: string): string =>
  text.replace(/VERSION = '[^']+'/, `VERSION = '${version}'`);

/** The chart, and the image that it runs, have the version of the packages. */
export const setChartVersion = (text: string, version: string): string =>
  text.replace(/^version: .*$/m, `version: ${version}`).replace(/^appVersion: .*$/m, `appVersion: "${version}"`);

/** Adds the migrations that no release has had yet. @throws where one that a release has is not as it was */
export function addReleased(released: string, current: string): string {
  const had = released.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  const now = current.split('\n').filter((line) => line !== '');
  const changed = had.filter((line) => !now.includes(line)).map((line) => line.slice(66));
  if (changed.length > 0) throw new Error(`Released migrations are never edited: take ${changed.join(', ')} back.`);
  return [released.trimEnd(), ...now.filter((line) => !had.includes(line)), ''].join('\n');
}
