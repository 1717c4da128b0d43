import type { Command, CommandResult } from '../../src/core/command.ts';
import { asObject, asString, stringEntries } from '../../src/core/json.ts';
import type { Argv, Containers } from '../core/check.ts';

/** The container of a service, running or not. */
export interface FoundContainer {
  readonly service: string;
  readonly id: string;
  /** The image's ID, which nothing has to be pulled for. */
  readonly image: string;
  /** The name of the recipe, where the image is a stand-in of ours for the published one. */
  readonly standIn: string | undefined;
  readonly networks: readonly string[];
}

const quick = 30_000;
/** A JVM inside starts slowly on a busy machine; the check's own deadline comes first. */
const patient = 300_000;

const format =
  '{"id":{{json .ID}},"image":{{json .Image}},"labels":{{json .Config.Labels}},"networks":{{json .NetworkSettings.Networks}}}';

/** The containers of a project, one for each service; none where Docker does not answer. */
export async function findContainers(project: string, run: Command): Promise<readonly FoundContainer[]> {
  const label = `label=com.docker.compose.project=${project}`;
  const listed = await run(['docker', 'ps', '--all', '--quiet', '--filter', label], { timeout: quick });
  const ids = listed.stdout.split('\n').filter((id) => id !== '');
  if (ids.length === 0) return [];
  const inspected = ['docker', 'container', 'inspect', '--format', format, ...ids] as const;
  const { stdout } = await run([...inspected], { timeout: quick });
  const found = stdout.split('\n').flatMap((text) => (text === '' ? [] : decode(JSON.parse(text))));
  return found.filter(({ service }, at) => found.findIndex((each) => each.service === service) === at);
}

function decode(json: unknown): readonly FoundContainer[] {
  const map = asObject(json) ?? {};
  const labels = stringEntries(map['labels']);
  const service = labels['com.docker.compose.service'];
  if (service === undefined) return [];
  const [id = '', image = ''] = [asString(map['id']), asString(map['image'])];
  const standIn = labels['org.paklog.stand-in'];
  return [{ service, id, image, standIn, networks: Object.keys(asObject(map['networks']) ?? {}) }];
}

/** The `docker` command line, as far as round trips need it. */
export function containersOf(
  found: readonly FoundContainer[],
  project: string,
  id: string,
  run: Command,
): Containers {
  let besides = 0;
  const of = (service: string) => found.find((each) => each.service === service);
  const docker = (service: string, signal: AbortSignal, argv: (container: FoundContainer) => string[]) => {
    const container = of(service);
    if (container === undefined) return Promise.resolve(noContainer(service, project));
    return run(['docker', ...argv(container)], { timeout: patient, signal });
  };
  return {
    execute: (service, argv, signal) => docker(service, signal, (own) => ['exec', own.id, ...argv]),
    restart: (service, signal) => docker(service, signal, (own) => ['restart', own.id]),
    beside: async (service, argv, signal) => {
      besides += 1;
      const name = `${project}-smoke-${id}-${besides}`;
      try {
        return await docker(service, signal, (own) => runBeside(own, project, name, argv));
      } finally {
        // A client that was killed leaves the container running.
        if (signal.aborted) await run(['docker', 'rm', '--force', '--volumes', name], { timeout: quick });
      }
    },
  };
}

function runBeside(own: FoundContainer, project: string, name: string, [program, ...words]: Argv): string[] {
  const networks = own.networks.slice(0, 1).flatMap((network) => ['--network', network]);
  // Whoever takes the project down looks for this label.
  const label = `com.docker.compose.project=${project}`;
  const command = ['--entrypoint', program, own.image, ...words];
  return ['run', '--rm', '--pull', 'never', '--name', name, '--label', label, ...networks, ...command];
}

function noContainer(service: string, project: string): CommandResult {
  const stderr = `project ${project} has no container of ${service}`;
  return { command: [], exitCode: undefined, stdout: '', stderr, timedOut: false, missing: true };
}
