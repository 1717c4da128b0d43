import { describe, expect, test } from 'vitest';
import { asObject, type Json } from '../../src/core/json.ts';
import { parsePreviewInputs } from '../../src/core/preview/inputs.ts';
import { stackFile } from '../../src/core/preview/stack-file.ts';
import { deploymentOf, rendered } from './preview-sample.ts';

function stackOf(inputs: Readonly<Record<string, string>> = {}): {
  json: Json;
  service: (name: string) => Json;
} {
  const deployment = deploymentOf({ place: 'swarm', registry: 'ghcr.io/acme' }, inputs);
  const { json } = stackFile(rendered(deployment), deployment);
  return { json, service: (name) => asObject(asObject(json['services'])?.[name]) ?? {} };
}

describe('the stack file of a preview', () => {
  const { json, service } = stackOf();

  test('has no key that `docker stack deploy` refuses, and no order of starts', () => {
    for (const name of ['web', 'cache', 'migrate'])
      for (const key of ['build', 'depends_on', 'pull_policy', 'container_name', 'mem_limit', 'restart'])
        expect(service(name)).not.toHaveProperty(key);
    expect(Object.keys(json).toSorted()).toEqual(['configs', 'networks', 'services']);
  });

  test('makes networks that reach over all nodes, and leaves those of others', () => {
    expect(json['networks']).toMatchObject({
      default: { driver: 'overlay', attachable: true, name: 'preview-shop-pr-7_default' },
      inner: { driver: 'overlay', attachable: true },
      shared: { name: 's', external: true },
    });
    expect(asObject(json['networks'])?.['inner']).not.toHaveProperty('driver_opts');
  });

  test('gives data to the container, so that nothing of it is left on any node', () => {
    expect(service('web')['volumes']).toEqual([{ type: 'volume', target: '/data' }]);
    expect(json).not.toHaveProperty('volumes');
  });

  test('has whose it is at the service, where a new mark starts no task anew', () => {
    const deploy = asObject(service('cache')['deploy']);
    expect(deploy?.['labels']).toMatchObject({ 'org.paklog.preview.commit': 'b'.repeat(40) });
    expect(service('web')['labels']).toEqual({ mine: 'yes' });
    expect(service('cache')).not.toHaveProperty('labels');
  });

  test('says how a service comes back, what it may use, and which one ends by itself', () => {
    expect(service('web')['deploy']).toMatchObject({
      restart_policy: { condition: 'any', delay: '2s' },
      resources: { limits: { memory: '256m', cpus: '0.5' }, reservations: { memory: '64m' } },
    });
    expect(service('migrate')['deploy']).toMatchObject({
      mode: 'replicated-job',
      restart_policy: { condition: 'on-failure' },
    });
  });

  test('names configs within Swarm’s 64 characters, with their text beside the file', () => {
    const deployment = deploymentOf({ place: 'swarm' });
    const { texts } = stackFile(rendered(deployment), deployment);
    expect(texts.map(({ text }) => text)).toEqual(['costs $5']);
    for (const config of Object.values(asObject(json['configs']) ?? {})) {
      const { file, name } = asObject(config) ?? {};
      expect(String(name).length).toBeLessThanOrEqual(64);
      expect(texts.map((each) => `./${each.name}`)).toContain(file);
    }
  });

  test('translates names of hosts, and leaves out the one that Swarm does not know', () => {
    expect(service('web')['extra_hosts']).toEqual(['db.example.com:10.0.0.7']);
  });
});

describe('how services of a stack are reached', () => {
  test('with the mesh every node answers', () => {
    const { service } = stackOf();
    expect(service('web')['ports']).toEqual([
      { mode: 'ingress', target: 8080, published: 20_001, protocol: 'tcp' },
    ]);
    expect(service('web')['deploy']).not.toHaveProperty('endpoint_mode');
  });

  test('without it names lead to tasks, and the node of the task publishes the port', () => {
    const { service } = stackOf({ 'swarm-routing': 'host' });
    expect(service('web')['ports']).toMatchObject([{ mode: 'host' }]);
    for (const name of ['web', 'cache'])
      expect(service(name)['deploy']).toMatchObject({ endpoint_mode: 'dnsrr' });
  });

  test('a proxy finds its labels at the service', () => {
    const given = { proxy: 'traefik', domain: 'previews.example.com' };
    expect(parsePreviewInputs(given).problems).toEqual([]);
    const { service, json } = stackOf(given);
    expect(asObject(service('web')['deploy'])?.['labels']).toHaveProperty(
      ['traefik.swarm.network'],
      'traefik',
    );
    expect(service('web')['labels']).toEqual({ mine: 'yes' });
    expect(json['networks']).toHaveProperty(['preview-proxy'], { name: 'traefik', external: true });
  });
});
