import { close } from './closing.ts';
import { decodeState } from './core/state.ts';
import { keepWhatCame } from './images/keep-left.ts';
import type { Artifacts } from './io/artifacts.ts';
import { phase } from './phase.ts';
import { redacting } from './redacting.ts';
import type { World } from './world.ts';

/** Time for saving what came from registries. Milliseconds. */
const cacheTime = 180_000;

/**
 * The action's post phase: keeps the evidence of a run that went wrong, takes the project down and verifies that nothing of
 * it is left; then saves images for the next run. It acts on the saved state alone, and nothing that fails here turns a green job red.
 */
export async function finish(outside: World, artifacts: Artifacts): Promise<void> {
  const saved = outside.runner.state();
  const state = decodeState(saved);
  if (state === undefined) {
    if (saved === '') outside.runner.info('Nothing was started, nothing to take down.');
    else
      outside.runner.warning(
        'The saved state cannot be read, so nothing was taken down. `docker compose ls` shows what still runs.',
      );
    return;
  }
  const show = await redacting(outside);
  const { runner } = show.world;
  const closing = { ...state, jobStatus: runner.input('job-status') };
  await close(closing, show, artifacts, (left) => runner.warning(left));
  const limit = AbortSignal.timeout(cacheTime - 5000);
  await phase('Cache', cacheTime, show.world, () => keepWhatCame(closing, show.world, limit));
}
