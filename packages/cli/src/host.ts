type Output = NodeJS.WritableStream & { isTTY?: boolean; columns?: number; rows?: number };

/** What the command has of the process that it runs in; `process` is one. */
export interface Host {
  env: Record<string, string | undefined>;
  stdin: NodeJS.ReadableStream & { isTTY?: boolean; setRawMode?(isRaw: boolean): unknown };
  stdout: Output;
  stderr: Output;
  /** Asked for by what goes on until Ctrl-C, and by nothing else: aborted then. Default: never. */
  ending?(): AbortSignal;
}
