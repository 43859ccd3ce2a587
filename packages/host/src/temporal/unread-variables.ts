/** Those of Temporal's own environment configuration, and ours beside them. */
export const TEMPORAL_VARIABLES = [
  'TEMPORAL_ADDRESS',
  'TEMPORAL_NAMESPACE',
  'TEMPORAL_CONFIG_FILE',
  'TEMPORAL_PROFILE',
  'TEMPORAL_API_KEY',
  'TEMPORAL_API_KEY_FILE',
  'TEMPORAL_TLS',
  'TEMPORAL_TLS_CLIENT_CERT_PATH',
  'TEMPORAL_TLS_CLIENT_CERT_DATA',
  'TEMPORAL_TLS_CLIENT_KEY_PATH',
  'TEMPORAL_TLS_CLIENT_KEY_DATA',
  'TEMPORAL_TLS_SERVER_CA_CERT_PATH',
  'TEMPORAL_TLS_SERVER_CA_CERT_DATA',
  'TEMPORAL_TLS_SERVER_NAME',
  'TEMPORAL_CODEC_ENDPOINT',
  'TEMPORAL_CODEC_AUTH',
] as const;

const HEADER = 'TEMPORAL_GRPC_META_';

/** What others read: the SDK, Temporal's command and page, its images, and what Kubernetes adds for a service named `temporal`. */
const OF_OTHERS = [
  /^TEMPORAL_(DEBUG|VERSION|ENV|ENV_FILE|BROKER)$/,
  /^TEMPORAL_(CLI|UI|ADMINTOOLS|CORS|CSRF|TRACE|LOG)_/,
  /^TEMPORAL_(\w+_)?(SERVICE_HOST|SERVICE_PORT(_\w+)?|PORT|PORT_\d+_\w+)$/,
];

/** What a name is about that means a connection of ours, where a process has variables of its own beside them. */
const OF_CONNECTIONS = /TLS|SSL|CERT|KEY|CODEC|ADDRESS|NAMESPACE|PROFILE|CONFIG/;

/**
 * A setting that nothing reads is a mistake, and often one of security: one line for each.
 * @param isShared Whether the process is somebody else's, who may have `TEMPORAL_TASK_QUEUE` and the like: then only what is about a
 * connection counts.
 */
export function unreadVariables(variables: Record<string, string | undefined>, isShared: boolean): string[] {
  const known = new Set<string>(TEMPORAL_VARIABLES);
  return Object.keys(variables)
    .filter((name) => name.startsWith('TEMPORAL_') && !known.has(name) && !name.startsWith(HEADER))
    .filter((name) => !isShared || OF_CONNECTIONS.test(name))
    .filter((name) => !OF_OTHERS.some((pattern) => pattern.test(name)))
    .sort()
    .map((name) =>
      name === 'TEMPORAL_TLS_DISABLE_HOST_VERIFICATION'
        ? `${name}: is not supported; name the server's authority in TEMPORAL_TLS_SERVER_CA_CERT_PATH, and its name in TEMPORAL_TLS_SERVER_NAME`
        : `${name}: is set, and nothing reads it; unset it, or write it as one of ${TEMPORAL_VARIABLES.join(', ')}`,
    );
}
