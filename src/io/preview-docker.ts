import { explain } from '../core/causes/explain.ts';
import type { Command, CommandResult } from '../core/command.ts';
import { UserError } from '../core/errors.ts';
import { asObject, asString, type Json } from '../core/json.ts';

const own = ['container', 'network', 'volume', 'image'] as const;
const swarm = ['service', 'config', 'secret'] as const;
export type ThingKind = (typeof own)[number] | (typeof swarm)[number];

/** Something on an engine that carries a label. */
export interface Thing {
  readonly kind: ThingKind;
  readonly id: string;
  readonly labels: Json;
}

export interface PublishedPort {
  readonly project: string;
  readonly service: string;
  /** Inside the container. */
  readonly target: number;
  readonly port: number;
}

/** What previews ask an engine beyond what any project does. Everything throws a UserError where the engine refuses. */
export interface PreviewDocker {
  /** Everything of a kind that has all of these labels, `name` or `name=value`. */
  labelled(kind: ThingKind, labels: readonly string[]): Promise<readonly Thing[]>;
  /** The ports of the host that containers of the engine publish. */
  publishedPorts(): Promise<readonly PublishedPort[]>;
  /** From now on these containers come back after a crash, or a restart of their host. */
  keepRunning(ids: readonly string[]): Promise<void>;
  /** IDs of containers that no restart policy brings back. */
  unguarded(ids: readonly string[]): Promise<readonly string[]>;
  /** Where the engine is, such as `ssh://deploy@previews.example.com`. */
  address(): Promise<string>;
  networks(name: string): Promise<readonly string[]>;
  removeImages(ids: readonly string[]): Promise<CommandResult>;
  /** Volumes without a name of their own that these containers use: their images declare them. */
  looseVolumes(ids: readonly string[]): Promise<readonly string[]>;
  removeVolumes(names: readonly string[]): Promise<CommandResult>;
}

/** Milliseconds. */
const quick = 30_000;

const formats: Readonly<Record<ThingKind, string>> = {
  container: '{"id":{{json .Id}},"labels":{{json .Config.Labels}}}',
  image: '{"id":{{json .Id}},"labels":{{json .Config.Labels}}}',
  network: '{"id":{{json .Id}},"labels":{{json .Labels}}}',
  volume: '{"id":{{json .Name}},"labels":{{json .Labels}}}',
  service: '{"id":{{json .ID}},"labels":{{json .Spec.Labels}}}',
  config: '{"id":{{json .ID}},"labels":{{json .Spec.Labels}}}',
  secret: '{"id":{{json .ID}},"labels":{{json .Spec.Labels}}}',
};

export function previewDocker(run: Command): PreviewDocker {
  const ask = async (...args: readonly string[]): Promise<string> => {
    const result = await run(['docker', ...args], { timeout: quick });
    if (result.exitCode !== 0) throw new UserError(explain(result));
    return result.stdout;
  };
  const inspect = async (
    kind: ThingKind,
    ids: readonly string[],
    format: string,
  ): Promise<readonly string[]> => {
    if (ids.length === 0) return [];
    // What is gone meanwhile makes the command fail, and the others are told all the same.
    const { stdout } = await run(['docker', kind, 'inspect', '--format', format, ...ids], { timeout: quick });
    return words(stdout);
  };
  return {
    labelled: async (kind, labels) => {
      const filters = labels.flatMap((label) => ['--filter', `label=${label}`]);
      const all = kind === 'container' ? ['--all'] : [];
      const ids = words(await ask(kind, 'ls', '--quiet', ...all, ...filters));
      const lines = await inspect(kind, [...new Set(ids)], formats[kind]);
      return lines.flatMap((line) => readThing(kind, line));
    },
    publishedPorts: async () => {
      const label = (name: string) => `{{.Label "com.docker.compose.${name}"}}`;
      const lines = await ask(
        'container',
        'ls',
        '--format',
        `${label('project')}\t${label('service')}\t{{.Ports}}`,
      );
      return lines.split('\n').flatMap(readPorts);
    },
    keepRunning: async (ids) => {
      if (ids.length > 0) await ask('container', 'update', '--restart', 'unless-stopped', ...ids);
    },
    unguarded: async (ids) => {
      const format = '{{.Id}} {{.HostConfig.RestartPolicy.Name}}';
      const lines = await inspect('container', ids, format);
      return lines.flatMap((line) => /^(\w+) (no)?$/.exec(line)?.[1] ?? []);
    },
    // Also right where DOCKER_HOST says where the engine is: that is the context `default` then.
    address: async () => (await ask('context', 'inspect', '--format', '{{.Endpoints.docker.Host}}')).trim(),
    networks: async (name) => words(await ask('network', 'ls', '--quiet', '--filter', `name=^${name}$`)),
    looseVolumes: async (ids) => {
      const format = '{{range .Mounts}}{{if eq .Type "volume"}}{{println .Name}}{{end}}{{end}}';
      const names = await inspect('container', ids, format);
      return names.filter((name) => /^[0-9a-f]{64}$/.test(name));
    },
    removeVolumes: (names) => run(['docker', 'volume', 'rm', ...names], { timeout: quick }),
    removeImages: (ids) => run(['docker', 'image', 'rm', '--force', ...ids], { timeout: quick }),
  };
}

function words(text: string): readonly string[] {
  return text.split('\n').filter((line) => line !== '');
}

function readThing(kind: ThingKind, line: string): readonly Thing[] {
  const json = asObject(JSON.parse(line)) ?? {};
  return [{ kind, id: asString(json['id']) ?? '', labels: asObject(json['labels']) ?? {} }];
}

/** `0.0.0.0:20001->8080/tcp, [::]:20001->8080/tcp`; a range of ports is `20001-20002->8080-8081/tcp`. */
function readPorts(line: string): readonly PublishedPort[] {
  const [project = '', service = '', ports = ''] = line.split('\t');
  return ports.split(', ').flatMap((part) => {
    const [, from = '', to = from, target = ''] = /:(\d+)(?:-(\d+))?->(\d+)/.exec(part) ?? [];
    if (from === '') return [];
    const count = Number(to) - Number(from) + 1;
    return Array.from({ length: count }, (_, index) => ({
      ...{ project, service, target: Number(target) + index, port: Number(from) + index },
    }));
  });
}
