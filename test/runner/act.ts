import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execute, installAct, programEnvironment } from './act-program.ts';
import { createRepository } from './act-repositories.ts';
import { rootPrefix, trackingPrefix } from './environment.ts';
import { underGuard } from './last-rites.ts';
import { endOrphans } from './orphans.ts';
import { trackingName } from './process-table.ts';

export { copyCheckout, nameSelf, standIns } from './act-repositories.ts';

export interface ActRun {
  readonly code: number | undefined;
  readonly output: string;
  /** Names of the processes that the jobs had left running; they were ended. */
  readonly orphans: readonly string[];
}

export interface Downstream {
  /** The workflow, as a repository that uses the action has it: `.github/workflows/ci.yml`. */
  readonly workflow: string;
  /** Folders that stand for repositories, each ref of its own: `owner/name@ref` to path. For actions and workflows. */
  readonly repositories: Readonly<Record<string, string>>;
  readonly files?: Readonly<Record<string, string>>;
  /** Without it a push. */
  readonly event?: { readonly name: string; readonly payload?: unknown };
  /** What actions are to know, such as `resultsService().env`. act has one environment for all steps: `run` sees it too. */
  readonly actionEnv?: Readonly<Record<string, string>>;
  /** The first line that matches is the moment in which somebody cancels the run (SIGINT). */
  readonly cancelWhen?: RegExp;
  /** Each line of the log as it comes. */
  readonly onLine?: (line: string) => void;
}

/** Pushes a commit to a repository of its own whose only workflow is the given one, and runs it on this machine. */
export async function runAct(downstream: Downstream): Promise<ActRun> {
  const act = await installAct();
  const root = await mkdtemp(join(tmpdir(), rootPrefix));
  const mark = `${trackingPrefix}${randomUUID()}`;
  const release = underGuard(root, mark);
  try {
    const repository = join(root, 'downstream');
    const files = { ...downstream.files, '.github/workflows/ci.yml': downstream.workflow };
    await createRepository(repository, files);
    const argv = [act, ...(await writeOptions(root, mark, downstream))];
    const folders = {
      XDG_CACHE_HOME: join(root, 'cache'),
      XDG_CONFIG_HOME: join(root, 'config'),
      TMPDIR: root,
    };
    const environment = { ...programEnvironment(), ...folders, [trackingName]: mark };
    let cancelled = false;
    const ran = await execute(argv, repository, environment, (line, program) => {
      downstream.onLine?.(line);
      if (cancelled || downstream.cancelWhen?.test(line) !== true) return;
      cancelled = true;
      program.cancel();
    });
    const orphans = await endOrphans(mark);
    // act's own exit code is 0 for it.
    if (/Skipping unsupported platform/.test(ran.output)) throw new Error(`act ran nothing:\n${ran.output}`);
    return { ...ran, orphans };
  } finally {
    release();
    await rm(root, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** Of `runs-on`: all of them are this machine. */
const machines = ['latest', '26.04', '26.04-arm', '24.04', '24.04-arm', '22.04']
  .map((release) => `ubuntu-${release}`)
  .concat('self-hosted');

async function writeOptions(root: string, mark: string, downstream: Downstream): Promise<string[]> {
  const { event = { name: 'push' }, actionEnv = {}, repositories } = downstream;
  const [environment, payload] = [join(root, 'actions.env'), join(root, 'event.json')];
  const variables = Object.entries({ ...actionEnv, [trackingName]: mark });
  await writeFile(environment, variables.map(([name, value]) => `${name}=${value}\n`).join(''));
  await writeFile(payload, JSON.stringify(event.payload ?? {}));
  const local = Object.entries(repositories).map(([name, path]) => `--local-repository=${name}=${path}`);
  return [
    event.name,
    `--eventpath=${payload}`,
    `--env-file=${environment}`,
    `--action-cache-path=${join(root, 'act')}`,
    ...machines.map((name) => `--platform=${name}=-self-hosted`),
    '--no-cache-server',
    '--pull=false',
    ...local,
  ];
}
