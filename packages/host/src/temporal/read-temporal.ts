import { readFileSync } from 'node:fs';
import { createSecureContext } from 'node:tls';
import type { ClientConfigProfile } from '@temporalio/envconfig';
import { loadClientConfigProfile, toClientOptions } from '@temporalio/envconfig';
import { parse } from 'smol-toml';
import { z } from 'zod';
import { apiKeyFile } from './api-key.ts';
import type { CodecSource, TemporalNamespace, TemporalNamespaces, TlsCertificates } from './temporal-namespace.ts';
import { TEMPORAL_VARIABLES, unreadVariables } from './unread-variables.ts';

type Variables = Record<string, string | undefined>;

export type ReadTemporal = { namespaces: TemporalNamespaces } | { problems: string[] };

interface ReadTemporalOptions {
  /** Whether to ask for an address instead of taking `localhost:7233`. Default `false`. */
  needsAddress?: boolean;
  /** Whether the process is somebody else's, with `TEMPORAL_…` variables of its own. Default `false`. */
  isShared?: boolean;
}

/** What the profiles say each for themselves where there are several. */
const OF_ONE_PROFILE = TEMPORAL_VARIABLES.filter(
  (name) => !['TEMPORAL_CONFIG_FILE', 'TEMPORAL_PROFILE', 'TEMPORAL_API_KEY_FILE'].includes(name),
);

/** What the SDK's own library does not read of a profile. */
const ConfigFile = z.object({
  profile: z
    .record(z.string(), z.object({ codec: z.object({ endpoint: z.url(), auth: z.string().optional() }).optional() }))
    .default({}),
});

/**
 * Reads where Temporal is: the variables and the configuration file that Temporal's SDKs share (`TEMPORAL_CONFIG_FILE`,
 * `TEMPORAL_PROFILE`), several namespaces in `TEMPORAL_NAMESPACE`, or several profiles with a connection each. Never throws; what is
 * wrong, or is set and would not be used, is one line for each variable.
 */
export function readTemporal(variables: Variables, options: ReadTemporalOptions = {}): ReadTemporal {
  const set = Object.fromEntries(
    Object.entries(variables).flatMap(([name, value]) => (value ? [[name, value] as const] : [])),
  );
  const unread = unreadVariables(set, options.isShared ?? false);
  if (unread.length > 0) return { problems: unread };
  const profiles = listOf(set.TEMPORAL_PROFILE);
  const problems = combinationProblems(set, profiles);
  if (problems.length > 0) return { problems };
  try {
    const file = set.TEMPORAL_CONFIG_FILE === undefined ? null : readConfigFile(set.TEMPORAL_CONFIG_FILE);
    const several = profiles.length > 1;
    const read = (several ? profiles : [profiles[0]]).map((profile) =>
      readProfile({ profile, file, variables: several ? ofAllProfiles(set) : set }, options),
    );
    const [first, ...rest] = read.flat();
    if (!first) throw new Error('TEMPORAL_NAMESPACE: names no namespace');
    const names = [first, ...rest].map(({ namespace }) => namespace);
    const twice = names.find((name, at) => names.indexOf(name) < at);
    if (twice !== undefined) {
      throw new Error(`${several ? 'TEMPORAL_PROFILE' : 'TEMPORAL_NAMESPACE'}: names the namespace ${twice} twice`);
    }
    return { namespaces: [first, ...rest] };
  } catch (error) {
    return { problems: [(error as Error).message] };
  }
}

function combinationProblems(set: Record<string, string>, profiles: string[]): string[] {
  const problems: string[] = [];
  if (profiles.length > 0 && set.TEMPORAL_CONFIG_FILE === undefined)
    problems.push('TEMPORAL_PROFILE: names a profile of the file in TEMPORAL_CONFIG_FILE, which is not set');
  if (profiles.length > 1) {
    for (const name of OF_ONE_PROFILE.filter((name) => set[name] !== undefined))
      problems.push(`${name}: TEMPORAL_PROFILE names several profiles; say it in each of them, and unset this`);
  }
  if (set.TEMPORAL_API_KEY !== undefined && set.TEMPORAL_API_KEY_FILE !== undefined)
    problems.push('TEMPORAL_API_KEY_FILE: TEMPORAL_API_KEY is set too; unset one of them');
  if (set.TEMPORAL_TLS !== undefined && !z.stringbool().safeParse(set.TEMPORAL_TLS).success)
    problems.push('TEMPORAL_TLS: must be true or false');
  if (set.TEMPORAL_CODEC_ENDPOINT !== undefined && set.RUNLEDGER_CODEC_MODULE !== undefined)
    problems.push('RUNLEDGER_CODEC_MODULE: TEMPORAL_CODEC_ENDPOINT is set too; unset one of them');
  for (const part of ['CLIENT_CERT', 'CLIENT_KEY', 'SERVER_CA_CERT']) {
    const [path, data] = [`TEMPORAL_TLS_${part}_PATH`, `TEMPORAL_TLS_${part}_DATA`];
    if (set[path] !== undefined && set[data] !== undefined)
      problems.push(`${data}: ${path} is set too; unset one of them`);
  }
  return problems;
}

interface ConfigFileText {
  text: string;
  codecs: Map<string, { endpoint: string; auth?: string }>;
}

function readConfigFile(path: string): ConfigFileText {
  try {
    const text = readFileSync(path, 'utf8');
    const { profile } = ConfigFile.parse(parse(text));
    const codecs = Object.entries(profile).flatMap(([name, { codec }]) => (codec ? [[name, codec] as const] : []));
    return { text, codecs: new Map(codecs) };
  } catch (error) {
    throw new Error(`TEMPORAL_CONFIG_FILE: cannot be read (${lineOf(error)})`, { cause: error });
  }
}

interface ProfileSource {
  profile: string | undefined;
  file: ConfigFileText | null;
  variables: Record<string, string>;
}

/** One profile, once for each namespace that it names. */
function readProfile({ profile, file, variables }: ProfileSource, options: ReadTemporalOptions): TemporalNamespace[] {
  const where = profile === undefined ? '' : `profile ${profile}, `;
  const loaded = loadProfile({ profile, file, variables });
  if (options.needsAddress && loaded.address === undefined) throw new Error(`${where}TEMPORAL_ADDRESS: is not set`);
  const tls = readTls(loaded, where);
  const codec = readCodec(file?.codecs.get(profile ?? 'default'), variables, where);
  return listOf(loaded.namespace ?? 'default').map((namespace) => {
    const apiKey = readApiKey(namespace, loaded.apiKey, variables.TEMPORAL_API_KEY_FILE);
    return {
      namespace,
      address: loaded.address ?? 'localhost:7233',
      ...(tls === undefined ? {} : { tls }),
      ...(apiKey === undefined ? {} : { apiKey }),
      ...(loaded.grpcMeta === undefined ? {} : { metadata: loaded.grpcMeta }),
      ...(codec === undefined ? {} : { codec }),
    };
  });
}

function loadProfile({ profile, file, variables }: ProfileSource): ClientConfigProfile {
  const tls = variables.TEMPORAL_TLS;
  // The library takes only `true` and `1` for yes, and everything else for no.
  const normal = tls === undefined ? variables : { ...variables, TEMPORAL_TLS: String(z.stringbool().parse(tls)) };
  try {
    return loadClientConfigProfile({
      ...(profile === undefined ? {} : { profile }),
      ...(file === null ? { disableFile: true } : { configSource: { data: file.text }, configFileStrict: true }),
      overrideEnvVars: normal,
    });
  } catch (error) {
    throw new Error(`${file === null ? 'TEMPORAL_TLS' : 'TEMPORAL_CONFIG_FILE'}: ${lineOf(error)}`, { cause: error });
  }
}

/** @throws Error that names what is missing, cannot be read, does not fit together or would not be used */
function readTls(profile: ClientConfigProfile, where: string): boolean | TlsCertificates | undefined {
  const given = profile.tls;
  if (given === undefined) return undefined;
  const { disabled, clientCert, clientKey, serverCACert, serverName } = given;
  const used = {
    TEMPORAL_TLS_CLIENT_CERT_PATH: clientCert,
    TEMPORAL_TLS_CLIENT_KEY_PATH: clientKey,
    TEMPORAL_TLS_SERVER_CA_CERT_PATH: serverCACert,
    TEMPORAL_TLS_SERVER_NAME: serverName,
  };
  const named = Object.entries(used).flatMap(([name, value]) => (value === undefined ? [] : [name]));
  if (disabled) {
    if (named.length > 0) throw new Error(`${where}${named.join(', ')}: TLS is off; unset it, or switch TLS on`);
    return false;
  }
  if (clientCert && !clientKey)
    throw new Error(`${where}TEMPORAL_TLS_CLIENT_KEY_PATH: is not set, and there is a client certificate`);
  if (clientKey && !clientCert)
    throw new Error(`${where}TEMPORAL_TLS_CLIENT_CERT_PATH: is not set, and there is a client key`);
  try {
    const tls = toClientOptions(profile).connectionOptions.tls as TlsCertificates;
    const { clientCertPair: pair, serverRootCACertificate: ca } = tls;
    // OpenSSL says at once what the first connection would: not PEM, or a key of another certificate.
    createSecureContext({
      ...(pair ? { cert: Buffer.from(pair.crt), key: Buffer.from(pair.key) } : {}),
      ...(ca ? { ca: Buffer.from(ca) } : {}),
    });
    return tls;
  } catch (error) {
    throw new Error(`${where}${named.join(', ')}: cannot be used (${lineOf(error)})`, { cause: error });
  }
}

function readApiKey(namespace: string, value: string | undefined, file: string | undefined) {
  if (file === undefined) return value === undefined ? undefined : () => value;
  try {
    return apiKeyFile(file.replaceAll('{namespace}', namespace));
  } catch (error) {
    throw new Error(`TEMPORAL_API_KEY_FILE: cannot be read (${lineOf(error)})`, { cause: error });
  }
}

function readCodec(
  inFile: { endpoint: string; auth?: string } | undefined,
  variables: Record<string, string>,
  where: string,
): CodecSource | undefined {
  const { RUNLEDGER_CODEC_MODULE: module, TEMPORAL_CODEC_ENDPOINT, TEMPORAL_CODEC_AUTH } = variables;
  if (module !== undefined) {
    if (inFile !== undefined)
      throw new Error(`${where}RUNLEDGER_CODEC_MODULE: the profile has a codec; keep one of them`);
    return { module };
  }
  const endpoint = TEMPORAL_CODEC_ENDPOINT ?? inFile?.endpoint;
  const authorization = TEMPORAL_CODEC_AUTH ?? inFile?.auth;
  if (endpoint === undefined) {
    if (authorization !== undefined) throw new Error(`${where}TEMPORAL_CODEC_AUTH: TEMPORAL_CODEC_ENDPOINT is not set`);
    return undefined;
  }
  if (!/^https?:\/\//.test(endpoint)) throw new Error(`${where}TEMPORAL_CODEC_ENDPOINT: must be an http or https URL`);
  return { endpoint, ...(authorization === undefined ? {} : { authorization }) };
}

/** What several profiles have in common. */
function ofAllProfiles(set: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(set).filter(([name]) => !(OF_ONE_PROFILE as readonly string[]).includes(name)),
  );
}

/** Of a comma-separated list, what is in it. */
function listOf(text: string | undefined): string[] {
  return (text ?? '')
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean);
}

const lineOf = (error: unknown) => (error as Error).message.split('\n')[0];
