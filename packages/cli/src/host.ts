type Output = NodeJS.WritableStream & { isTTY?: boolean; columns?: number };

/** What the command has of the process that it runs in; `process` is one. */
export interface Host {
  env: Record<string, string | undefined>;
  stdin: NodeJS.ReadableStream & { isTTY?: boolean };
  stdout: Output;
  stderr: Output;
}
