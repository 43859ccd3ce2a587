/** Tells by a verified token's claims whether whoever it is of is an operator of this host. */
export type IsOperator = (claims: Readonly<Record<string, unknown>>) => boolean;

/**
 * By default those whom the host's own backend gave `app_metadata.runledger_role = 'operator'`: users cannot write
 * `app_metadata` of Supabase Auth, unlike `user_metadata`.
 */
export const isOperatorByClaim: IsOperator = ({ app_metadata: given }) =>
  typeof given === 'object' && given !== null && (given as Record<string, unknown>).runledger_role === 'operator';
