import type { Artifacts } from '../io/artifacts.ts';
import { type Redacting, redacting } from '../redacting.ts';
import { reportFailure } from '../report-failure.ts';
import { newRun } from '../run.ts';
import type { World } from '../world.ts';
import { closePreview } from './down.ts';
import { enginePlace } from './engine-place.ts';
import { reapPreviews } from './reap.ts';
import { type PreviewRequest, readPreviewRequest } from './request.ts';
import type { Session } from './session.ts';
import { swarmPlace } from './swarm-place.ts';
import { upPreview } from './up.ts';

/** Opens the outside world; `engine` says to Docker's client where the engine is. */
export type OpenWorld = (engine: Readonly<Record<string, string>>) => World;

/** The action `preview`: what the event asks for, once. A failure is one annotation and fails the step. */
export async function preview(open: OpenWorld, artifacts: Artifacts, cancelled: AbortSignal): Promise<void> {
  const outside = open({});
  const run = newRun(outside);
  let show = await redacting(outside);
  try {
    const request = await readPreviewRequest(show.world);
    show = await redacting(open(engineOf(request)));
    await perform({ request, run, show, artifacts, cancelled });
  } catch (error) {
    if (cancelled.aborted) {
      show.world.runner.info('Cancelled; the next run of this pull request goes on from here.');
      process.exitCode = 1;
    } else await reportFailure(error, run, show);
  } finally {
    await leave(show, run.directory);
  }
}

async function perform(session: Session): Promise<void> {
  const { request, show } = session;
  const { task } = request;
  const place = request.inputs.place === 'swarm' ? swarmPlace(show.world) : enginePlace(show.world);
  switch (task.kind) {
    case 'up':
      return upPreview(task, session, place);
    case 'down':
      return closePreview(task.number, 'closed', session, place);
    case 'reap':
      return reapPreviews(session, place);
    case 'skip':
      show.world.runner.notice(task.why);
      show.world.runner.output('state', 'skipped');
  }
}

/** DOCKER_HOST goes before the context in Docker's client, so that one of them has to be empty. */
function engineOf({ inputs }: PreviewRequest): Readonly<Record<string, string>> {
  if (inputs.dockerHost !== '') return { DOCKER_HOST: inputs.dockerHost };
  return inputs.dockerContext === '' ? {} : { DOCKER_HOST: '', DOCKER_CONTEXT: inputs.dockerContext };
}

async function leave({ world }: Redacting, directory: string | undefined): Promise<void> {
  world.cache.close();
  if (directory !== undefined) await world.machine.removeFolder(directory).catch(() => undefined);
}
