import type { CheckLedger, DurationLedger } from './check.ts';
import type { CountLedger } from './count.ts';
import type { EndLedger, LostLedger } from './end.ts';
import type { AdoptionLedger, FeedLedger, TrackLedger } from './follow.ts';
import type { InstallationLedger } from './installation.ts';
import type { StoryLedger, TimelineLedger, TrimLedger } from './keep.ts';
import type { NamespaceProofReader, OwnProofReader, PingLedger, ProofLedger, UnprovenLedger } from './prove.ts';
import type { RecordLedger, StartedLedger } from './record.ts';
import type { ProgressLedger, RequestLedger } from './request.ts';
import type { NamesLedger } from './row-facts.ts';
import type { AdmissionLedger, StartLedger } from './start.ts';
import type { HostLedger, UserLedger } from './users.ts';
import type { ViewLedger } from './views.ts';

/**
 * The whole ledger: needs the service role. Everything is guarded and idempotent, so a repeated, late or concurrent call is
 * harmless. Whoever uses it takes the part that it needs.
 */
export interface Ledger
  extends AdmissionLedger,
    StartLedger,
    RecordLedger,
    StartedLedger,
    EndLedger,
    RequestLedger,
    ProgressLedger,
    LostLedger,
    TrackLedger,
    FeedLedger,
    AdoptionLedger,
    CheckLedger,
    DurationLedger,
    TimelineLedger,
    TrimLedger,
    StoryLedger,
    CountLedger,
    ProofLedger,
    OwnProofReader,
    NamespaceProofReader,
    UnprovenLedger,
    InstallationLedger,
    PingLedger,
    NamesLedger,
    HostLedger,
    UserLedger,
    ViewLedger {}
