import { Context } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';

/** Fills a history. */
export const carry = async (characters: number): Promise<string> => 'x'.repeat(characters);

/** Fails as often as it is told to. */
export async function work(failures: number): Promise<string> {
  const { attempt } = Context.current().info;
  if (attempt <= failures)
    throw ApplicationFailure.create({ message: `attempt ${attempt} was refused`, type: 'Refused' });
  return `done in attempt ${attempt}`;
}
