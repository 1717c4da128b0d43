import type { Catalogue } from './catalogue/catalogue.ts';
import { type Request, readDeclared } from './catalogue/declared-inputs.ts';
import { type Problem, quote } from './errors.ts';
import { type CacheMode, cacheModes } from './images/policy.ts';
import { type LogWishes, logInputNames, readLogWishes } from './log-wishes.ts';
import { mirrorProblem } from './mirror.ts';
import { projectNameRule } from './project.ts';
import { didYouMean } from './spelling.ts';
import { type JvmMode, jvmModes } from './warm/jvm-options.ts';

export const exportSets = ['default', 'spring', 'otel', 'none'] as const;

/** Everything the caller asked for, typed; see action.yml for the meaning of each. */
export interface Inputs {
  /** Names of systems and groups, `!name` to leave one out, or `none`. */
  readonly services: readonly string[];
  readonly composeFiles: readonly string[];
  /** Empty: a unique one is made. */
  readonly projectName: string;
  readonly ports: 'fixed' | 'dynamic';
  readonly bindAddress: string;
  readonly advertiseHost: string;
  /** Milliseconds from the start of the action to every system working. */
  readonly timeout: number;
  /** Image by Compose service. */
  readonly images: ReadonlyMap<string, string>;
  /** Where images of docker.io are asked for first; empty: nowhere. */
  readonly registryMirror: string;
  readonly cache: CacheMode;
  readonly jvm: JvmMode;
  readonly exportEnv: readonly string[];
  readonly teardown: 'always' | 'never';
  readonly logs: LogWishes;
  /** What the inputs that the catalogue declares ask for. */
  readonly requests: readonly Request[];
}

/** The inputs that every stack has; the rest are declared by the catalogue. */
export const inputNames = [
  'services',
  'compose-files',
  'project-name',
  'ports',
  'bind-address',
  'advertise-host',
  'timeout',
  'images',
  'registry-mirror',
  'cache',
  'jvm',
  'export-env',
  'teardown',
  ...logInputNames,
] as const;

export type Refuse = (where: string, what: string) => void;

/**
 * Reads the raw inputs. Pure; never throws; every problem is reported, each with the input, the value and what is
 * accepted. An empty value means the input's default.
 */
export function parseInputs(
  raw: Readonly<Record<string, string>>,
  catalogue: Catalogue,
): { inputs: Inputs; problems: readonly Problem[] } {
  const problems: Problem[] = [];
  const refuse: Refuse = (where, what) => problems.push({ where, what });
  const text = (name: string, missing = '') => (raw[name] ?? '').trim() || missing;
  const answers = catalogue.inputs.flatMap((input) => readDeclared(input, raw[input.name] ?? ''));
  problems.push(...answers.filter((answer) => 'what' in answer));
  const inputs: Inputs = {
    services: list(text('services', 'all')),
    composeFiles: lines(text('compose-files')),
    projectName: projectName(text('project-name'), refuse),
    ports: oneOf('ports', text('ports', 'fixed'), ['fixed', 'dynamic'], refuse),
    bindAddress: address(text('bind-address', '127.0.0.1'), refuse),
    advertiseHost: host(text('advertise-host', 'localhost'), refuse),
    timeout: duration('timeout', text('timeout', '5m'), refuse),
    images: images(text('images'), refuse),
    cache: oneOf('cache', text('cache', 'auto'), cacheModes, refuse),
    registryMirror: mirror(text('registry-mirror'), refuse),
    jvm: oneOf('jvm', text('jvm', 'startup'), jvmModes, refuse),
    exportEnv: sets(list(text('export-env', 'default')), refuse),
    teardown: oneOf('teardown', text('teardown', 'always'), ['always', 'never'], refuse),
    logs: readLogWishes(raw, 'on-failure', (problem) => problems.push(problem)),
    requests: answers.filter((answer) => 'kind' in answer),
  };
  if (inputs.composeFiles.length === 0 && inputs.services.includes('none')) {
    refuse('services', '"none" runs your own stack alone and needs `compose-files`');
  }
  return { inputs, problems };
}

/** Names between commas or newlines, each once. */
export function list(text: string): readonly string[] {
  const items = text.split(/[\n,]/).map((item) => item.trim());
  return [...new Set(items.filter((item) => item !== ''))];
}

export function lines(text: string): readonly string[] {
  return text.split('\n').flatMap((line) => (line.trim() === '' ? [] : [line.trim()]));
}

export function oneOf<T extends string>(
  name: string,
  text: string,
  allowed: readonly [T, ...(readonly T[])],
  refuse: Refuse,
): T {
  const found = allowed.find((each) => each === text);
  if (found === undefined) refuse(name, `${quote(text)} is not one of: ${allowed.join(', ')}`);
  return found ?? allowed[0];
}

function sets(names: readonly string[], refuse: Refuse): readonly string[] {
  const unknown = names.filter((name) => !exportSets.some((set) => set === name));
  for (const name of unknown) refuse('export-env', `${quote(name)} is not one of: ${exportSets.join(', ')}`);
  if (names.includes('none') && names.length > 1) refuse('export-env', '"none" stands alone');
  return names.filter((name) => name !== 'none');
}

function projectName(text: string, refuse: Refuse): string {
  if (text !== '' && !projectNameRule.test(text)) {
    refuse(
      'project-name',
      `${quote(text)} must be 1 to 63 of a-z, 0-9, - and _, and begin with a letter or digit`,
    );
  }
  return text;
}

function address(text: string, refuse: Refuse): string {
  const bytes = text.split('.');
  const valid = bytes.length === 4 && bytes.every((byte) => /^\d{1,3}$/.test(byte) && Number(byte) <= 255);
  if (!valid && text !== '::1' && text !== '::')
    refuse('bind-address', `${quote(text)} is not an IP address`);
  return text;
}

function host(text: string, refuse: Refuse): string {
  const name = /^[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?$/;
  if (!name.test(text)) refuse('advertise-host', `${quote(text)} is not a host name or IPv4 address`);
  return text;
}

const unitMilliseconds: Readonly<Record<string, number>> = { '': 1000, s: 1000, m: 60_000, h: 3_600_000 };

/** Milliseconds of a duration such as `90s`; 0 for what is none, which is refused. */
export function duration(name: string, text: string, refuse: Refuse): number {
  const [, number = '', unit = ''] = /^(\d{1,6})(s|m|h)?$/.exec(text) ?? [];
  const milliseconds = Number(number) * (unitMilliseconds[unit] ?? 0);
  if (number !== '' && milliseconds > 0 && milliseconds <= 6 * 3_600_000) return milliseconds;
  refuse(name, `${quote(text)} is not a duration such as 90s, 5m or 300 (seconds), at most 6h`);
  return 0;
}

export const imageReference =
  /^[a-z0-9][a-z0-9._/:-]*(:[A-Za-z0-9_][A-Za-z0-9._-]{0,127})?(@sha256:[0-9a-f]{64})?$/;

export function images(text: string, refuse: Refuse): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const line of lines(text)) {
    const [, service = '', image = ''] = /^([A-Za-z0-9._-]+)\s*:\s+["']?(.+?)["']?$/.exec(line) ?? [];
    if (service !== '' && imageReference.test(image)) found.set(service, image);
    else
      refuse(
        'images',
        `${quote(line)} is not \`service: repository:tag\` (an image is lower case, without spaces)`,
      );
  }
  return found;
}

function mirror(text: string, refuse: Refuse): string {
  const problem = text === '' ? undefined : mirrorProblem(text);
  if (problem !== undefined) refuse('registry-mirror', `${quote(text)} ${problem}`);
  return text;
}

/** Problems with names in `images` that no service of the model has. */
export function unknownImages(inputs: Inputs, services: readonly string[]): readonly Problem[] {
  const unknown = [...inputs.images.keys()].filter((service) => !services.includes(service));
  return unknown.map((service) => ({
    where: 'images',
    what: `there is no service ${quote(service)}${didYouMean(service, services)}`,
  }));
}
