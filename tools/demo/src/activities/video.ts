import { createHash } from 'node:crypto';
import { appendFile, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { Context } from '@temporalio/activity';
import { partialFile } from './partial-file.ts';

const FRAMES_PER_HALF_SECOND = 12;

const runOf = (context: Context) => context.info.workflowExecution?.runId as string;

/** Writes frames for as long as the video lasts, and says twice a second how far it is; ends early when cancelled. */
export async function transcode(
  title: string,
  seconds: number,
): Promise<{ title: string; frames: number; bytes: number; checksum: string }> {
  const context = Context.current();
  const file = partialFile(runOf(context));
  let frames = 0;
  await writeFile(file, '');
  for (let half = 0; half < seconds * 2; half++) {
    const lines = Array.from({ length: FRAMES_PER_HALF_SECOND }, () => `${title} ${frames++}\n`);
    await appendFile(file, lines.join(''));
    context.heartbeat(frames);
    await context.sleep(500);
  }
  const video = await readFile(file);
  await rm(file);
  return {
    title,
    frames,
    bytes: video.length,
    checksum: createHash('sha256').update(video).digest('hex').slice(0, 16),
  };
}

/** What a cancelled video leaves behind. Returns the bytes that were freed. */
export async function removePartialFile(): Promise<number> {
  const file = partialFile(runOf(Context.current()));
  const bytes = await stat(file).then(
    ({ size }) => size,
    () => 0,
  );
  await rm(file, { force: true });
  return bytes;
}
