export type Json = string | number | boolean | null | { [key: string]: Json | undefined } | Json[];

export type Database = {
  runledger: {
    Tables: {
      execution_changes: {
        Row: {
          changed_at: string;
          created_by: string;
          deleted: boolean;
          deleted_by: string | null;
          execution_id: string;
          revision: number;
          workflow_id: string;
          xid: unknown;
        };
        ComputedFields: never;
        Insert: {
          changed_at?: string;
          created_by: string;
          deleted?: boolean;
          deleted_by?: string | null;
          execution_id: string;
          revision: number;
          workflow_id: string;
          xid?: unknown;
        };
        Update: {
          changed_at?: string;
          created_by?: string;
          deleted?: boolean;
          deleted_by?: string | null;
          execution_id?: string;
          revision?: number;
          workflow_id?: string;
          xid?: unknown;
        };
        Relationships: [];
      };
      execution_checks: {
        Row: {
          created_by: string;
          execution_id: string;
          health: string | null;
          last_check_at: string | null;
          next_check_at: string;
          reason: string | null;
          remedy: string | null;
          started_at: string;
          temporal_namespace: string;
        };
        ComputedFields: never;
        Insert: {
          created_by: string;
          execution_id: string;
          health?: string | null;
          last_check_at?: string | null;
          next_check_at?: string;
          reason?: string | null;
          remedy?: string | null;
          started_at: string;
          temporal_namespace: string;
        };
        Update: {
          created_by?: string;
          execution_id?: string;
          health?: string | null;
          last_check_at?: string | null;
          next_check_at?: string;
          reason?: string | null;
          remedy?: string | null;
          started_at?: string;
          temporal_namespace?: string;
        };
        Relationships: [];
      };
      execution_deltas: {
        Row: {
          bytes: number | null;
          created_by: string;
          failure_shape: string | null;
          hour: string;
          new_duration_ms: number | null;
          new_failure_group: string | null;
          new_queue_ms: number | null;
          new_status: string | null;
          new_verdict: string | null;
          old_duration_ms: number | null;
          old_failure_group: string | null;
          old_queue_ms: number | null;
          old_status: string | null;
          old_verdict: string | null;
          workflow_id: string;
          xid: unknown;
        };
        ComputedFields: never;
        Insert: {
          bytes?: number | null;
          created_by: string;
          failure_shape?: string | null;
          hour: string;
          new_duration_ms?: number | null;
          new_failure_group?: string | null;
          new_queue_ms?: number | null;
          new_status?: string | null;
          new_verdict?: string | null;
          old_duration_ms?: number | null;
          old_failure_group?: string | null;
          old_queue_ms?: number | null;
          old_status?: string | null;
          old_verdict?: string | null;
          workflow_id: string;
          xid?: unknown;
        };
        Update: {
          bytes?: number | null;
          created_by?: string;
          failure_shape?: string | null;
          hour?: string;
          new_duration_ms?: number | null;
          new_failure_group?: string | null;
          new_queue_ms?: number | null;
          new_status?: string | null;
          new_verdict?: string | null;
          old_duration_ms?: number | null;
          old_failure_group?: string | null;
          old_queue_ms?: number | null;
          old_status?: string | null;
          old_verdict?: string | null;
          workflow_id?: string;
          xid?: unknown;
        };
        Relationships: [];
      };
      execution_import_previews: {
        Row: {
          claim: string;
          execution_id: string;
          noted_at: string;
          owners: string;
          pass: number;
        };
        ComputedFields: never;
        Insert: {
          claim: string;
          execution_id: string;
          noted_at?: string;
          owners: string;
          pass: number;
        };
        Update: {
          claim?: string;
          execution_id?: string;
          noted_at?: string;
          owners?: string;
          pass?: number;
        };
        Relationships: [];
      };
      execution_import_rows: {
        Row: {
          detail: string | null;
          execution_id: string | null;
          reason: string | null;
          result: string;
          source: string;
          source_id: string;
          status: string | null;
        };
        ComputedFields: never;
        Insert: {
          detail?: string | null;
          execution_id?: string | null;
          reason?: string | null;
          result: string;
          source: string;
          source_id: string;
          status?: string | null;
        };
        Update: {
          detail?: string | null;
          execution_id?: string | null;
          reason?: string | null;
          result?: string;
          source?: string;
          source_id?: string;
          status?: string | null;
        };
        Relationships: [];
      };
      execution_imports: {
        Row: {
          after_key: string | null;
          finished_at: string | null;
          known: number;
          options: NonNullable<Json>;
          pass: number;
          refused: number;
          rows: number;
          source: string;
          started_at: string;
          taken: number;
          total: number;
          updated_at: string;
        };
        ComputedFields: never;
        Insert: {
          after_key?: string | null;
          finished_at?: string | null;
          known?: number;
          options?: NonNullable<Json>;
          pass?: number;
          refused?: number;
          rows?: number;
          source: string;
          started_at?: string;
          taken?: number;
          total?: number;
          updated_at?: string;
        };
        Update: {
          after_key?: string | null;
          finished_at?: string | null;
          known?: number;
          options?: NonNullable<Json>;
          pass?: number;
          refused?: number;
          rows?: number;
          source?: string;
          started_at?: string;
          taken?: number;
          total?: number;
          updated_at?: string;
        };
        Relationships: [];
      };
      execution_label_stats: {
        Row: {
          created_by: string;
          description: string | null;
          executions: number;
          grain: string;
          kind: string;
          label: string;
          starts_at: string;
          workflow_id: string;
        };
        ComputedFields: never;
        Insert: {
          created_by: string;
          description?: string | null;
          executions: number;
          grain: string;
          kind: string;
          label: string;
          starts_at: string;
          workflow_id: string;
        };
        Update: {
          created_by?: string;
          description?: string | null;
          executions?: number;
          grain?: string;
          kind?: string;
          label?: string;
          starts_at?: string;
          workflow_id?: string;
        };
        Relationships: [];
      };
      execution_progress: {
        Row: {
          counter: number;
          created_by: string;
          execution_id: string;
          message: string | null;
          percent: number | null;
          reported_at: string;
          run_id: string | null;
          step: number | null;
          steps: number | null;
        };
        ComputedFields: never;
        Insert: {
          counter?: number;
          created_by: string;
          execution_id: string;
          message?: string | null;
          percent?: number | null;
          reported_at?: string;
          run_id?: string | null;
          step?: number | null;
          steps?: number | null;
        };
        Update: {
          counter?: number;
          created_by?: string;
          execution_id?: string;
          message?: string | null;
          percent?: number | null;
          reported_at?: string;
          run_id?: string | null;
          step?: number | null;
          steps?: number | null;
        };
        Relationships: [];
      };
      execution_prunes: {
        Row: {
          after_id: string | null;
          beat_at: string;
          examined: number;
          finished_at: string | null;
          had_payloads: number;
          had_timelines: number;
          id: string;
          payloads: number;
          payloads_before: string | null;
          policy: NonNullable<Json>;
          rows: number;
          rows_before: string | null;
          started_at: string;
          timelines: number;
          timelines_before: string | null;
          unsettled: number;
        };
        ComputedFields: never;
        Insert: {
          after_id?: string | null;
          beat_at?: string;
          examined?: number;
          finished_at?: string | null;
          had_payloads?: number;
          had_timelines?: number;
          id: string;
          payloads?: number;
          payloads_before?: string | null;
          policy: NonNullable<Json>;
          rows?: number;
          rows_before?: string | null;
          started_at?: string;
          timelines?: number;
          timelines_before?: string | null;
          unsettled?: number;
        };
        Update: {
          after_id?: string | null;
          beat_at?: string;
          examined?: number;
          finished_at?: string | null;
          had_payloads?: number;
          had_timelines?: number;
          id?: string;
          payloads?: number;
          payloads_before?: string | null;
          policy?: NonNullable<Json>;
          rows?: number;
          rows_before?: string | null;
          started_at?: string;
          timelines?: number;
          timelines_before?: string | null;
          unsettled?: number;
        };
        Relationships: [];
      };
      execution_quota_usage: {
        Row: {
          day: string;
          day_used: number;
          hour: string;
          hour_used: number;
          month: string;
          month_used: number;
          quota_id: string;
          user_id: string;
        };
        ComputedFields: never;
        Insert: {
          day?: string;
          day_used?: number;
          hour?: string;
          hour_used?: number;
          month?: string;
          month_used?: number;
          quota_id: string;
          user_id: string;
        };
        Update: {
          day?: string;
          day_used?: number;
          hour?: string;
          hour_used?: number;
          month?: string;
          month_used?: number;
          quota_id?: string;
          user_id?: string;
        };
        Relationships: [
          {
            foreignKeyName: 'execution_quota_usage_quota_id_fkey';
            columns: ['quota_id'];
            isOneToOne: false;
            referencedRelation: 'execution_quotas';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'execution_quota_usage_user_id_fkey';
            columns: ['user_id'];
            isOneToOne: false;
            referencedRelation: 'users';
            referencedColumns: ['id'];
          },
        ];
      };
      execution_quotas: {
        Row: {
          concurrent_executions: number | null;
          created_at: string;
          executions_per_day: number | null;
          executions_per_hour: number | null;
          executions_per_month: number | null;
          id: string;
          stored_bytes: number | null;
          updated_at: string;
          user_id: string | null;
          workflow_id: string | null;
        };
        ComputedFields: never;
        Insert: {
          concurrent_executions?: number | null;
          created_at?: string;
          executions_per_day?: number | null;
          executions_per_hour?: number | null;
          executions_per_month?: number | null;
          id?: string;
          stored_bytes?: number | null;
          updated_at?: string;
          user_id?: string | null;
          workflow_id?: string | null;
        };
        Update: {
          concurrent_executions?: number | null;
          created_at?: string;
          executions_per_day?: number | null;
          executions_per_hour?: number | null;
          executions_per_month?: number | null;
          id?: string;
          stored_bytes?: number | null;
          updated_at?: string;
          user_id?: string | null;
          workflow_id?: string | null;
        };
        Relationships: [
          {
            foreignKeyName: 'the_user_is_known';
            columns: ['user_id'];
            isOneToOne: false;
            referencedRelation: 'users';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'the_workflow_is_known';
            columns: ['workflow_id'];
            isOneToOne: false;
            referencedRelation: 'workflows';
            referencedColumns: ['id'];
          },
        ];
      };
      execution_reports: {
        Row: {
          actor: string | null;
          created_by: string;
          execution_id: string;
          report_id: string;
          reported_at: string;
          result: string;
          run_id: string | null;
          status: string;
        };
        ComputedFields: never;
        Insert: {
          actor?: string | null;
          created_by: string;
          execution_id: string;
          report_id: string;
          reported_at?: string;
          result: string;
          run_id?: string | null;
          status: string;
        };
        Update: {
          actor?: string | null;
          created_by?: string;
          execution_id?: string;
          report_id?: string;
          reported_at?: string;
          result?: string;
          run_id?: string | null;
          status?: string;
        };
        Relationships: [];
      };
      execution_requests: {
        Row: {
          actor: string;
          answer: string | null;
          created_by: string;
          execution_id: string;
          id: string;
          kind: string;
          reason: string | null;
          requested_at: string;
          rerun_id: string | null;
          signal_name: string | null;
        };
        ComputedFields: never;
        Insert: {
          actor: string;
          answer?: string | null;
          created_by: string;
          execution_id: string;
          id?: string;
          kind: string;
          reason?: string | null;
          requested_at?: string;
          rerun_id?: string | null;
          signal_name?: string | null;
        };
        Update: {
          actor?: string;
          answer?: string | null;
          created_by?: string;
          execution_id?: string;
          id?: string;
          kind?: string;
          reason?: string | null;
          requested_at?: string;
          rerun_id?: string | null;
          signal_name?: string | null;
        };
        Relationships: [];
      };
      execution_runs: {
        Row: {
          cause: string;
          closed_at: string | null;
          created_by: string;
          error_message: string | null;
          execution_id: string;
          previous_run_id: string | null;
          run_id: string;
          started_at: string;
          status: string;
        };
        ComputedFields: never;
        Insert: {
          cause: string;
          closed_at?: string | null;
          created_by: string;
          error_message?: string | null;
          execution_id: string;
          previous_run_id?: string | null;
          run_id: string;
          started_at: string;
          status: string;
        };
        Update: {
          cause?: string;
          closed_at?: string | null;
          created_by?: string;
          error_message?: string | null;
          execution_id?: string;
          previous_run_id?: string | null;
          run_id?: string;
          started_at?: string;
          status?: string;
        };
        Relationships: [];
      };
      execution_start_options: {
        Row: {
          created_by: string;
          execution_id: string;
          execution_timeout: string | null;
          run_timeout: string | null;
          start_delay_ms: number | null;
        };
        ComputedFields: never;
        Insert: {
          created_by: string;
          execution_id: string;
          execution_timeout?: string | null;
          run_timeout?: string | null;
          start_delay_ms?: number | null;
        };
        Update: {
          created_by?: string;
          execution_id?: string;
          execution_timeout?: string | null;
          run_timeout?: string | null;
          start_delay_ms?: number | null;
        };
        Relationships: [];
      };
      execution_stats: {
        Row: {
          counts: number[];
          created_by: string;
          duration_buckets: number[] | null;
          duration_count: number;
          duration_counts: number[] | null;
          duration_max: number | null;
          duration_min: number | null;
          duration_sum: number;
          grain: string;
          is_stale: boolean;
          queue_buckets: number[] | null;
          queue_count: number;
          queue_counts: number[] | null;
          queue_max: number | null;
          queue_min: number | null;
          queue_sum: number;
          starts_at: string;
          workflow_id: string;
        };
        ComputedFields: never;
        Insert: {
          counts?: number[];
          created_by: string;
          duration_buckets?: number[] | null;
          duration_count?: number;
          duration_counts?: number[] | null;
          duration_max?: number | null;
          duration_min?: number | null;
          duration_sum?: number;
          grain: string;
          is_stale?: boolean;
          queue_buckets?: number[] | null;
          queue_count?: number;
          queue_counts?: number[] | null;
          queue_max?: number | null;
          queue_min?: number | null;
          queue_sum?: number;
          starts_at: string;
          workflow_id: string;
        };
        Update: {
          counts?: number[];
          created_by?: string;
          duration_buckets?: number[] | null;
          duration_count?: number;
          duration_counts?: number[] | null;
          duration_max?: number | null;
          duration_min?: number | null;
          duration_sum?: number;
          grain?: string;
          is_stale?: boolean;
          queue_buckets?: number[] | null;
          queue_count?: number;
          queue_counts?: number[] | null;
          queue_max?: number | null;
          queue_min?: number | null;
          queue_sum?: number;
          starts_at?: string;
          workflow_id?: string;
        };
        Relationships: [];
      };
      execution_stats_pruned: {
        Row: {
          counts: number[];
          created_by: string;
          duration_buckets: number[] | null;
          duration_count: number;
          duration_counts: number[] | null;
          duration_max: number | null;
          duration_min: number | null;
          duration_sum: number;
          failures: NonNullable<Json>;
          grain: string;
          queue_buckets: number[] | null;
          queue_count: number;
          queue_counts: number[] | null;
          queue_max: number | null;
          queue_min: number | null;
          queue_sum: number;
          starts_at: string;
          verdicts: NonNullable<Json>;
          workflow_id: string;
        };
        ComputedFields: never;
        Insert: {
          counts?: number[];
          created_by: string;
          duration_buckets?: number[] | null;
          duration_count?: number;
          duration_counts?: number[] | null;
          duration_max?: number | null;
          duration_min?: number | null;
          duration_sum?: number;
          failures?: NonNullable<Json>;
          grain: string;
          queue_buckets?: number[] | null;
          queue_count?: number;
          queue_counts?: number[] | null;
          queue_max?: number | null;
          queue_min?: number | null;
          queue_sum?: number;
          starts_at: string;
          verdicts?: NonNullable<Json>;
          workflow_id: string;
        };
        Update: {
          counts?: number[];
          created_by?: string;
          duration_buckets?: number[] | null;
          duration_count?: number;
          duration_counts?: number[] | null;
          duration_max?: number | null;
          duration_min?: number | null;
          duration_sum?: number;
          failures?: NonNullable<Json>;
          grain?: string;
          queue_buckets?: number[] | null;
          queue_count?: number;
          queue_counts?: number[] | null;
          queue_max?: number | null;
          queue_min?: number | null;
          queue_sum?: number;
          starts_at?: string;
          verdicts?: NonNullable<Json>;
          workflow_id?: string;
        };
        Relationships: [
          {
            foreignKeyName: 'execution_stats_pruned_created_by_fkey';
            columns: ['created_by'];
            isOneToOne: false;
            referencedRelation: 'users';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'execution_stats_pruned_workflow_id_fkey';
            columns: ['workflow_id'];
            isOneToOne: false;
            referencedRelation: 'workflows';
            referencedColumns: ['id'];
          },
        ];
      };
      execution_storage: {
        Row: {
          bytes: number;
          created_by: string;
        };
        ComputedFields: never;
        Insert: {
          bytes: number;
          created_by: string;
        };
        Update: {
          bytes?: number;
          created_by?: string;
        };
        Relationships: [];
      };
      execution_timelines: {
        Row: {
          activities_executed: number;
          created_by: string;
          execution_id: string;
          next_try_at: string;
          omitted: NonNullable<Json>;
          read_at: string | null;
          state: string;
          steps: NonNullable<Json>;
          temporal_namespace: string;
        };
        ComputedFields: never;
        Insert: {
          activities_executed?: number;
          created_by: string;
          execution_id: string;
          next_try_at?: string;
          omitted?: NonNullable<Json>;
          read_at?: string | null;
          state?: string;
          steps?: NonNullable<Json>;
          temporal_namespace: string;
        };
        Update: {
          activities_executed?: number;
          created_by?: string;
          execution_id?: string;
          next_try_at?: string;
          omitted?: NonNullable<Json>;
          read_at?: string | null;
          state?: string;
          steps?: NonNullable<Json>;
          temporal_namespace?: string;
        };
        Relationships: [];
      };
      execution_transitions: {
        Row: {
          actor: string | null;
          at: string;
          authority: string;
          created_by: string;
          execution_id: string;
          from_status: string | null;
          is_lost: boolean;
          merged_execution_id: string | null;
          reason: string | null;
          report_id: string | null;
          revision: number;
          run_id: string | null;
          source: string;
          to_status: string;
          xid: unknown;
        };
        ComputedFields: never;
        Insert: {
          actor?: string | null;
          at?: string;
          authority: string;
          created_by: string;
          execution_id: string;
          from_status?: string | null;
          is_lost?: boolean;
          merged_execution_id?: string | null;
          reason?: string | null;
          report_id?: string | null;
          revision: number;
          run_id?: string | null;
          source: string;
          to_status: string;
          xid?: unknown;
        };
        Update: {
          actor?: string | null;
          at?: string;
          authority?: string;
          created_by?: string;
          execution_id?: string;
          from_status?: string | null;
          is_lost?: boolean;
          merged_execution_id?: string | null;
          reason?: string | null;
          report_id?: string | null;
          revision?: number;
          run_id?: string | null;
          source?: string;
          to_status?: string;
          xid?: unknown;
        };
        Relationships: [];
      };
      fold_state: {
        Row: {
          cluster: number | null;
          folded_at: string | null;
          folded_below: unknown;
          hours_from: string;
          one: boolean;
        };
        ComputedFields: never;
        Insert: {
          cluster?: number | null;
          folded_at?: string | null;
          folded_below?: unknown;
          hours_from?: string;
          one?: boolean;
        };
        Update: {
          cluster?: number | null;
          folded_at?: string | null;
          folded_below?: unknown;
          hours_from?: string;
          one?: boolean;
        };
        Relationships: [];
      };
      followed_workflows: {
        Row: {
          follows: string[];
          host_table: string;
          key_column: string;
          one: boolean;
          problem: string | null;
          reads: string;
          sync_after: string | null;
          sync_phase: string;
          synced_at: string | null;
        };
        ComputedFields: never;
        Insert: {
          follows: string[];
          host_table: string;
          key_column: string;
          one?: boolean;
          problem?: string | null;
          reads: string;
          sync_after?: string | null;
          sync_phase?: string;
          synced_at?: string | null;
        };
        Update: {
          follows?: string[];
          host_table?: string;
          key_column?: string;
          one?: boolean;
          problem?: string | null;
          reads?: string;
          sync_after?: string | null;
          sync_phase?: string;
          synced_at?: string | null;
        };
        Relationships: [];
      };
      forwarded_rows: {
        Row: {
          due_at: string;
          execution_id: string | null;
          id: number;
          problem: string | null;
          source: string;
          source_id: string | null;
        };
        ComputedFields: never;
        Insert: {
          due_at?: string;
          execution_id?: string | null;
          id?: never;
          problem?: string | null;
          source: string;
          source_id?: string | null;
        };
        Update: {
          due_at?: string;
          execution_id?: string | null;
          id?: never;
          problem?: string | null;
          source?: string;
          source_id?: string | null;
        };
        Relationships: [];
      };
      forwarded_tables: {
        Row: {
          plan: NonNullable<Json>;
          replaced_name: string | null;
          returns: boolean;
          since: string;
          source: string;
          spellings: NonNullable<Json>;
        };
        ComputedFields: never;
        Insert: {
          plan: NonNullable<Json>;
          replaced_name?: string | null;
          returns?: boolean;
          since?: string;
          source: string;
          spellings?: NonNullable<Json>;
        };
        Update: {
          plan?: NonNullable<Json>;
          replaced_name?: string | null;
          returns?: boolean;
          since?: string;
          source?: string;
          spellings?: NonNullable<Json>;
        };
        Relationships: [];
      };
      idempotency_keys: {
        Row: {
          execution_id: string;
          expires_at: string;
          input_hash: string;
          key: string;
          user_id: string;
          workflow_id: string;
        };
        ComputedFields: never;
        Insert: {
          execution_id: string;
          expires_at: string;
          input_hash: string;
          key: string;
          user_id: string;
          workflow_id: string;
        };
        Update: {
          execution_id?: string;
          expires_at?: string;
          input_hash?: string;
          key?: string;
          user_id?: string;
          workflow_id?: string;
        };
        Relationships: [
          {
            foreignKeyName: 'idempotency_keys_execution_id_fkey';
            columns: ['execution_id'];
            isOneToOne: false;
            referencedRelation: 'execution_rows';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'idempotency_keys_execution_id_fkey';
            columns: ['execution_id'];
            isOneToOne: false;
            referencedRelation: 'workflow_executions';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'idempotency_keys_user_id_fkey';
            columns: ['user_id'];
            isOneToOne: false;
            referencedRelation: 'users';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'idempotency_keys_workflow_id_fkey';
            columns: ['workflow_id'];
            isOneToOne: false;
            referencedRelation: 'workflows';
            referencedColumns: ['id'];
          },
        ];
      };
      machine_keys: {
        Row: {
          created_at: string;
          expires_at: string | null;
          id: string;
          key_hash: string;
          key_start: string;
          last_used_at: string | null;
          name: string;
          revoked_at: string | null;
          scopes: string[];
          user_id: string | null;
        };
        ComputedFields: never;
        Insert: {
          created_at?: string;
          expires_at?: string | null;
          id?: string;
          key_hash: string;
          key_start: string;
          last_used_at?: string | null;
          name: string;
          revoked_at?: string | null;
          scopes: string[];
          user_id?: string | null;
        };
        Update: {
          created_at?: string;
          expires_at?: string | null;
          id?: string;
          key_hash?: string;
          key_start?: string;
          last_used_at?: string | null;
          name?: string;
          revoked_at?: string | null;
          scopes?: string[];
          user_id?: string | null;
        };
        Relationships: [
          {
            foreignKeyName: 'machine_keys_user_id_fkey';
            columns: ['user_id'];
            isOneToOne: false;
            referencedRelation: 'users';
            referencedColumns: ['id'];
          },
        ];
      };
      monitor_state: {
        Row: {
          proof: Json | null;
          temporal_namespace: string;
          updated_at: string;
          watermarks: NonNullable<Json>;
        };
        ComputedFields: never;
        Insert: {
          proof?: Json | null;
          temporal_namespace: string;
          updated_at?: string;
          watermarks?: NonNullable<Json>;
        };
        Update: {
          proof?: Json | null;
          temporal_namespace?: string;
          updated_at?: string;
          watermarks?: NonNullable<Json>;
        };
        Relationships: [];
      };
      saved_views: {
        Row: {
          columns: string[];
          created_at: string;
          filter: string;
          id: string;
          is_shared: boolean;
          name: string;
          order_by: string;
          order_direction: string;
          time_zone: string;
          updated_at: string;
          user_id: string;
        };
        ComputedFields: never;
        Insert: {
          columns: string[];
          created_at?: string;
          filter: string;
          id?: string;
          is_shared: boolean;
          name: string;
          order_by: string;
          order_direction: string;
          time_zone: string;
          updated_at?: string;
          user_id: string;
        };
        Update: {
          columns?: string[];
          created_at?: string;
          filter?: string;
          id?: string;
          is_shared?: boolean;
          name?: string;
          order_by?: string;
          order_direction?: string;
          time_zone?: string;
          updated_at?: string;
          user_id?: string;
        };
        Relationships: [
          {
            foreignKeyName: 'saved_views_user_id_fkey';
            columns: ['user_id'];
            isOneToOne: false;
            referencedRelation: 'users';
            referencedColumns: ['id'];
          },
        ];
      };
      user_source: {
        Row: {
          after_id: string | null;
          after_key: string[] | null;
          auth_user_column: string | null;
          confirmed_until: string | null;
          grace: string;
          has_triggers: boolean;
          key_columns: string[];
          left_column: string | null;
          one: boolean;
          problem: string | null;
          refused_at: string | null;
          source: string;
          synced_at: string | null;
        };
        ComputedFields: never;
        Insert: {
          after_id?: string | null;
          after_key?: string[] | null;
          auth_user_column?: string | null;
          confirmed_until?: string | null;
          grace?: string;
          has_triggers: boolean;
          key_columns: string[];
          left_column?: string | null;
          one?: boolean;
          problem?: string | null;
          refused_at?: string | null;
          source: string;
          synced_at?: string | null;
        };
        Update: {
          after_id?: string | null;
          after_key?: string[] | null;
          auth_user_column?: string | null;
          confirmed_until?: string | null;
          grace?: string;
          has_triggers?: boolean;
          key_columns?: string[];
          left_column?: string | null;
          one?: boolean;
          problem?: string | null;
          refused_at?: string | null;
          source?: string;
          synced_at?: string | null;
        };
        Relationships: [];
      };
      users: {
        Row: {
          auth_user_id: string | null;
          changed_claims: NonNullable<Json>;
          created_at: string;
          id: string;
          is_followed: boolean;
          keep_until: string | null;
          left_at: string | null;
          moved_to: string | null;
        };
        ComputedFields: never;
        Insert: {
          auth_user_id?: string | null;
          changed_claims?: NonNullable<Json>;
          created_at?: string;
          id: string;
          is_followed?: boolean;
          keep_until?: string | null;
          left_at?: string | null;
          moved_to?: string | null;
        };
        Update: {
          auth_user_id?: string | null;
          changed_claims?: NonNullable<Json>;
          created_at?: string;
          id?: string;
          is_followed?: boolean;
          keep_until?: string | null;
          left_at?: string | null;
          moved_to?: string | null;
        };
        Relationships: [];
      };
      workflow_executions: {
        Row: {
          activities_executed: number | null;
          cancel_reason: string | null;
          cancel_requested_at: string | null;
          cancel_requested_by: string | null;
          closing_run_id: string | null;
          completed_at: string | null;
          created_by: string;
          current_run_id: string | null;
          duration_ms: number | null;
          end_reason: string | null;
          ended_by: string | null;
          engine: string;
          engine_started_at: string | null;
          error_message: string | null;
          failure: Json | null;
          failure_group: string | null;
          first_task_at: string | null;
          id: string;
          input: Json | null;
          input_note: string | null;
          last_transition: Json | null;
          lost_at: string | null;
          metadata: NonNullable<Json>;
          outcome_authority: string | null;
          output: Json | null;
          output_note: string | null;
          recorded_at: string | null;
          revision: number;
          run_count: number;
          start_by: string | null;
          started_at: string;
          state_snapshot: Json | null;
          status: string;
          tags: string[];
          temporal_namespace: string | null;
          temporal_run_id: string | null;
          temporal_workflow_id: string | null;
          verdict: string | null;
          workflow_id: string;
        };
        ComputedFields: never;
        Insert: {
          activities_executed?: number | null;
          cancel_reason?: string | null;
          cancel_requested_at?: string | null;
          cancel_requested_by?: string | null;
          closing_run_id?: string | null;
          completed_at?: string | null;
          created_by: string;
          current_run_id?: string | null;
          duration_ms?: number | null;
          end_reason?: string | null;
          ended_by?: string | null;
          engine: string;
          engine_started_at?: string | null;
          error_message?: string | null;
          failure?: Json | null;
          failure_group?: string | null;
          first_task_at?: string | null;
          id?: string;
          input?: Json | null;
          input_note?: string | null;
          last_transition?: Json | null;
          lost_at?: string | null;
          metadata?: NonNullable<Json>;
          outcome_authority?: string | null;
          output?: Json | null;
          output_note?: string | null;
          recorded_at?: string | null;
          revision?: number;
          run_count?: number;
          start_by?: string | null;
          started_at?: string;
          state_snapshot?: Json | null;
          status: string;
          tags?: string[];
          temporal_namespace?: string | null;
          temporal_run_id?: string | null;
          temporal_workflow_id?: string | null;
          verdict?: string | null;
          workflow_id: string;
        };
        Update: {
          activities_executed?: number | null;
          cancel_reason?: string | null;
          cancel_requested_at?: string | null;
          cancel_requested_by?: string | null;
          closing_run_id?: string | null;
          completed_at?: string | null;
          created_by?: string;
          current_run_id?: string | null;
          duration_ms?: number | null;
          end_reason?: string | null;
          ended_by?: string | null;
          engine?: string;
          engine_started_at?: string | null;
          error_message?: string | null;
          failure?: Json | null;
          failure_group?: string | null;
          first_task_at?: string | null;
          id?: string;
          input?: Json | null;
          input_note?: string | null;
          last_transition?: Json | null;
          lost_at?: string | null;
          metadata?: NonNullable<Json>;
          outcome_authority?: string | null;
          output?: Json | null;
          output_note?: string | null;
          recorded_at?: string | null;
          revision?: number;
          run_count?: number;
          start_by?: string | null;
          started_at?: string;
          state_snapshot?: Json | null;
          status?: string;
          tags?: string[];
          temporal_namespace?: string | null;
          temporal_run_id?: string | null;
          temporal_workflow_id?: string | null;
          verdict?: string | null;
          workflow_id?: string;
        };
        Relationships: [
          {
            foreignKeyName: 'the_user_is_known';
            columns: ['created_by'];
            isOneToOne: false;
            referencedRelation: 'users';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'the_workflow_is_known';
            columns: ['workflow_id'];
            isOneToOne: false;
            referencedRelation: 'workflows';
            referencedColumns: ['id'];
          },
        ];
      };
      workflows: {
        Row: {
          archived_at: string | null;
          created_at: string;
          description: string | null;
          execution_timeout: string | null;
          host_deleted_at: string | null;
          host_id: string | null;
          host_table: string | null;
          id: string;
          input_schema: Json | null;
          name: string;
          redact: string[];
          retry_policy: Json | null;
          run_timeout: string | null;
          task_queue: string;
          temporal_namespace: string;
          updated_at: string;
          user_id: string;
          visibility: string;
          workflow_type: string;
        };
        ComputedFields: never;
        Insert: {
          archived_at?: string | null;
          created_at?: string;
          description?: string | null;
          execution_timeout?: string | null;
          host_deleted_at?: string | null;
          host_id?: string | null;
          host_table?: string | null;
          id?: string;
          input_schema?: Json | null;
          name: string;
          redact?: string[];
          retry_policy?: Json | null;
          run_timeout?: string | null;
          task_queue: string;
          temporal_namespace?: string;
          updated_at?: string;
          user_id: string;
          visibility?: string;
          workflow_type: string;
        };
        Update: {
          archived_at?: string | null;
          created_at?: string;
          description?: string | null;
          execution_timeout?: string | null;
          host_deleted_at?: string | null;
          host_id?: string | null;
          host_table?: string | null;
          id?: string;
          input_schema?: Json | null;
          name?: string;
          redact?: string[];
          retry_policy?: Json | null;
          run_timeout?: string | null;
          task_queue?: string;
          temporal_namespace?: string;
          updated_at?: string;
          user_id?: string;
          visibility?: string;
          workflow_type?: string;
        };
        Relationships: [
          {
            foreignKeyName: 'workflows_user_id_fkey';
            columns: ['user_id'];
            isOneToOne: false;
            referencedRelation: 'users';
            referencedColumns: ['id'];
          },
        ];
      };
    };
    Views: {
      execution_rows: {
        Row: {
          activities_executed: number | null;
          cancel_reason: string | null;
          cancel_requested_at: string | null;
          cancel_requested_by: string | null;
          checked: Json | null;
          closing_run_id: string | null;
          completed_at: string | null;
          created_by: string;
          current_run_id: string | null;
          duration_ms: number | null;
          end_reason: string | null;
          ended_by: string | null;
          engine: string;
          engine_started_at: string | null;
          error_message: string | null;
          failure_group: string | null;
          first_task_at: string | null;
          id: string;
          large_metadata: number | null;
          lost_at: string | null;
          metadata: Json | null;
          outcome_authority: string | null;
          recorded_at: string | null;
          revision: number;
          run_count: number;
          start_by: string | null;
          started_at: string;
          status: string;
          tags: string[];
          temporal_namespace: string | null;
          temporal_run_id: string | null;
          temporal_workflow_id: string | null;
          verdict: string | null;
          workflow_id: string;
        };
        ComputedFields: never;
        Insert: {
          activities_executed?: number | null;
          cancel_reason?: string | null;
          cancel_requested_at?: string | null;
          cancel_requested_by?: string | null;
          checked?: never;
          closing_run_id?: string | null;
          completed_at?: string | null;
          created_by?: string | null;
          current_run_id?: string | null;
          duration_ms?: number | null;
          end_reason?: string | null;
          ended_by?: string | null;
          engine?: string | null;
          engine_started_at?: string | null;
          error_message?: string | null;
          failure_group?: string | null;
          first_task_at?: string | null;
          id?: string | null;
          large_metadata?: never;
          lost_at?: string | null;
          metadata?: never;
          outcome_authority?: string | null;
          recorded_at?: string | null;
          revision?: number | null;
          run_count?: number | null;
          start_by?: string | null;
          started_at?: string | null;
          status?: string | null;
          tags?: string[] | null;
          temporal_namespace?: string | null;
          temporal_run_id?: string | null;
          temporal_workflow_id?: string | null;
          verdict?: string | null;
          workflow_id?: string | null;
        };
        Update: {
          activities_executed?: number | null;
          cancel_reason?: string | null;
          cancel_requested_at?: string | null;
          cancel_requested_by?: string | null;
          checked?: never;
          closing_run_id?: string | null;
          completed_at?: string | null;
          created_by?: string | null;
          current_run_id?: string | null;
          duration_ms?: number | null;
          end_reason?: string | null;
          ended_by?: string | null;
          engine?: string | null;
          engine_started_at?: string | null;
          error_message?: string | null;
          failure_group?: string | null;
          first_task_at?: string | null;
          id?: string | null;
          large_metadata?: never;
          lost_at?: string | null;
          metadata?: never;
          outcome_authority?: string | null;
          recorded_at?: string | null;
          revision?: number | null;
          run_count?: number | null;
          start_by?: string | null;
          started_at?: string | null;
          status?: string | null;
          tags?: string[] | null;
          temporal_namespace?: string | null;
          temporal_run_id?: string | null;
          temporal_workflow_id?: string | null;
          verdict?: string | null;
          workflow_id?: string | null;
        };
        Relationships: [
          {
            foreignKeyName: 'the_user_is_known';
            columns: ['created_by'];
            isOneToOne: false;
            referencedRelation: 'users';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'the_workflow_is_known';
            columns: ['workflow_id'];
            isOneToOne: false;
            referencedRelation: 'workflows';
            referencedColumns: ['id'];
          },
        ];
      };
      workflow_run_counts: {
        Row: {
          completed_count: number | null;
          failed_count: number | null;
          last_run_at: string | null;
          total_count: number | null;
          user_id: string | null;
          workflow_id: string | null;
        };
        ComputedFields: never;
        Relationships: [];
      };
    };
    Functions: {
      admit_execution: { Args: { p_request: Json }; Returns: Json };
      admit_executions: { Args: { p_requests: Json; p_user: string }; Returns: Json };
      adopt_executions: {
        Args: { p_runs: Json };
        Returns: {
          execution_id: string;
          ordinal: number;
          result: string;
        }[];
      };
      adopt_executions_document: { Args: { p_runs: Json }; Returns: Json };
      answer_requests: { Args: { p_answers: Json }; Returns: undefined };
      changes_since: { Args: { p_cursor: string; p_limit: number }; Returns: Json };
      compare_executions: {
        Args: { p_everybody?: boolean; p_id: string; p_user_id?: string; p_with?: string; p_workflow_id?: string };
        Returns: Json;
      };
      compare_import: {
        Args: { p_after?: string; p_limit?: number; p_options?: Json; p_source?: string };
        Returns: Json;
      };
      confirm_leavers: { Args: Record<PropertyKey, never>; Returns: undefined };
      correct_first_run: { Args: { p_execution: string; p_first_run: string; p_source: string }; Returns: Json };
      count_by_health: { Args: { p_everybody?: boolean; p_user_id?: string; p_workflow_id?: string }; Returns: Json };
      count_executions: {
        Args: { p_everybody?: boolean; p_filter?: Json; p_user_id?: string; p_workflow_id?: string };
        Returns: Json;
      };
      counted_scopes: { Args: { p_after: string; p_by: string; p_limit: number }; Returns: Json };
      counted_span: { Args: { p_user_id?: string; p_workflow_id?: string }; Returns: Json };
      create_execution: { Args: { p_execution: Json }; Returns: Json };
      create_machine_key: { Args: { p_at_most?: number; p_key: Json }; Returns: Json };
      create_workflow: {
        Args: { p_at_most?: number; p_may_publish?: boolean; p_user_id: string; p_workflow: Json };
        Returns: {
          archived_at: string | null;
          created_at: string;
          description: string | null;
          execution_timeout: string | null;
          host_deleted_at: string | null;
          host_id: string | null;
          host_table: string | null;
          id: string;
          input_schema: Json | null;
          name: string;
          redact: string[];
          retry_policy: Json | null;
          run_timeout: string | null;
          task_queue: string;
          temporal_namespace: string;
          updated_at: string;
          user_id: string;
          visibility: string;
          workflow_type: string;
        }[];
        SetofOptions: {
          from: '*';
          to: 'workflows';
          isOneToOne: false;
          isSetofReturn: true;
        };
      };
      current_access: { Args: Record<PropertyKey, never>; Returns: Json };
      current_user_id: { Args: Record<PropertyKey, never>; Returns: string };
      delete_executions: { Args: { p_ids: string[]; p_user: string }; Returns: Json };
      delete_view: { Args: { p_id: string; p_user_id: string }; Returns: boolean };
      delete_workflow_executions: {
        Args: { p_limit?: number; p_user_id?: string; p_workflow_id: string };
        Returns: number;
      };
      describe_import: { Args: { p_options?: Json; p_source?: string }; Returns: Json };
      describe_rows: {
        Args: { p_user_ids?: string[]; p_usual_ids?: string[]; p_viewer: string; p_workflow_ids?: string[] };
        Returns: Json;
      };
      describe_user: { Args: { p_user: string }; Returns: Json };
      due_checks: { Args: { p_limit: number; p_namespace: string }; Returns: Json };
      end_lost_executions: {
        Args: { p_items: Json };
        Returns: {
          authority: string;
          cancel_reason: string;
          cancel_requested_at: string;
          cancel_requested_by: string;
          execution_id: string;
          ordinal: number;
          result: string;
          revision: number;
          status: string;
        }[];
      };
      end_lost_executions_document: { Args: { p_items: Json }; Returns: Json };
      execution_story: { Args: { p_ref: string }; Returns: Json };
      find_machine_key: { Args: { p_key_hash: string }; Returns: Json };
      find_runs: { Args: { p_namespace: string; p_runs: Json }; Returns: Json };
      fix_stuck_runs: { Args: { older_than?: string }; Returns: number };
      fold_execution_stats: { Args: { p_limit?: number }; Returns: number };
      follow_users: {
        Args: {
          p_auth_user_column?: string;
          p_grace?: string;
          p_key: string;
          p_left_column?: string;
          p_source: string;
        };
        Returns: number;
      };
      follow_workflows: { Args: { p_options: Json; p_table: string }; Returns: Json };
      forget_user: { Args: { p_limit?: number; p_user: string }; Returns: Json };
      forward_changes: { Args: { p_limit?: number; p_source?: string }; Returns: Json };
      forward_runs: { Args: { p_options?: Json; p_source?: string }; Returns: Json };
      get_execution_series: {
        Args: {
          p_from?: string;
          p_step?: string;
          p_time_zone?: string;
          p_to?: string;
          p_user_id?: string;
          p_workflow_id?: string;
        };
        Returns: {
          as_of: string;
          avg_duration_ms: number;
          counts: Json;
          ends_at: string;
          is_rounded: boolean;
          p50_duration_ms: number;
          p95_duration_ms: number;
          starts_at: string;
          total: number;
        }[];
      };
      get_execution_series_document: {
        Args: {
          p_from?: string;
          p_step?: string;
          p_time_zone?: string;
          p_to?: string;
          p_user_id?: string;
          p_workflow_id?: string;
        };
        Returns: Json;
      };
      get_execution_stats: {
        Args: {
          p_from?: string;
          p_to?: string;
          p_user_id?: string;
          p_with_previous?: boolean;
          p_with_queue?: boolean;
          p_workflow_id?: string;
        };
        Returns: {
          as_of: string;
          avg_duration_ms: number;
          avg_queue_ms: number;
          counts: Json;
          ends_at: string;
          extremes_are_exact: boolean;
          max_duration_ms: number;
          max_queue_ms: number;
          min_duration_ms: number;
          min_queue_ms: number;
          p50_duration_ms: number;
          p50_queue_ms: number;
          p90_duration_ms: number;
          p90_queue_ms: number;
          p95_duration_ms: number;
          p95_queue_ms: number;
          p99_duration_ms: number;
          p99_queue_ms: number;
          period: string;
          starts_at: string;
          success_rate: number;
          total: number;
          verdicts: Json;
        }[];
      };
      get_failure_groups: {
        Args: {
          p_everybody?: boolean;
          p_from?: string;
          p_group?: string;
          p_limit?: number;
          p_to?: string;
          p_user_id?: string;
          p_workflow_id?: string;
        };
        Returns: Json;
      };
      get_failure_users: {
        Args: { p_from?: string; p_group: string; p_limit?: number; p_to?: string; p_workflow_id: string };
        Returns: Json;
      };
      get_filtered_series: {
        Args: {
          p_by?: string;
          p_everybody?: boolean;
          p_filter?: Json;
          p_from?: string;
          p_step?: string;
          p_time_zone?: string;
          p_to?: string;
          p_user_id?: string;
          p_workflow_id?: string;
        };
        Returns: Json;
      };
      get_filtered_stats: {
        Args: {
          p_by?: string;
          p_everybody?: boolean;
          p_filter?: Json;
          p_from?: string;
          p_to?: string;
          p_user_id?: string;
          p_with_previous?: boolean;
          p_workflow_id?: string;
        };
        Returns: Json;
      };
      get_top_failures: {
        Args: { p_from?: string; p_limit?: number; p_to?: string; p_user_id?: string; p_workflow_id?: string };
        Returns: {
          activity_type: string;
          as_of: string;
          executions: number;
          failure_group: string;
          failure_type: string;
          first_started_at: string;
          last_execution_id: string;
          last_started_at: string;
          message: string;
        }[];
      };
      get_top_failures_document: {
        Args: { p_from?: string; p_limit?: number; p_to?: string; p_user_id?: string; p_workflow_id?: string };
        Returns: Json;
      };
      get_top_workflows: {
        Args: { p_from?: string; p_limit?: number; p_to?: string; p_user_id?: string; p_with_previous?: boolean };
        Returns: {
          as_of: string;
          avg_duration_ms: number;
          counts: Json;
          p95_duration_ms: number;
          previous_p95_duration_ms: number;
          previous_success_rate: number;
          previous_total: number;
          success_rate: number;
          total: number;
          workflow_id: string;
        }[];
      };
      get_top_workflows_document: {
        Args: { p_from?: string; p_limit?: number; p_to?: string; p_user_id?: string; p_with_previous?: boolean };
        Returns: Json;
      };
      get_user_workflow_run_count: { Args: { p_user_id: string; p_workflow_id?: string }; Returns: number };
      get_view: { Args: { p_id: string; p_user_id: string }; Returns: Json };
      get_workflow: {
        Args: { p_ref: string; p_user_id: string };
        Returns: {
          archived_at: string | null;
          created_at: string;
          description: string | null;
          execution_timeout: string | null;
          host_deleted_at: string | null;
          host_id: string | null;
          host_table: string | null;
          id: string;
          input_schema: Json | null;
          name: string;
          redact: string[];
          retry_policy: Json | null;
          run_timeout: string | null;
          task_queue: string;
          temporal_namespace: string;
          updated_at: string;
          user_id: string;
          visibility: string;
          workflow_type: string;
        }[];
        SetofOptions: {
          from: '*';
          to: 'workflows';
          isOneToOne: false;
          isSetofReturn: true;
        };
      };
      get_workflow_counters: {
        Args: { p_owner_id?: string; p_user_id?: string };
        Returns: {
          as_of: string;
          counts: Json;
          total: number;
          workflow_id: string;
        }[];
      };
      get_workflow_counters_document: { Args: { p_owner_id?: string; p_user_id?: string }; Returns: Json };
      get_workflow_statistics: {
        Args: { p_from?: string; p_to?: string; p_user_id: string; p_with_previous?: boolean; p_workflow_id: string };
        Returns: Json;
      };
      host_problems: { Args: Record<PropertyKey, never>; Returns: Json };
      import_workflow_runs: {
        Args: {
          p_after?: string;
          p_dry_run?: boolean;
          p_limit?: number;
          p_options?: Json;
          p_pass?: number;
          p_source?: string;
        };
        Returns: Json;
      };
      installation: { Args: Record<PropertyKey, never>; Returns: Json };
      ledger_figures: { Args: { p_namespace: string }; Returns: Json };
      list_views: { Args: { p_user_id: string }; Returns: Json };
      list_workflows: {
        Args: { p_after_id?: string; p_after_name?: string; p_after_own?: boolean; p_limit: number; p_user_id: string };
        Returns: {
          archived_at: string;
          created_at: string;
          description: string;
          execution_timeout: string;
          host_id: string;
          id: string;
          input_schema: Json;
          name: string;
          publisher_name: string;
          redact: string[];
          retry_policy: Json;
          run_timeout: string;
          task_queue: string;
          temporal_namespace: string;
          updated_at: string;
          user_id: string;
          visibility: string;
          workflow_type: string;
        }[];
      };
      lost_executions: {
        Args: {
          p_after_id?: string;
          p_after_started_at?: string;
          p_all?: boolean;
          p_limit: number;
          p_namespace: string;
          p_older_than_ms?: number;
        };
        Returns: Json;
      };
      note_changes_since: { Args: { p_column: string; p_since: string; p_source: string }; Returns: number };
      note_requests: { Args: { p_requests: Json; p_user: string }; Returns: Json };
      number_rows: { Args: { p_rows: number }; Returns: number[] };
      own_figures: { Args: { p_namespace: string; p_user_id: string }; Returns: Json };
      pending_starts: {
        Args: { p_limit: number; p_namespace: string; p_older_than_ms: number };
        Returns: {
          execution_id: string;
          execution_timeout: string;
          input: Json;
          retry_policy: Json;
          run_timeout: string;
          start_delay_ms: number;
          task_queue: string;
          temporal_namespace: string;
          temporal_workflow_id: string;
          user_id: string;
          workflow_type: string;
        }[];
      };
      pending_starts_document: {
        Args: { p_limit: number; p_namespace: string; p_older_than_ms: number };
        Returns: Json;
      };
      pending_timelines: {
        Args: { p_limit: number; p_namespace: string };
        Returns: {
          closing_run_id: string;
          execution_id: string;
          run_ids: string[];
          temporal_namespace: string;
          temporal_workflow_id: string;
        }[];
      };
      pending_timelines_document: { Args: { p_limit: number; p_namespace: string }; Returns: Json };
      progress_of: { Args: { p_everybody?: boolean; p_execution: string; p_user: string }; Returns: Json };
      prune_executions: {
        Args: { p_after?: string; p_dry_run?: boolean; p_limit?: number; p_policy: Json; p_run?: string };
        Returns: Json;
      };
      quotas_of: { Args: { p_user_id: string; p_workflow_id?: string }; Returns: Json };
      read_back: { Args: { p_source: string; p_spellings?: Json; p_view: string }; Returns: string };
      read_execution: {
        Args: { p_everybody?: boolean; p_id: string; p_parts?: string[]; p_user_id?: string; p_workflow_id?: string };
        Returns: Json;
      };
      rebuild_execution_stats: { Args: { p_user_id?: string; p_workflow_id?: string }; Returns: number };
      rebuild_execution_stats_part: {
        Args: { p_from?: string; p_lives?: boolean; p_to?: string; p_users?: string[]; p_workflows?: string[] };
        Returns: number;
      };
      recent_runs: {
        Args: { p_everybody?: boolean; p_last?: number; p_user_id: string; p_workflow_ids: string[] };
        Returns: Json;
      };
      record_open: {
        Args: { p_runs: Json };
        Returns: {
          authority: string;
          cancel_reason: string;
          cancel_requested_at: string;
          cancel_requested_by: string;
          execution_id: string;
          ordinal: number;
          result: string;
          revision: number;
          status: string;
        }[];
      };
      record_open_document: { Args: { p_runs: Json }; Returns: Json };
      record_outcomes: {
        Args: { p_count_runs?: boolean; p_outcomes: Json };
        Returns: {
          authority: string;
          cancel_reason: string;
          cancel_requested_at: string;
          cancel_requested_by: string;
          execution_id: string;
          ordinal: number;
          result: string;
          revision: number;
          run_count: number;
          status: string;
        }[];
      };
      record_outcomes_document: { Args: { p_count_runs?: boolean; p_outcomes: Json }; Returns: Json };
      record_starts: { Args: { p_starts: Json }; Returns: Json };
      regroup_failures: { Args: { p_after?: string; p_limit?: number }; Returns: Json };
      report_progress: { Args: { p_report: Json }; Returns: Json };
      request_cancel: {
        Args: { p_by: string; p_execution: string; p_reason: string };
        Returns: {
          authority: string;
          cancel_reason: string;
          cancel_requested_at: string;
          cancel_requested_by: string;
          execution_id: string;
          ordinal: number;
          result: string;
          revision: number;
          status: string;
        }[];
      };
      requests_of: { Args: { p_everybody?: boolean; p_execution: string; p_user: string }; Returns: Json };
      return_changes: { Args: { p_limit?: number; p_source?: string }; Returns: Json };
      return_runs: { Args: { p_source?: string; p_spellings?: Json }; Returns: Json };
      runledger_schema_version: { Args: Record<PropertyKey, never>; Returns: number };
      save_checks: { Args: { p_checks: Json }; Returns: number };
      save_monitor_state: { Args: { p_namespace: string; p_proof?: Json; p_watermarks?: Json }; Returns: undefined };
      save_timelines: { Args: { p_timelines: Json }; Returns: number };
      save_view: { Args: { p_at_most?: number; p_id?: string; p_user_id: string; p_view: Json }; Returns: Json };
      search_everything: { Args: { p_everybody?: boolean; p_text: string; p_user_id: string }; Returns: Json };
      search_executions: {
        Args: {
          p_after?: Json;
          p_ascending?: boolean;
          p_everybody?: boolean;
          p_filter?: Json;
          p_limit?: number;
          p_order_by?: string;
          p_user_id?: string;
          p_workflow_id?: string;
        };
        Returns: Json;
      };
      set_quota: {
        Args: { p_quota: Json };
        Returns: {
          concurrent_executions: number | null;
          created_at: string;
          executions_per_day: number | null;
          executions_per_hour: number | null;
          executions_per_month: number | null;
          id: string;
          stored_bytes: number | null;
          updated_at: string;
          user_id: string | null;
          workflow_id: string | null;
        }[];
        SetofOptions: {
          from: '*';
          to: 'execution_quotas';
          isOneToOne: false;
          isSetofReturn: true;
        };
      };
      settle_users: { Args: { p_limit?: number }; Returns: Json };
      stop_forwarding: { Args: { p_drops_what_is_left?: boolean; p_source: string }; Returns: boolean };
      sync_users: { Args: { p_limit?: number }; Returns: Json };
      sync_workflows: { Args: { p_limit?: number }; Returns: Json };
      trim_changes: { Args: { p_limit?: number }; Returns: number };
      unfollow_users: { Args: Record<PropertyKey, never>; Returns: undefined };
      unfollow_workflows: { Args: Record<PropertyKey, never>; Returns: boolean };
      unproven_namespaces: { Args: Record<PropertyKey, never>; Returns: Json };
      unsettled_by_ids: { Args: { p_ids: string[]; p_namespace: string }; Returns: Json };
      update_workflow: {
        Args: { p_changes: Json; p_id: string; p_may_publish?: boolean; p_may_reveal?: boolean; p_user_id: string };
        Returns: {
          archived_at: string | null;
          created_at: string;
          description: string | null;
          execution_timeout: string | null;
          host_deleted_at: string | null;
          host_id: string | null;
          host_table: string | null;
          id: string;
          input_schema: Json | null;
          name: string;
          redact: string[];
          retry_policy: Json | null;
          run_timeout: string | null;
          task_queue: string;
          temporal_namespace: string;
          updated_at: string;
          user_id: string;
          visibility: string;
          workflow_type: string;
        }[];
        SetofOptions: {
          from: '*';
          to: 'workflows';
          isOneToOne: false;
          isSetofReturn: true;
        };
      };
      user_names: { Args: { p_ids: string[]; p_workflow_id: string }; Returns: Json };
      usual_durations: {
        Args: { p_workflow_ids: string[] };
        Returns: {
          quantiles_ms: number[];
          sample: number;
          workflow_id: string;
        }[];
      };
      usual_durations_document: { Args: { p_workflow_ids: string[] }; Returns: Json };
      verify_execution_stats: {
        Args: { p_user_id?: string; p_workflow_id?: string };
        Returns: {
          counted: number;
          created_by: string;
          field: string;
          grain: string;
          recounted: number;
          starts_at: string;
          workflow_id: string;
        }[];
      };
      verify_execution_stats_part: {
        Args: { p_from?: string; p_lives?: boolean; p_to?: string; p_users?: string[]; p_workflows?: string[] };
        Returns: Json;
      };
      youngest_unsettled: {
        Args: { p_after_id?: string; p_after_started_at?: string; p_limit: number; p_namespace: string };
        Returns: Json;
      };
    };
    Enums: {
      [_ in never]: never;
    };
    CompositeTypes: {
      [_ in never]: never;
    };
  };
};

type DatabaseWithoutInternals = Omit<Database, '__InternalSupabase'>;

type DefaultSchema = DatabaseWithoutInternals[Extract<keyof Database, 'runledger'>];

export type Tables<
  DefaultSchemaTableNameOrOptions extends
    | keyof (DefaultSchema['Tables'] & DefaultSchema['Views'])
    | { schema: keyof DatabaseWithoutInternals },
  TableName extends DefaultSchemaTableNameOrOptions extends {
    schema: keyof DatabaseWithoutInternals;
  }
    ? keyof (DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions['schema']]['Tables'] &
        DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions['schema']]['Views'])
    : never = never,
> = DefaultSchemaTableNameOrOptions extends { schema: keyof DatabaseWithoutInternals }
  ? (DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions['schema']]['Tables'] &
      DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions['schema']]['Views'])[TableName] extends {
      Row: infer R;
    }
    ? R
    : never
  : DefaultSchemaTableNameOrOptions extends keyof (DefaultSchema['Tables'] & DefaultSchema['Views'])
    ? (DefaultSchema['Tables'] & DefaultSchema['Views'])[DefaultSchemaTableNameOrOptions] extends {
        Row: infer R;
      }
      ? R
      : never
    : never;

export type TablesInsert<
  DefaultSchemaTableNameOrOptions extends keyof DefaultSchema['Tables'] | { schema: keyof DatabaseWithoutInternals },
  TableName extends DefaultSchemaTableNameOrOptions extends {
    schema: keyof DatabaseWithoutInternals;
  }
    ? keyof DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions['schema']]['Tables']
    : never = never,
> = DefaultSchemaTableNameOrOptions extends { schema: keyof DatabaseWithoutInternals }
  ? DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions['schema']]['Tables'][TableName] extends {
      Insert: infer I;
    }
    ? I
    : never
  : DefaultSchemaTableNameOrOptions extends keyof DefaultSchema['Tables']
    ? DefaultSchema['Tables'][DefaultSchemaTableNameOrOptions] extends {
        Insert: infer I;
      }
      ? I
      : never
    : never;

export type TablesUpdate<
  DefaultSchemaTableNameOrOptions extends keyof DefaultSchema['Tables'] | { schema: keyof DatabaseWithoutInternals },
  TableName extends DefaultSchemaTableNameOrOptions extends {
    schema: keyof DatabaseWithoutInternals;
  }
    ? keyof DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions['schema']]['Tables']
    : never = never,
> = DefaultSchemaTableNameOrOptions extends { schema: keyof DatabaseWithoutInternals }
  ? DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions['schema']]['Tables'][TableName] extends {
      Update: infer U;
    }
    ? U
    : never
  : DefaultSchemaTableNameOrOptions extends keyof DefaultSchema['Tables']
    ? DefaultSchema['Tables'][DefaultSchemaTableNameOrOptions] extends {
        Update: infer U;
      }
      ? U
      : never
    : never;

export type Enums<
  DefaultSchemaEnumNameOrOptions extends keyof DefaultSchema['Enums'] | { schema: keyof DatabaseWithoutInternals },
  EnumName extends DefaultSchemaEnumNameOrOptions extends {
    schema: keyof DatabaseWithoutInternals;
  }
    ? keyof DatabaseWithoutInternals[DefaultSchemaEnumNameOrOptions['schema']]['Enums']
    : never = never,
> = DefaultSchemaEnumNameOrOptions extends { schema: keyof DatabaseWithoutInternals }
  ? DatabaseWithoutInternals[DefaultSchemaEnumNameOrOptions['schema']]['Enums'][EnumName]
  : DefaultSchemaEnumNameOrOptions extends keyof DefaultSchema['Enums']
    ? DefaultSchema['Enums'][DefaultSchemaEnumNameOrOptions]
    : never;

export type CompositeTypes<
  PublicCompositeTypeNameOrOptions extends
    | keyof DefaultSchema['CompositeTypes']
    | { schema: keyof DatabaseWithoutInternals },
  CompositeTypeName extends PublicCompositeTypeNameOrOptions extends {
    schema: keyof DatabaseWithoutInternals;
  }
    ? keyof DatabaseWithoutInternals[PublicCompositeTypeNameOrOptions['schema']]['CompositeTypes']
    : never = never,
> = PublicCompositeTypeNameOrOptions extends { schema: keyof DatabaseWithoutInternals }
  ? DatabaseWithoutInternals[PublicCompositeTypeNameOrOptions['schema']]['CompositeTypes'][CompositeTypeName]
  : PublicCompositeTypeNameOrOptions extends keyof DefaultSchema['CompositeTypes']
    ? DefaultSchema['CompositeTypes'][PublicCompositeTypeNameOrOptions]
    : never;

export const Constants = {
  runledger: {
    Enums: {},
  },
} as const;
