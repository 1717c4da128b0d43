import { asArray, asObject, entries, type Json, stringEntries } from '../json.ts';
import { number, text, texts } from './json.ts';

/** What may be shown of a container: an allow-list of what `docker inspect` says. Values of its environment are not in it. */
export interface ContainerFacts {
  readonly id: string;
  readonly name: string;
  readonly service: string;
  /** Compose's number of the container in its service, from 1 on. */
  readonly number: number;
  readonly image: string;
  readonly imageId: string;
  readonly created: string;
  readonly state: ContainerState;
  readonly restarts: number;
  readonly health?: Health;
  readonly limits: Limits;
  readonly restartPolicy: { readonly name: string; readonly maximumRetries: number };
  readonly command: readonly string[];
  readonly entrypoint: readonly string[];
  readonly user: string;
  readonly healthcheck?: {
    readonly test: readonly string[];
    readonly intervalMs: number;
    readonly timeoutMs: number;
  };
  readonly ports: readonly { readonly container: string; readonly host: string }[];
  readonly networks: readonly { readonly name: string; readonly addresses: readonly string[] }[];
  readonly mounts: readonly Mount[];
  /** Names alone. */
  readonly environment: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
  readonly logDriver: string;
}

export interface ContainerState {
  /** Docker's word: created, running, restarting, paused, exited, dead, removing. */
  readonly status: string;
  readonly exitCode: number;
  readonly oomKilled: boolean;
  readonly error: string;
  /** Process ID of its first process on the engine's machine; 0 where none runs. */
  readonly pid: number;
  readonly started?: string;
  readonly finished?: string;
}

export interface Health {
  readonly status: string;
  readonly failingStreak: number;
  /** Docker keeps the last five. */
  readonly checks: readonly {
    readonly started: string;
    readonly ended: string;
    readonly exitCode: number;
    readonly output: string;
  }[];
}

/** 0 or absent: no limit. */
interface Limits {
  readonly memoryBytes: number;
  readonly memoryAndSwapBytes: number;
  readonly cpuShares: number;
  readonly cpus: number;
  readonly pids: number;
}

interface Mount {
  readonly type: string;
  readonly name?: string;
  readonly destination: string;
  readonly writable: boolean;
}

/** Decodes one container as `docker inspect` writes it. */
export function containerFacts(value: unknown): ContainerFacts {
  const json = asObject(value) ?? {};
  const config = asObject(json['Config']) ?? {};
  const host = asObject(json['HostConfig']) ?? {};
  const labels = composeLabels(config);
  const health = healthOf(asObject(asObject(json['State'])?.['Health']));
  const healthcheck = healthcheckOf(asObject(config['Healthcheck']));
  return {
    id: text(json['Id']),
    name: text(json['Name']).replace(/^\//, ''),
    service: labels['com.docker.compose.service'] ?? '',
    number: Number.parseInt(labels['com.docker.compose.container-number'] ?? '', 10) || 1,
    image: text(config['Image']),
    imageId: text(json['Image']),
    created: text(json['Created']),
    state: stateOf(asObject(json['State']) ?? {}),
    restarts: number(json['RestartCount']),
    ...(health === undefined ? {} : { health }),
    limits: limitsOf(host),
    restartPolicy: {
      name: text(asObject(host['RestartPolicy'])?.['Name']),
      maximumRetries: number(asObject(host['RestartPolicy'])?.['MaximumRetryCount']),
    },
    command: texts(config['Cmd']),
    entrypoint: texts(config['Entrypoint']),
    user: text(config['User']),
    ...(healthcheck === undefined ? {} : { healthcheck }),
    ports: portsOf(json, host),
    networks: networksOf(asObject(json['NetworkSettings']) ?? {}),
    mounts: asArray(json['Mounts']).map((mount) => mountOf(asObject(mount) ?? {})),
    environment: texts(config['Env']).map((pair) => pair.split('=', 1)[0] ?? ''),
    labels,
    logDriver: text(asObject(host['LogConfig'])?.['Type']),
  };
}

function stateOf(json: Json): ContainerState {
  const [started, finished] = [moment(json['StartedAt']), moment(json['FinishedAt'])];
  return {
    status: text(json['Status']),
    exitCode: number(json['ExitCode']),
    oomKilled: json['OOMKilled'] === true,
    error: text(json['Error']),
    pid: number(json['Pid']),
    ...(started === undefined ? {} : { started }),
    ...(finished === undefined ? {} : { finished }),
  };
}

/** Docker writes the year 1 for a moment that has not been. */
function moment(value: unknown): string | undefined {
  const written = text(value);
  return written === '' || written.startsWith('0001-') ? undefined : written;
}

function healthOf(json: Json | undefined): Health | undefined {
  if (json === undefined) return undefined;
  const checks = asArray(json['Log']).map((entry) => {
    const { Start, End, ExitCode, Output } = asObject(entry) ?? {};
    return { started: text(Start), ended: text(End), exitCode: number(ExitCode), output: text(Output) };
  });
  return { status: text(json['Status']), failingStreak: number(json['FailingStreak']), checks };
}

/** Docker counts these in nanoseconds. */
function healthcheckOf(json: Json | undefined): ContainerFacts['healthcheck'] {
  if (json === undefined) return undefined;
  const milliseconds = (value: unknown) => number(value) / 1e6;
  return {
    test: texts(json['Test']),
    intervalMs: milliseconds(json['Interval']),
    timeoutMs: milliseconds(json['Timeout']),
  };
}

function limitsOf(host: Json): Limits {
  return {
    memoryBytes: number(host['Memory']),
    memoryAndSwapBytes: number(host['MemorySwap']),
    cpuShares: number(host['CpuShares']),
    cpus: number(host['NanoCpus']) / 1e9,
    pids: number(host['PidsLimit']),
  };
}

/** A container that does not run has only the ports that it would publish. */
function portsOf(json: Json, host: Json): ContainerFacts['ports'] {
  const running = entries(asObject(json['NetworkSettings'])?.['Ports']);
  const found = running.length > 0 ? running : entries(host['PortBindings']);
  return found.flatMap(([container, bindings]) =>
    asArray(bindings).map((binding) => {
      const { HostIp, HostPort } = asObject(binding) ?? {};
      return { container, host: `${text(HostIp)}:${text(HostPort)}` };
    }),
  );
}

function networksOf(settings: Json): ContainerFacts['networks'] {
  return entries(settings['Networks']).map(([name, network]) => {
    const { IPAddress, GlobalIPv6Address } = asObject(network) ?? {};
    return { name, addresses: [text(IPAddress), text(GlobalIPv6Address)].filter((each) => each !== '') };
  });
}

/** An anonymous volume's name says nothing, and where a bind mount comes from is a path of the machine. */
function mountOf(json: Json): Mount {
  const name = text(json['Name']);
  return {
    type: text(json['Type']),
    ...(name === '' ? {} : { name }),
    destination: text(json['Destination']),
    writable: json['RW'] === true,
  };
}

function composeLabels(config: Json): Readonly<Record<string, string>> {
  const all = Object.entries(stringEntries(config['Labels']));
  return Object.fromEntries(all.filter(([name]) => name.startsWith('com.docker.compose.')));
}
