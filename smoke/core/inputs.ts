import { type Problem, quote } from '../../src/core/errors.ts';
import { duration, list } from '../../src/core/inputs.ts';
import { asObject, asString, entries } from '../../src/core/json.ts';
import { projectNameRule } from '../../src/core/project.ts';
import type { Address, Endpoint, Services } from './check.ts';

/** What the caller asked for; see action.yml for the meaning of each. */
export interface Inputs {
  readonly checks: readonly string[];
  /** Empty: the only one of this job. */
  readonly project: string;
  /** Absent: what the action has left for the project. */
  readonly services?: Services;
  /** Milliseconds for all checks together. */
  readonly timeout: number;
}

export const inputNames = ['checks', 'services', 'project-name', 'timeout'] as const;

/** Reads the raw inputs and reports every problem; an empty value means the input's default. */
export function parseInputs(raw: Readonly<Record<string, string>>): {
  readonly inputs: Inputs;
  readonly problems: readonly Problem[];
} {
  const problems: Problem[] = [];
  const refuse = (where: string, what: string) => void problems.push({ where, what });
  const text = (name: (typeof inputNames)[number], missing = '') => (raw[name] ?? '').trim() || missing;
  const project = text('project-name');
  if (project !== '' && !projectNameRule.test(project))
    refuse('project-name', `${quote(project)} is no name of a Compose project`);
  const services = text('services') === '' ? undefined : decodeServices(text('services'));
  if (text('services') !== '' && services === undefined)
    refuse('services', `${quote(text('services'))} is not what the output \`services\` of the action is`);
  const inputs = {
    checks: list(text('checks', 'all')),
    project,
    ...(services === undefined ? {} : { services }),
    timeout: duration('timeout', text('timeout', '5m'), refuse),
  };
  return { inputs, problems };
}

/** The output `services` of the action; undefined for anything else. */
export function decodeServices(text: string): Services | undefined {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return undefined;
  }
  const services = entries(json).map(([name, item]) => {
    const endpoints = entries(asObject(item)?.['endpoints']).map(
      ([key, each]) => [key, endpoint(each)] as const,
    );
    const known = endpoints.flatMap(([key, each]) => (each === undefined ? [] : [[key, each] as const]));
    const whole = asObject(item) !== undefined && known.length === endpoints.length;
    const image = asString(asObject(item)?.['image']) ?? '';
    return { name, whole, service: { image, endpoints: Object.fromEntries(known) } };
  });
  if (services.length === 0 || services.some(({ whole }) => !whole)) return undefined;
  return Object.fromEntries(services.map(({ name, service }) => [name, service]));
}

function endpoint(json: unknown): Endpoint | undefined {
  const own = address(json);
  const network = address(asObject(json)?.['network']);
  return own === undefined || network === undefined ? undefined : { ...own, network };
}

function address(json: unknown): Address | undefined {
  const map = asObject(json);
  const [host, url, port] = [asString(map?.['host']), asString(map?.['url']), Number(map?.['port'])];
  return host === undefined || url === undefined || !Number.isInteger(port) ? undefined : { host, port, url };
}
