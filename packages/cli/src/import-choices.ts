/** What can be done about a row that is refused, or is to be looked after: by the import's own options, where it has one. */
const CHOICES: Record<string, string> = {
  'it names no user': '--user <id> says whose',
  'its user is not in runledger.users': '--create-users adds them',
  'its user id has more than 1,000 bytes': '--column user=… names another column',
  'it names no workflow': '--workflow <id> says which',
  'its status is not known': '--status <theirs>=<ours> says what it means',
  'its start is missing, or cannot be read': '--column started_at=… names another column',
  'its start lies in the future': '--column started_at=… names another column',
  'its end lies before its start': '--swap-times exchanges them, --drop-end takes start plus duration',
  'its end lies in the future': '--drop-end takes start plus duration',
  'its duration is negative': '--drop-duration takes end minus start',
  'it has ended, but neither its end nor its duration can be read': '--column completed_at=… names another column',
  'it has more than 50 tags': '--cut leaves out the rest',
  'its verdict has more than 100 characters': '--cut leaves out the rest',
  'its Temporal workflow id has more than 1,000 bytes': '--column temporal_workflow_id=none leaves it out',
  'its id is that of an execution of another user or workflow': '--column id=… names another column',
};

/** In brackets, to follow the reason; empty where only the row itself can be repaired. */
export function choiceFor(reason: string | null): string {
  const choice = reason === null ? undefined : CHOICES[reason];
  return choice === undefined ? '' : ` (${choice})`;
}
