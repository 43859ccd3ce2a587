import type { SupabaseKeys, TcpProxy } from '@runledger/local-stack';
import type { ConnectionName, Ports } from './connections.ts';
import { adoptionRules, startable } from './definitions.ts';

export interface Addresses {
  keys: SupabaseKeys;
  ports: Ports;
  connections: Record<ConnectionName, TcpProxy>;
  /** Past the proxy. */
  databaseUrl: string;
}

/** What each process is told: the others' addresses, through the proxy of its connection to them. */
export function variablesOf({ keys, ports, connections, databaseUrl }: Addresses) {
  const to = (name: ConnectionName) => connections[name].address;
  const proxiedDatabase = new URL(databaseUrl);
  proxiedDatabase.host = to('supabase → postgres');
  const ledger = { SUPABASE_SERVICE_ROLE_KEY: keys.secretKey };
  return {
    supabase: {
      DATABASE_URL: proxiedDatabase.href,
      PORT: `${ports.supabase}`,
      JWT_SECRET: keys.jwtSecret,
      PUBLISHABLE_KEY: keys.publishableKey,
      SECRET_KEY: keys.secretKey,
    },
    api: {
      ...ledger,
      PORT: `${ports.api}`,
      SUPABASE_URL: `http://${to('api → supabase')}`,
      SUPABASE_ANON_KEY: keys.publishableKey,
      SUPABASE_JWT_SECRET: keys.jwtSecret,
      TEMPORAL_ADDRESS: to('api → temporal'),
      RUNLEDGER_STARTABLE: JSON.stringify(startable()),
      RUNLEDGER_PUBLISHERS: 'everyone',
      // Few users start what many would.
      RUNLEDGER_REQUESTS_PER_MINUTE: 'none',
      RUNLEDGER_WRITES_PER_MINUTE: 'none',
    },
    workflows: {
      ...ledger,
      TEMPORAL_ADDRESS: `127.0.0.1:${ports.temporal}`,
      SUPABASE_URL: `http://127.0.0.1:${ports.supabase}`,
    },
    worker: (definer: string, scheduleOwner: string) => ({
      ...ledger,
      SUPABASE_URL: `http://${to('worker → supabase')}`,
      TEMPORAL_ADDRESS: to('worker → temporal'),
      RUNLEDGER_ADOPTION: JSON.stringify(adoptionRules(definer, scheduleOwner)),
      RUNLEDGER_RECONCILE_PERIOD_MS: '10000',
      // Fewer than run at once, so that both polls and feed have work.
      RUNLEDGER_WATCH_CAP: '20',
    }),
  };
}
