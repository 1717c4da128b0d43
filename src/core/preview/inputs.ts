import type { Problem } from '../errors.ts';
import { quote } from '../errors.ts';
import { duration, images, lines, list, oneOf, type Refuse } from '../inputs.ts';
import { type Exposure, readExposures } from './exposure.ts';

export const places = ['engine', 'swarm'] as const;
export type PlaceName = (typeof places)[number];
export type Proxy = 'none' | 'traefik' | 'caddy';

/** How previews are reached. */
export interface Reach {
  /** The name under which published ports are reached; empty: what the engine's own address says. */
  readonly host: string;
  /** The address on which ports are published; empty: this machine alone where the engine is here, else all. */
  readonly bindAddress: string;
  readonly ports: PortRange;
  readonly proxy: Proxy;
  /** Below this name every preview has one of its own, behind the proxy. */
  readonly domain: string;
  readonly proxyNetwork: string;
  readonly proxyScheme: 'http' | 'https';
  /** Swarm: every node answers on a published port, or only the one that the task runs on. */
  readonly routing: 'mesh' | 'host';
}

/** Ports, both ends included. */
export interface PortRange {
  readonly first: number;
  readonly last: number;
}

/** The inputs of the action `preview`, checked. */
export interface PreviewInputs {
  readonly command: (typeof commands)[number];
  readonly composeFiles: readonly string[];
  /** Of the stack; `none` stands for none. */
  readonly services: readonly string[];
  readonly images: ReadonlyMap<string, string>;
  readonly exposures: readonly Exposure[];
  readonly place: PlaceName;
  readonly dockerHost: string;
  readonly dockerContext: string;
  readonly reach: Reach;
  /** Where built images are pushed to; empty for nowhere. */
  readonly registry: string;
  /** Milliseconds. */
  readonly ttl: number;
  readonly timeout: number;
  /** 0: the event's own. */
  readonly pullRequest: number;
  /** Empty: the event's own. */
  readonly commit: string;
  /** Name of GitHub's deployment environment; `{number}` stands for the pull request. */
  readonly environment: string;
  readonly comment: boolean;
}

const commands = ['auto', 'up', 'down', 'reap'] as const;

export const previewInputNames = [
  ...['command', 'compose-files', 'services', 'images', 'expose', 'place', 'docker-host', 'docker-context'],
  ...['host', 'bind-address', 'ports', 'proxy', 'domain', 'proxy-network', 'proxy-scheme', 'swarm-routing'],
  ...['registry', 'ttl', 'timeout', 'pull-request', 'commit', 'environment', 'comment', 'token'],
] as const;

/** Reads the raw inputs; every problem is reported. An empty value means the input's default. */
export function parsePreviewInputs(raw: Readonly<Record<string, string>>): {
  inputs: PreviewInputs;
  problems: readonly Problem[];
} {
  const problems: Problem[] = [];
  const refuse: Refuse = (where, what) => problems.push({ where, what });
  const text = (name: string, missing = '') => (raw[name] ?? '').trim() || missing;
  const shaped = (name: string, form: RegExp, what: string, missing = '') =>
    matching(name, text(name, missing), form, what, refuse);
  const inputs: PreviewInputs = {
    command: oneOf('command', text('command', 'auto'), commands, refuse),
    composeFiles: lines(text('compose-files')),
    services: list(text('services', 'none')),
    images: images(text('images'), refuse),
    exposures: readExposures(lines(text('expose')), refuse),
    place: oneOf('place', text('place', 'engine'), places, refuse),
    dockerHost: shaped(
      'docker-host',
      /^(ssh|tcp|unix):\/\/\S+$/,
      'an address such as ssh://deploy@previews.example.com',
    ),
    dockerContext: shaped('docker-context', /^[A-Za-z0-9][\w.+-]*$/, 'the name of a Docker context'),
    reach: readReach(text, shaped, refuse),
    registry: shaped('registry', /^[a-z0-9][a-z0-9.:/_-]*[a-z0-9]$/, 'a registry such as ghcr.io/acme'),
    ttl: readTtl(text('ttl', '3d'), refuse),
    timeout: duration('timeout', text('timeout', '10m'), refuse),
    pullRequest: Number(shaped('pull-request', /^[1-9]\d{0,8}$/, 'the number of a pull request')),
    commit: shaped('commit', /^[0-9a-f]{40}$/, 'a whole commit, 40 of 0-9 and a-f'),
    environment: shaped('environment', /^[^\p{C}]{1,200}$/u, 'a name', 'preview-pr-{number}'),
    comment: oneOf('comment', text('comment', 'true'), ['true', 'false'], refuse) === 'true',
  };
  if (inputs.dockerHost !== '' && inputs.dockerContext !== '')
    refuse('docker-context', 'and `docker-host` both say where the engine is; set one of them');
  return { inputs, problems };
}

type Text = (name: string, missing?: string) => string;
type Shaped = (name: string, form: RegExp, what: string, missing?: string) => string;

function readReach(text: Text, shaped: Shaped, refuse: Refuse): Reach {
  const proxy = oneOf('proxy', text('proxy', 'none'), ['none', 'traefik', 'caddy'], refuse);
  const domain = shaped(
    'domain',
    /^[a-z0-9]([a-z0-9.-]{0,200}[a-z0-9])?$/,
    'a domain such as previews.example.com',
  );
  if (proxy !== 'none' && domain === '')
    refuse('domain', 'is needed with a proxy: every preview gets a host name below it');
  return {
    proxy,
    domain,
    host: shaped('host', /^[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?$/, 'a host name or IPv4 address'),
    bindAddress: shaped('bind-address', /^(\d{1,3}(\.\d{1,3}){3}|[0-9a-f:]*:[0-9a-f:]*)$/, 'an IP address'),
    ports: readPorts(text('ports', '20000-29999'), refuse),
    proxyNetwork: shaped('proxy-network', /^[A-Za-z0-9][\w.-]*$/, 'the name of a Docker network', proxy),
    proxyScheme: oneOf('proxy-scheme', text('proxy-scheme', 'https'), ['https', 'http'], refuse),
    routing: oneOf('swarm-routing', text('swarm-routing', 'mesh'), ['mesh', 'host'], refuse),
  };
}

function matching(name: string, text: string, form: RegExp, what: string, refuse: Refuse): string {
  if (text === '' || form.test(text)) return text;
  refuse(name, `${quote(text)} is not ${what}`);
  return '';
}

function readPorts(text: string, refuse: Refuse): PortRange {
  const [, first = '', last = ''] = /^(\d{1,5})-(\d{1,5})$/.exec(text) ?? [];
  const range = { first: Number(first), last: Number(last) };
  if (range.first < 1024 || range.last > 65_535 || range.last < range.first)
    refuse('ports', `${quote(text)} is not a range of ports from 1024 to 65535, such as 20000-29999`);
  return range;
}

const units: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const longest = 90 * 86_400_000;

function readTtl(text: string, refuse: Refuse): number {
  const [, number = '', unit = ''] = /^(\d{1,6})([smhd])$/.exec(text) ?? [];
  const milliseconds = Number(number) * (units[unit] ?? 0);
  if (milliseconds > 0 && milliseconds <= longest) return milliseconds;
  refuse('ttl', `${quote(text)} is not a time such as 12h or 3d, at most 90d`);
  return 0;
}
