import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { asObject, asString } from '../../src/core/json.ts';
import { at, composeDir, mounts, readYaml, service } from '../core/stack-file.ts';

function docker(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const { status, stdout, stderr } = spawnSync('docker', args, {
    encoding: 'utf8',
    timeout: 60_000,
    env: { ...process.env, ...env },
  });
  return { status, stdout, output: `${stdout}${stderr}` };
}

function imageOf(name: string): string {
  return asString(service(name)['image']) ?? '';
}

/** Why a check cannot run here; empty where it can. */
function absent(image: string): string {
  return docker(['image', 'inspect', image]).status === 0
    ? ''
    : ` (skipped: ${image} is not on this machine)`;
}

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'stack-verify-'));
  for (const name of ['prometheus', 'loki', 'tempo'])
    cpSync(join(composeDir, name), join(folder, name), { recursive: true });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Verifier {
  readonly service: string;
  readonly file: string;
  readonly mount: string;
  readonly run: readonly string[];
}

const verifiers: readonly Verifier[] = [
  {
    service: 'prometheus',
    file: 'prometheus/prometheus.yml',
    mount: '/etc/prometheus/prometheus.yml',
    run: ['--entrypoint', 'promtool', 'IMAGE', 'check', 'config', '/etc/prometheus/prometheus.yml'],
  },
  {
    service: 'loki',
    file: 'loki/loki-config.yml',
    mount: '/etc/loki/local-config.yaml',
    run: ['IMAGE', '-verify-config', '-config.file=/etc/loki/local-config.yaml'],
  },
  {
    service: 'tempo',
    file: 'tempo/tempo-config.yml',
    mount: '/etc/tempo.yaml',
    run: ['IMAGE', '-config.verify=true', '-config.file=/etc/tempo.yaml'],
  },
];

function verify({ service, mount, run }: Verifier, path: string) {
  const words = run.map((word) => (word === 'IMAGE' ? imageOf(service) : word));
  const bind = `type=bind,source=${path},target=${mount},readonly`;
  return docker(['run', '--rm', '--network', 'none', '--mount', bind, ...words]);
}

describe.each(verifiers)("$service's own verifier", (verifier) => {
  const why = absent(imageOf(verifier.service));

  test.skipIf(why !== '')(`accepts ${verifier.file}${why}`, () => {
    const { status, output } = verify(verifier, join(composeDir, verifier.file));
    expect(status, output).toBe(0);
  });

  test.skipIf(why !== '')(`refuses ${verifier.file} with a key that it does not know${why}`, () => {
    const path = join(folder, verifier.file);
    writeFileSync(path, `${readFileSync(path, 'utf8')}\nno_such_key: true\n`);
    const { status, output } = verify(verifier, path);
    expect(status, output).not.toBe(0);
    expect(output).toContain('no_such_key');
  });
});

describe('docker compose', () => {
  const model = (files: readonly string[], env: Readonly<Record<string, string>> = {}): unknown => {
    const args = files.flatMap((file) => ['-f', join(composeDir, file)]);
    const { status, stdout, output } = docker(['compose', ...args, 'config', '--format', 'json'], env);
    expect(status, output).toBe(0);
    return JSON.parse(stdout);
  };

  test('takes the stack, and keeps its catalogue as it stands in the file', () => {
    const merged = model(['compose.yaml']);
    expect(Object.keys(asObject(at(merged, 'services')) ?? {})).toHaveLength(11);
    // Compose writes every `$` as `$$`, so that its output can be read again.
    const catalogue: unknown = JSON.parse(JSON.stringify(at(merged, 'x-paklog')).replaceAll('$$', '$'));
    expect(catalogue).toEqual(readYaml('compose.yaml')['x-paklog']);
  });

  test('moves the published port and what Kafka says of it together', () => {
    const kafka = at(
      model(['compose.yaml'], {
        PAKLOG_PORT_KAFKA_9092: '39092',
        PAKLOG_ADVERTISE_HOST: 'ci',
        PAKLOG_BIND_ADDRESS: '0.0.0.0',
      }),
      'services',
      'kafka',
    );
    expect(at(kafka, 'ports')).toMatchObject([{ host_ip: '0.0.0.0', target: 9092, published: '39092' }]);
    expect(at(kafka, 'environment', 'KAFKA_ADVERTISED_LISTENERS')).toBe(
      'PLAINTEXT://kafka:29092,PLAINTEXT_HOST://ci:39092',
    );
  });

  test('merges the replica set over the stack, the catalogue too', () => {
    const merged = model(['compose.yaml', 'mongodb-replica-set.yaml']);
    const mongodb = asObject(at(merged, 'services', 'mongodb')) ?? {};
    expect(mongodb['command']).toContain('--replSet');
    expect(at(mongodb, 'environment', 'MONGO_INITDB_ROOT_USERNAME')).toBe('');
    expect(mounts(mongodb).map(({ target }) => target)).toEqual(
      expect.arrayContaining(['/data/db', '/docker-entrypoint-initdb.d/00-replica-set.js']),
    );
    const entry = at(merged, 'x-paklog', 'systems', 'mongodb');
    expect(at(entry, 'endpoints', 'mongodb', 'url')).toContain('replicaSet=rs0');
    expect(at(entry, 'endpoints', 'mongodb', 'port')).toBe(27_017);
    expect(at(entry, 'probe')).toHaveLength(1);
  });
});
