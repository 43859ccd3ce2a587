import { isUnknownWorkflow } from './grpc-error.ts';

/** The answer of a call, or `null` when Temporal does not know the workflow or run it was about. */
export async function nullIfUnknown<T>(answer: Promise<T>): Promise<T | null> {
  try {
    return await answer;
  } catch (error) {
    if (isUnknownWorkflow(error)) return null;
    throw error;
  }
}
