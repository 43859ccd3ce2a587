/** The lowest versions that the peer ranges of the packages allow: what somebody may have who has not upgraded for long. */
import { publishedPackages } from '../published.ts';

/** What people have who have the lowest React. */
const BESIDE: Readonly<Record<string, string>> = { react: '@types/react' };

/** @throws where packages begin at different versions, or a range is of another form than `^1.2.3` or `>=1.2.3` */
function lowestPeers(): Record<string, string> {
  const lowest = new Map<string, string>();
  for (const { manifest } of publishedPackages()) {
    for (const [name, range] of Object.entries(manifest.peerDependencies ?? {})) {
      const version = /^(?:\^|>=)(\d+\.\d+\.\d+)$/.exec(range)?.[1];
      if (!version) throw new Error(`${manifest.name} asks for ${name} ${range}, which has no lowest version.`);
      if ((lowest.get(name) ?? version) !== version)
        throw new Error(`${manifest.name} begins at ${name} ${version}, and another package at ${lowest.get(name)}.`);
      lowest.set(name, version);
    }
  }
  const beside = Object.entries(BESIDE).flatMap(([name, types]) => {
    const [major, minor] = (lowest.get(name) ?? '').split('.');
    return major ? [[types, `~${major}.${minor}.0`] as const] : [];
  });
  return Object.fromEntries([...lowest, ...beside]);
}

/** Packages that are asked for as peers by nobody, and have the version of one that is: Temporal's worker, React's renderer. */
const TOGETHER: Readonly<Record<string, string>> = {
  '@temporalio/worker': '@temporalio/client',
  'react-dom': 'react',
};

/** The projects of the tests with the lowest peers in place of the newest. */
export function atLowEnd(dependencies: Readonly<Record<string, string>>): Record<string, string> {
  const lowest = lowestPeers();
  const pairs = Object.entries(dependencies).map(([name, version]) => {
    const low = lowest[name] ?? lowest[TOGETHER[name] ?? ''];
    return [name, low ?? version] as const;
  });
  return Object.fromEntries(pairs);
}
