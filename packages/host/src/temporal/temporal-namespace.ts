/** Certificates as Temporal's clients and workers take them. */
export interface TlsCertificates {
  /** Checked against the server's certificate instead of the host in the address. */
  serverNameOverride?: string;
  serverRootCACertificate?: Uint8Array;
  clientCertPair?: { crt: Uint8Array; key: Uint8Array };
}

/** What encodes the payloads of a namespace: a module of the team's own, or a codec server of Temporal's protocol. */
export type CodecSource = { module: string } | { endpoint: string; authorization?: string };

/** A namespace that a process works in, and how it is reached. */
export interface TemporalNamespace {
  namespace: string;
  /** `host:port`. */
  address: string;
  /** `true` for TLS with the system's roots. Default: none, unless there is an API key. */
  tls?: boolean | TlsCertificates;
  /** The key as it is now: a file is read again when it changes. */
  apiKey?: () => string;
  /** Headers of every call. */
  metadata?: Record<string, string>;
  codec?: CodecSource;
}

/** The first one is meant where nobody names one. */
export type TemporalNamespaces = readonly [TemporalNamespace, ...TemporalNamespace[]];
