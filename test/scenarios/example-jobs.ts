import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { Shell } from '../runner/steps.ts';
import { repository } from './caller-stack.ts';
import { promisedEnvironment } from './environment-table.ts';

/** A service of examples/ with tests of its own, as its workflow describes the job. */
export interface Example {
  readonly name: string;
  readonly folder: string;
  /** What the job asks of the action. */
  readonly inputs: Readonly<Record<string, string>>;
  /** What it runs after the action. */
  readonly command: string;
}

type Given = Readonly<Record<string, string>>;

interface Job {
  readonly uses?: string;
  readonly with?: Given;
  readonly steps?: readonly { readonly uses?: string; readonly run?: string; readonly with?: Given }[];
}

const action = 'paklog/infra-action@v1';
const serviceCi = 'paklog/infra-action/.github/workflows/service-ci.yml@v1';

/** Every example that has a workflow `ci.yml`. */
export async function readExamples(): Promise<readonly Example[]> {
  const root = join(repository, 'examples');
  const found = await readdir(root, { recursive: true });
  const workflows = found.filter((path) => /^[^/]+\/\.github\/workflows\/ci\.yml$/.test(path)).sort();
  const { inputs } = parse(await readFile(join(repository, 'action.yml'), 'utf8')) as { inputs: object };
  return Promise.all(
    workflows.map(async (path) => {
      const [name = ''] = path.split('/');
      const workflow = parse(await readFile(join(root, path), 'utf8')) as { jobs: Record<string, Job> };
      const { given, command } = readJob(workflow.jobs, path);
      const asked = Object.entries(given).filter(([input]) => input in inputs);
      return { name, folder: join(root, name), inputs: Object.fromEntries(asked), command };
    }),
  );
}

function readJob(jobs: Readonly<Record<string, Job>>, path: string): { given: Given; command: string } {
  const [job, ...others] = Object.values(jobs);
  if (job === undefined || others.length > 0) throw new Error(`${path} has not exactly one job.`);
  if (job.uses === serviceCi) {
    const given: Given = { 'export-env': 'default, spring, otel', ...job.with };
    return { given, command: given['run'] ?? '' };
  }
  const steps = job.steps ?? [];
  const infra = steps.findIndex(({ uses }) => uses === action);
  if (infra < 0) throw new Error(`${path} uses neither the action nor service-ci.yml.`);
  const given: Given = { 'export-env': 'default', ...steps[infra]?.with };
  return { given, command: steps.flatMap(({ run = [] }) => run).join('\n') };
}

/**
 * The inputs of one stack that does for all of these examples. Its ports are free ones, so that an address that stands in an example
 * instead of being taken from the environment leads nowhere.
 */
export function stackInputs(examples: readonly Example[]): Readonly<Record<string, string>> {
  const names = new Set(examples.flatMap(({ inputs }) => Object.keys(inputs)));
  // Every one of them is a list, whose entries may stand on lines of their own.
  const joined = [...names].map((name) => {
    const values = examples.flatMap(({ inputs }) => inputs[name] ?? []);
    return [name, [...new Set(values)].join('\n')] as const;
  });
  return { ...Object.fromEntries(joined), ports: 'dynamic' };
}

/** Programs of the host's may need these to find Java, a proxy or a certificate; no system of the stack is named in them. */
const hostsOwn = /^(JAVA_HOME|MAVEN_OPTS|NODE_EXTRA_CA_CERTS|npm_config_.*|\w+_proxy)$/i;

/**
 * Runs an example's command in its folder, with the names that its own job would export and no other of the stack's; `changed`
 * sets some of them to another value, or takes them away.
 */
export async function runExample(
  { folder, inputs, command }: Example,
  { env, exec }: Pick<Shell, 'env' | 'exec'>,
  changed: Readonly<Record<string, string | undefined>> = {},
) {
  const sets = await promisedEnvironment();
  const asked = (inputs['export-env'] ?? '').split(/[\s,]+/);
  const exported = asked.flatMap((set) => Object.keys(sets[set] ?? {}));
  const strangers = Object.values(sets)
    .flatMap((set) => Object.keys(set))
    .filter((name) => name in env && !exported.includes(name));
  const host = Object.entries(process.env).filter(([name]) => hostsOwn.test(name));
  const wanted = {
    // What npm has already it need not ask for again.
    npm_config_prefer_offline: 'true',
    ...Object.fromEntries(host),
    ...Object.fromEntries(strangers.map((name) => [name, undefined])),
    ...changed,
  };
  const settings = Object.entries(wanted).flatMap(([name, value]) =>
    value === undefined ? ['-u', name] : [],
  );
  const values = Object.entries(wanted).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}=${value}`],
  );
  const shell = ['bash', '--noprofile', '--norc', '-euo', 'pipefail', '-c', command];
  return exec(['env', '-C', folder, ...settings, ...values, ...shell], { tolerate: true });
}
