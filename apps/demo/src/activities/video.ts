import { createHash } from 'node:crypto';
import { Context } from '@temporalio/activity';

/** Hashes frames for as long as the video lasts, and says twice a second how far it is; ends early when cancelled. */
export async function transcode(
  title: string,
  seconds: number,
): Promise<{ title: string; frames: number; checksum: string }> {
  const context = Context.current();
  const hash = createHash('sha256');
  let frames = 0;
  for (let half = 0; half < seconds * 2; half++) {
    for (let frame = 0; frame < 12; frame++) hash.update(`${title}:${frames++}`);
    context.heartbeat(frames);
    await context.sleep(500);
  }
  return { title, frames, checksum: hash.digest('hex').slice(0, 16) };
}

export async function removePartialFile(title: string): Promise<string> {
  return `${title}.part`;
}
