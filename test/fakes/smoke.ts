import type { Check, Services, Stack } from '../../smoke/core/check.ts';
import type { CheckResult } from '../../smoke/core/report.ts';
import type { World } from '../../smoke/world.ts';

/** A check that passes, unless told otherwise. */
export function check(id: string, more: Partial<Check> = {}): Check {
  const [system = ''] = id.split('.');
  const run = async () => undefined;
  return { id, system, promise: `${id} holds.`, needs: [system], deadline: 5000, run, ...more };
}

const address = { host: 'localhost', port: 7001, url: 'localhost:7001' };
const endpoint = { ...address, network: { host: 'queue', port: 17001, url: 'queue:17001' } };

export function servicesOf(...names: readonly string[]): Services {
  return Object.fromEntries(
    names.map((name) => [name, { image: `${name}:1`, endpoints: { main: endpoint } }]),
  );
}

const nothing = () => Promise.reject(new Error('There is no container.'));

export const stack: Stack = {
  project: 'p',
  id: 's1',
  services: servicesOf('queue', 'store'),
  containers: { execute: nothing, beside: nothing, restart: nothing },
};

export function result(id: string, more: Partial<CheckResult> = {}): CheckResult {
  const [system = ''] = id.split('.');
  return { id, system, promise: `${id} holds.`, outcome: 'passed', ms: 1200, ...more };
}

export interface SmokeScene {
  readonly inputs?: Readonly<Record<string, string>>;
  /** The output `services` of each project that was brought up here. */
  readonly projects?: Readonly<Record<string, Services>>;
  /** Services of the project that have containers; those whose image is a stand-in end in `*`. */
  readonly containers?: readonly string[];
}

export interface SmokeSeen {
  readonly infos: string[];
  readonly failures: { readonly title: string; readonly text: string }[];
  readonly summaries: string[];
  readonly outputs: Map<string, string>;
  readonly files: Map<string, string>;
}

/** A runner, a machine and an engine in memory. */
export function smokeWorld(scene: SmokeScene): { world: World; seen: SmokeSeen } {
  const seen: SmokeSeen = { infos: [], failures: [], summaries: [], outputs: new Map(), files: new Map() };
  const runner: Pick<World['runner'], 'input' | 'output' | 'info' | 'fail' | 'summary'> = {
    input: (name) => scene.inputs?.[name] ?? '',
    output: (name, value) => void seen.outputs.set(name, value),
    info: (text) => void seen.infos.push(text),
    fail: (title, text) => void seen.failures.push({ title, text }),
    summary: async (markdown) => void seen.summaries.push(markdown),
  };
  const texts = Object.entries(scene.projects ?? {}).map(
    ([name, each]) => [name, JSON.stringify(each)] as const,
  );
  const containers = (scene.containers ?? []).map((name) => {
    const service = name.replace('*', '');
    return {
      service,
      id: service,
      image: service,
      standIn: name.endsWith('*') ? service : undefined,
      networks: [],
    };
  });
  let now = 0;
  const world: World = {
    runner,
    files: {
      projects: async () => new Map(texts),
      write: async (folder, files) => {
        for (const [name, text] of Object.entries(files)) seen.files.set(`/${folder}/${name}`, text);
        return `/${folder}`;
      },
    },
    findContainers: async () => containers,
    containersOf: () => stack.containers,
    salt: () => 's1',
    now: () => (now += 1000),
    date: () => Date.parse('2030-01-02T03:04:05Z'),
  };
  return { world, seen };
}
