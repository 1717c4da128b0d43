import type { PreviewState } from '../core/preview/state.ts';
import type { World } from '../world.ts';

/** Whose state is told, and where. */
export interface Subject {
  readonly repository: string;
  readonly number: number;
  readonly commit: string;
  readonly environment: string;
  readonly runUrl: string;
  readonly comment: boolean;
}

/** Never throws; a refusal is one warning. */
export async function announce(
  state: PreviewState,
  { number }: Subject,
  { runner }: Pick<World, 'github' | 'runner'>,
): Promise<{ readonly comment?: number; readonly deployment?: number }> {
  runner.info(`Preview of pull request ${number}: ${state.kind}`);
  return {};
}
