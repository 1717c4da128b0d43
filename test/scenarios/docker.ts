import { docker as ask } from './docker-cli.ts';
import { type HeldStack, output, servicesOf } from './held-stack.ts';

/** What a `docker` command printed; throws with what it said when it fails. */
export async function docker(...args: readonly string[]): Promise<string> {
  const { code, stdout, output: said } = await ask(args);
  if (code !== 0) throw new Error(`docker ${args.join(' ')}: exit code ${code}\n${said}`);
  return stdout;
}

/** Pulls an image unless the engine has it. */
export async function haveImage(reference: string): Promise<void> {
  const { code } = await ask(['image', 'inspect', '--format', '{{.Id}}', reference]);
  if (code !== 0) await docker('pull', '--quiet', reference);
}

/** Runs a program in a container of its own: on the stack's network, with its environment, from the image of a system. */
export async function runInNetwork(
  stack: HeldStack,
  system: string,
  argv: readonly string[],
): Promise<string> {
  const image = servicesOf(stack)[system]?.image ?? '';
  const network = ['--network', output(stack, 'network'), '--env-file', output(stack, 'network-env-file')];
  const [program = '', ...args] = argv;
  return docker('run', '--rm', ...network, '--entrypoint', program, image, ...args);
}

interface PortBinding {
  readonly HostIp: string;
  readonly HostPort: string;
}

/** What `docker inspect` says of a container, as far as tests ask. */
export interface Container {
  readonly Id: string;
  readonly Config: { readonly Image: string; readonly Labels: Readonly<Record<string, string>> };
  readonly State: { readonly Status: string; readonly ExitCode: number };
  readonly NetworkSettings: { readonly Ports: Readonly<Record<string, readonly PortBinding[] | null>> };
}

/** Every container of a Compose project, running or not. */
export async function containersOf(project: string): Promise<readonly Container[]> {
  const ids = await docker(
    'ps',
    '--all',
    '--quiet',
    '--filter',
    `label=com.docker.compose.project=${project}`,
  );
  if (ids === '') return [];
  return JSON.parse(
    await docker('inspect', '--type', 'container', ...ids.split('\n')),
  ) as readonly Container[];
}

export function serviceOf(container: Container): string {
  return container.Config.Labels['com.docker.compose.service'] ?? '';
}

/** Every published port: the address and port on the host, and whose it is. */
export function publishedPorts(
  containers: readonly Container[],
): readonly { readonly service: string; readonly address: string; readonly port: number }[] {
  return containers.flatMap((container) =>
    Object.values(container.NetworkSettings.Ports).flatMap((bindings) =>
      (bindings ?? []).map(({ HostIp, HostPort }) => ({
        service: serviceOf(container),
        address: HostIp,
        port: Number(HostPort),
      })),
    ),
  );
}

const units: Readonly<Record<string, number>> = { B: 1, KiB: 1024, MiB: 1024 ** 2, GiB: 1024 ** 3 };

/** Bytes of memory that all containers of a project use now, as `docker stats` counts: without page cache. */
export async function memoryOf(project: string): Promise<number> {
  const ids = (await containersOf(project)).map(({ Id }) => Id);
  const lines = await docker('stats', '--no-stream', '--format', '{{.MemUsage}}', ...ids);
  const used = lines.split('\n').map((line) => {
    const [, number = '', unit = ''] = /^([\d.]+)(\w+) \//.exec(line) ?? [];
    return Number(number) * (units[unit] ?? Number.NaN);
  });
  if (used.length !== ids.length)
    throw new Error(`docker stats told of ${used.length} of ${ids.length} containers`);
  return used.reduce((sum, each) => sum + each, 0);
}
