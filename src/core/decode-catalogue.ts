import { type Part, partKinds } from './bytes.ts';
import { type Catalogue, type Check, type Endpoint, endpointOf, type System } from './catalogue.ts';
import type { DeclaredInput, InputEffect } from './declared-inputs.ts';
import type { Problem } from './errors.ts';
import { asArray, asObject, asString, entries, stringEntries } from './json.ts';

type Report = (at: string, what: string) => void;

/** Decodes `x-paklog` as docs/catalogue.md defines it; every mistake is reported with its path. */
export function decodeCatalogue(value: unknown): { catalogue: Catalogue; problems: readonly Problem[] } {
  const problems: Problem[] = [];
  const report: Report = (at, what) => problems.push({ where: `x-paklog.${at}`, what });
  const map = asObject(value) ?? {};
  const systems = entries(map['systems']).map(([name, entry]) => decodeSystem(name, entry, report));
  const inputs = entries(map['inputs']).flatMap(([name, entry]) => decodeInput(name, entry, report));
  const catalogue = { systems: new Map(systems.map((system) => [system.name, system])), inputs };
  for (const system of systems) checkTargets(catalogue, system, report);
  return { catalogue, problems };
}

function checkTargets(catalogue: Catalogue, system: System, report: Report): void {
  for (const check of system.probe) {
    if (endpointOf(catalogue, check) !== undefined) continue;
    report(`systems.${system.name}.probe`, `there is no endpoint ${check.endpoint} of ${check.system}`);
  }
}

function decodeSystem(name: string, value: unknown, report: Report): System {
  const entry = asObject(value) ?? {};
  const at = `systems.${name}`;
  const group = asString(entry['group']);
  const endpoints = entries(entry['endpoints']).map(([key, item]) =>
    decodeEndpoint(key, item, `${at}.endpoints`, report),
  );
  const probe = asArray(entry['probe']).flatMap((item) => decodeCheck(name, item, `${at}.probe`, report));
  return {
    name,
    title: asString(entry['title']) ?? name,
    ...(group === undefined ? {} : { group }),
    endpoints,
    probe,
  };
}

function decodeEndpoint(name: string, value: unknown, at: string, report: Report): Endpoint {
  const entry = asObject(value) ?? {};
  const port = decodePort(entry['port'], `${at}.${name}.port`, report);
  const output = asString(entry['output']);
  const env = entries(entry['env']).map(([set, names]) => [set, stringEntries(names)] as const);
  return {
    name,
    port,
    insidePort:
      entry['inside-port'] === undefined
        ? port
        : decodePort(entry['inside-port'], `${at}.${name}.inside-port`, report),
    url: asString(entry['url']) ?? '{host}:{port}',
    ...(output === undefined ? {} : { output }),
    env: Object.fromEntries(env),
  };
}

function decodePort(value: unknown, at: string, report: Report): number {
  const port = Number(asString(value));
  if (Number.isInteger(port) && port >= 1 && port <= 65_535) return port;
  report(at, `must be a port, 1 to 65535, not ${JSON.stringify(value) ?? 'nothing'}`);
  return 0;
}

function decodeCheck(system: string, value: unknown, at: string, report: Report): readonly Check[] {
  const item = asObject(value) ?? {};
  const http = asObject(item['http']);
  const tcp = asObject(item['tcp']);
  const entry = http ?? tcp;
  if (entry === undefined) {
    report(at, 'each check is `http` or `tcp`');
    return [];
  }
  const target = { system: asString(entry['system']) ?? system, endpoint: asString(entry['endpoint']) ?? '' };
  if (http !== undefined) return [decodeHttp(http, target, at, report)];
  const exchange = asArray(entry['exchange']).map((turn) => decodeTurn(turn, at, report));
  if (exchange.length === 0) report(at, 'a tcp check needs an `exchange`');
  return [{ kind: 'tcp', ...target, exchange }];
}

function decodeHttp(
  entry: Readonly<Record<string, unknown>>,
  target: { system: string; endpoint: string },
  at: string,
  report: Report,
): Check {
  const body = decodePattern(entry['body'], at, report);
  const user = asString(entry['user']);
  const path = asString(entry['path']) ?? '/';
  const status = Number(asString(entry['status']) ?? 200);
  if (!/^\/[!-~]*$/.test(path)) report(at, `${JSON.stringify(path)} must begin with / and have no blanks`);
  if (!Number.isInteger(status) || status < 100 || status > 599)
    report(at, `${JSON.stringify(entry['status'])} is not an HTTP status`);
  return {
    kind: 'http',
    ...target,
    path,
    status,
    ...(body === undefined ? {} : { body }),
    ...(user === undefined ? {} : { user }),
  };
}

function decodePattern(value: unknown, at: string, report: Report): RegExp | undefined {
  const text = asString(value);
  if (text === undefined) return undefined;
  try {
    return new RegExp(text);
  } catch {
    report(at, `${JSON.stringify(text)} is not a regular expression`);
    return undefined;
  }
}

function decodeTurn(value: unknown, at: string, report: Report) {
  const turn = asObject(value) ?? {};
  const expected = asObject(turn['expect']) ?? {};
  const starts = decodeParts(expected['starts'], at, report);
  const contains = decodeParts(expected['contains'], at, report);
  if (starts.length + contains.length === 0) report(at, 'every turn needs something to `expect`');
  return { send: decodeParts(turn['send'], at, report), expect: { starts, contains } };
}

/** What each kind of part may hold; anything else could not be sent. */
const partForms: Readonly<Record<Part['kind'], (text: string) => boolean>> = {
  text: () => true,
  hex: (text) => /^(\s*[0-9a-f]{2})*\s*$/i.test(text),
  string16: (text) => Buffer.byteLength(text) <= 65_535,
  int32: (text) => text === '{port}' || (/^-?\d+$/.test(text) && Number(text) === (Number(text) | 0)),
};

function decodeParts(value: unknown, at: string, report: Report): readonly Part[] {
  return asArray(value).flatMap((item): Part[] => {
    const [kind, text] = Object.entries(stringEntries(item))[0] ?? ['', ''];
    const known = partKinds.find((each) => each === kind);
    if (known !== undefined && partForms[known](text)) return [{ kind: known, value: text }];
    report(at, `${JSON.stringify(item)} is no part of a message`);
    return [];
  });
}

function decodeInput(name: string, value: unknown, report: Report): readonly DeclaredInput[] {
  const entry = asObject(value) ?? {};
  const at = `inputs.${name}`;
  const effect = decodeEffect(entry, at, report);
  if (effect === undefined) return [];
  return [
    {
      name,
      system: asString(entry['system']) ?? '',
      description: asString(entry['description']) ?? '',
      form: asString(entry['form']) ?? 'of the accepted form',
      effect,
    },
  ];
}

function decodeEffect(
  entry: Readonly<Record<string, unknown>>,
  at: string,
  report: Report,
): InputEffect | undefined {
  const exec = asObject(entry['exec']);
  const mount = asObject(entry['mount']);
  const overlay = asString(entry['overlay']);
  if (overlay !== undefined) return { kind: 'overlay', file: overlay };
  const pattern = decodePattern(exec === undefined ? entry['files'] : entry['lines'], at, report);
  if (pattern !== undefined && exec !== undefined) {
    const command = asArray(exec['command']).map((word) => asString(word) ?? '');
    const defaults = stringEntries(entry['defaults']);
    return {
      kind: 'exec',
      lines: pattern,
      defaults,
      command,
      environment: stringEntries(exec['environment']),
    };
  }
  if (pattern !== undefined && mount !== undefined) {
    return {
      kind: 'mount',
      files: pattern,
      into: asString(mount['into']) ?? '/',
      prefix: asString(mount['prefix']) ?? '',
    };
  }
  report(at, 'must have `exec` with `lines`, `mount` with `files`, or `overlay`');
  return undefined;
}
