import type { Command, CommandOptions, CommandResult } from '../core/command.ts';
import { factsIn, type ImageFacts, imageFormat } from '../core/images/image-facts.ts';

export const leftoverKinds = ['container', 'network', 'volume'] as const;
export type LeftoverKind = (typeof leftoverKinds)[number];

export interface ContainerName {
  readonly id: string;
  /** The Compose service that it belongs to. */
  readonly service: string;
}

/** The `docker` command line, as far as bringing a project up and down needs it. */
export interface Docker {
  /** `<engine version> <API version> <architecture>` on stdout. */
  version(): Promise<CommandResult>;
  hasImages(references: readonly string[]): Promise<boolean>;
  /** What those of the images are that are on this machine, by the names that were asked for. */
  imageFacts(images: readonly string[]): Promise<ReadonlyMap<string, ImageFacts>>;
  pull(image: string, platform: string | undefined, signal: AbortSignal): Promise<CommandResult>;
  /** Gives an image another name; one with a digest cannot be given. */
  tag(image: string, name: string): Promise<CommandResult>;
  /** Takes names from images that have others. */
  removeNames(names: readonly string[]): Promise<CommandResult>;
  /** Containers of a project, running or not; none where the engine does not tell. */
  containers(project: string): Promise<readonly ContainerName[]>;
  start(ids: readonly string[], signal: AbortSignal): Promise<CommandResult>;
  /** Gives containers the CPU weight that they would have had. */
  setWeight(ids: readonly string[], weight: number): Promise<CommandResult>;
  /** One JSON line per container, as `inspectFormat` lays it out. */
  inspect(ids: readonly string[]): Promise<CommandResult>;
  /** Calls back for every container event of the project until the signal aborts. */
  events(
    project: string,
    onEvent: (containerId: string) => void,
    signal: AbortSignal,
  ): Promise<CommandResult>;
  execute(
    id: string,
    command: readonly string[],
    env: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ): Promise<CommandResult>;
  /** The last lines of both streams of a container, together. */
  logs(id: string, lines: number): Promise<string>;
  /** Names of containers that publish the host port. */
  publishing(port: number): Promise<CommandResult>;
  /** IDs of what carries the project's label, undefined where the engine does not tell. */
  labelled(kind: LeftoverKind, project: string): Promise<readonly string[] | undefined>;
  remove(kind: LeftoverKind, ids: readonly string[]): Promise<CommandResult>;
}

/** Reads what the engine knows of containers, for the record. It changes nothing. */
export interface EngineReader {
  /** Everything that `docker inspect` says, one JSON object a line. */
  inspectWhole(ids: readonly string[], signal: AbortSignal): Promise<CommandResult>;
  /** The log with time stamps, whole or its last records; the two streams of the command are those of the container. */
  readLog(id: string, last: number | undefined, options: LogOptions): Promise<CommandResult>;
  /** What happened on the whole engine between two moments (milliseconds since 1970), as far as it remembers; JSON lines. */
  pastEvents(since: number, until: number, signal: AbortSignal): Promise<CommandResult>;
  /** What one container uses now, as a JSON object. */
  stats(id: string, signal: AbortSignal): Promise<CommandResult>;
  /** `docker version` and `docker info` as JSON. */
  about(signal: AbortSignal): Promise<{ readonly version: CommandResult; readonly info: CommandResult }>;
}

export type LogOptions = Required<Pick<CommandOptions, 'signal' | 'onOutput' | 'timeout'>>;

const quick = 30_000;
const label = (project: string) => `label=com.docker.compose.project=${project}`;

const inspectFormat =
  '{"id":{{json .ID}},"service":{{json (index .Config.Labels "com.docker.compose.service")}},"restarts":{{.RestartCount}},' +
  '"status":{{json .State.Status}},"exitCode":{{.State.ExitCode}},"oomKilled":{{.State.OOMKilled}},' +
  '"health":{{if .State.Health}}{{json .State.Health.Status}}{{else}}null{{end}}}';

export function dockerCli(run: Command): Docker {
  const docker = (args: readonly string[], timeout = quick) => run(['docker', ...args], { timeout });
  return {
    version: () =>
      docker(['version', '--format', '{{.Server.Version}} {{.Server.APIVersion}} {{.Server.Arch}}'], 10_000),
    hasImages: async (images) => (await imageFacts(docker, images)).size === new Set(images).size,
    imageFacts: (images) => imageFacts(docker, images),
    pull: (image, platform, signal) => pull(run, image, platform, signal),
    tag: (image, name) => docker(['image', 'tag', '--', image, name]),
    removeNames: (names) => docker(['image', 'rm', '--', ...names]),
    containers: async (project) => {
      const format = '{{.ID}} {{.Label "com.docker.compose.service"}}';
      const selected = ['--all', '--no-trunc', '--filter', label(project)];
      const { stdout } = await docker(['ps', ...selected, '--format', format]);
      return stdout.split('\n').flatMap((line) => {
        const [id = '', service = ''] = line.split(' ');
        return service === '' ? [] : [{ id, service }];
      });
    },
    start: (ids, signal) => run(['docker', 'start', ...ids], { timeout: 120_000, signal }),
    setWeight: (ids, weight) => docker(['update', '--cpu-shares', String(weight), ...ids]),
    inspect: (ids) => docker(['container', 'inspect', '--format', inspectFormat, ...ids]),
    events: (project, onEvent, signal) =>
      run(
        [
          'docker',
          'events',
          '--filter',
          'type=container',
          '--filter',
          label(project),
          '--format',
          '{{.Actor.ID}} {{.Action}}',
        ],
        {
          timeout: 2_147_000_000,
          signal,
          onLine: (line) => {
            const [id = '', action = ''] = line.split(' ');
            if (/^(die|oom|restart|start|health_status)/.test(action)) onEvent(id);
          },
        },
      ),
    execute: (id, command, env, signal) => {
      const named = Object.entries(env).flatMap(([name, value]) => ['--env', `${name}=${value}`]);
      return run(['docker', 'exec', ...named, id, ...command], { timeout: 120_000, signal });
    },
    logs: async (id, lines) => {
      const { stdout, stderr } = await docker(['logs', '--tail', String(lines), id]);
      return `${stdout}${stderr}`;
    },
    publishing: (port) => docker(['ps', '--filter', `publish=${port}`, '--format', '{{.Names}}']),
    labelled: async (kind, project) => {
      const all = kind === 'container' ? ['--all'] : [];
      const asked = await docker([kind, 'ls', ...all, '--quiet', '--filter', label(project)]);
      return asked.exitCode === 0 ? asked.stdout.split('\n').filter((id) => id !== '') : undefined;
    },
    remove: (kind, ids) =>
      docker([kind, 'rm', '--force', ...(kind === 'container' ? ['--volumes'] : []), ...ids], 60_000),
  };
}

async function imageFacts(
  docker: (args: readonly string[]) => Promise<CommandResult>,
  images: readonly string[],
): Promise<ReadonlyMap<string, ImageFacts>> {
  if (images.length === 0) return new Map();
  const said = await docker(['image', 'inspect', '--format', imageFormat, '--', ...images]);
  const facts = factsIn(said, images);
  if (facts !== undefined || images.length === 1) return facts ?? new Map();
  const each = await Promise.all(images.map((image) => imageFacts(docker, [image])));
  return new Map(each.flatMap((found) => [...found]));
}

/**
 * Where a registry answers 401 the client asks for a name and a password, also where nobody can answer: it would wait until
 * the time is up (docker/cli 28, whose prompt takes no notice of the end of its input).
 */
async function pull(
  run: Command,
  image: string,
  platform: string | undefined,
  signal: AbortSignal,
): Promise<CommandResult> {
  const prompted = new AbortController();
  const wanted = platform === undefined ? [] : ['--platform', platform];
  const result = await run(['docker', 'pull', '--quiet', ...wanted, '--', image], {
    timeout: 1_800_000,
    signal: AbortSignal.any([signal, prompted.signal]),
    onLine: (line) => {
      if (/login prior to pull/i.test(line)) prompted.abort();
    },
  });
  if (signal.aborted || !prompted.signal.aborted) return result;
  const stderr = `${result.stderr}unauthorized: the registry refused this login, or wants one\n`;
  return { ...result, exitCode: 1, stderr };
}

export function engineReader(run: Command): EngineReader {
  const docker = (args: readonly string[], signal: AbortSignal) =>
    run(['docker', ...args], { timeout: quick, signal });
  return {
    inspectWhole: (ids, signal) => docker(['container', 'inspect', '--format', '{{json .}}', ...ids], signal),
    readLog: (id, last, options) => {
      const tail = last === undefined ? [] : ['--tail', String(last)];
      return run(['docker', 'logs', '--timestamps', ...tail, id], options);
    },
    pastEvents: (since, until, signal) => {
      // Durations such as `0s` are rounded to whole seconds, and would lose the last of them.
      const [from, to] = [since, until].map((moment) => (moment / 1000).toFixed(3));
      return docker(['events', `--since=${from}`, `--until=${to}`, '--format', 'json'], signal);
    },
    stats: (id, signal) => docker(['stats', '--no-stream', '--format', 'json', id], signal),
    about: async (signal) => {
      const [version, info] = await Promise.all([
        docker(['version', '--format', 'json'], signal),
        docker(['info', '--format', 'json'], signal),
      ]);
      return { version, info };
    },
  };
}
