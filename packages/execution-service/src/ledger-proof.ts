import type {
  LedgerFigures,
  NamespaceProofReader,
  OwnFigures,
  OwnProofReader,
  Proof,
  ProofLedger,
  StoryLedger,
  UnprovenLedger,
  UnprovenNamespace,
  WatermarkLedger,
} from '@runledger/contracts';
import type { CallOptions } from './call-database.ts';
import { callDatabase } from './call-database.ts';
import { toStory } from './story-row.ts';
import type { Supabase } from './supabase.ts';

type ProofKeeping = WatermarkLedger &
  ProofLedger &
  OwnProofReader &
  NamespaceProofReader &
  UnprovenLedger &
  StoryLedger;

/** Below any limit of rows that an API is usually set to. */
const PAGE = 200;

/** What the monitor keeps about itself, and what people ask about it. */
export function createProofKeeping(supabase: Supabase, call: CallOptions): ProofKeeping {
  async function state(namespace: string) {
    // Quoted, because @supabase/lite takes a bare `true` for a boolean.
    const quoted = `("${namespace.replace(/[\\"]/g, '\\$&')}")`;
    const rows = await callDatabase(
      () => supabase.from('monitor_state').select('watermarks,proof').filter('temporal_namespace', 'in', quoted),
      call,
    );
    return rows[0] as { watermarks: Record<string, string>; proof: unknown } | undefined;
  }

  return {
    async watermark(namespace, name) {
      return (await state(namespace))?.watermarks[name] ?? null;
    },

    async saveWatermark(namespace, name, value) {
      await callDatabase(
        () => supabase.rpc('save_monitor_state', { p_namespace: namespace, p_watermarks: { [name]: value } }),
        call,
      );
    },

    async publishProof(namespace, proof) {
      const p_proof = { ...proof };
      await callDatabase(() => supabase.rpc('save_monitor_state', { p_namespace: namespace, p_proof }), call);
    },

    async getProof(namespace) {
      return ((await state(namespace))?.proof ?? null) as Proof | null;
    },

    async namespaceProofs() {
      const proofs: { namespace: string; proof: unknown }[] = [];
      for (;;) {
        const last = proofs.at(-1)?.namespace;
        const rows = await callDatabase(() => {
          const page = supabase.from('monitor_state').select('temporal_namespace,proof').order('temporal_namespace');
          return (last === undefined ? page : page.gt('temporal_namespace', last)).limit(PAGE);
        }, call);
        if (rows.length === 0) return proofs;
        proofs.push(...rows.map(({ temporal_namespace: namespace, proof }) => ({ namespace, proof })));
      }
    },

    async figures(namespace) {
      const answer = await callDatabase(() => supabase.rpc('ledger_figures', { p_namespace: namespace }), call);
      return answer as unknown as LedgerFigures;
    },

    async ownFigures(userId, namespace) {
      const own = { p_user_id: userId, p_namespace: namespace };
      return (await callDatabase(() => supabase.rpc('own_figures', own), call)) as unknown as OwnFigures;
    },

    async unprovenNamespaces() {
      const answer = await callDatabase(() => supabase.rpc('unproven_namespaces'), call);
      return answer as unknown as UnprovenNamespace[];
    },

    async story(id) {
      const answer = await callDatabase(() => supabase.rpc('execution_story', { p_ref: id }), call);
      return answer === null ? null : toStory(answer as unknown as Parameters<typeof toStory>[0]);
    },
  };
}
