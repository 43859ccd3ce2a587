import { readFile } from 'node:fs/promises';
import { VERSION } from '@runledger/contracts';
import { expect, test } from 'vitest';
import { publishedPackages } from '../published.ts';
import { addReleased, closeChangelog, setChartVersion, setVersion } from './release-texts.ts';

const read = (file: string) => readFile(new URL(`../../../../${file}`, import.meta.url), 'utf8');
const CHART = 'deploy/chart/Chart.yaml';
const FACT = 'packages/contracts/src/facts/version.ts';

test('the packages, the command, the API and the chart say one version', async () => {
  for (const { manifest } of publishedPackages()) expect(manifest.version, manifest.name).toBe(VERSION);
  expect(setVersion(await read(FACT), VERSION)).toBe(await read(FACT));
  expect(setChartVersion(await read(CHART), VERSION)).toBe(await read(CHART));
});

test('a release raises the version wherever it stands', async () => {
  expect(setVersion(await read(FACT), '7.8.9')).toContain("VERSION = '7.8.9'");
  expect(setChartVersion(await read(CHART), '7.8.9').match(/.*7\.8\.9.*/g)).toEqual([
    'version: 7.8.9',
    'appVersion: "7.8.9"',
  ]);
});

test('what was unreleased gets the heading of the release, and nothing is released without a word', () => {
  const closed = closeChangelog('# Changelog\n\n## [Unreleased]\n\n- New.\n\n## [1.0.0]\n', '1.1.0', '2027-01-02');
  expect(closed).toBe('# Changelog\n\n## [Unreleased]\n\n## [1.1.0] - 2027-01-02\n\n- New.\n\n## [1.0.0]\n');
  expect(() => closeChangelog(closed, '1.2.0', '2027-01-03')).toThrow('nothing under "Unreleased"');
  expect(() => closeChangelog('# Changelog\n', '1.2.0', '2027-01-03')).toThrow('no heading');
});

test('migrations are added once, and one that a release has stays as it was', () => {
  const [a, b, edited] = ['a', 'b', 'c'].map((letter) => letter.repeat(64)) as [string, string, string];
  const first = addReleased('# Why.\n', `${a}  1_runledger.sql\n`);
  expect(first).toBe(`# Why.\n${a}  1_runledger.sql\n`);
  const second = addReleased(first, `${a}  1_runledger.sql\n${b}  2_runledger_more.sql\n`);
  expect(second).toBe(`${first}${b}  2_runledger_more.sql\n`);
  expect(addReleased(second, `${a}  1_runledger.sql\n${b}  2_runledger_more.sql\n`)).toBe(second);
  expect(() => addReleased(first, `${edited}  1_runledger.sql\n`)).toThrow('take 1_runledger.sql back');
});
