import { existsSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { readDeclared } from '../../src/core/catalogue/declared-inputs.ts';
import { decodeCatalogue } from '../../src/core/catalogue/decode-catalogue.ts';
import { asArray } from '../../src/core/json.ts';
import { at, composeDir, mounts, readYaml, services, stack } from './stack-file.ts';

const { catalogue } = decodeCatalogue(stack['x-paklog']);
const systems = [...catalogue.systems.values()];
const endpoints = systems.flatMap((system) => system.endpoints.map((endpoint) => ({ system, endpoint })));

describe('inputs', () => {
  test('each belongs to a system and has one effect', () => {
    expect(catalogue.inputs.map(({ name, system, effect }) => [name, system, effect.kind])).toEqual([
      ['kafka-topics', 'kafka', 'exec'],
      ['mongodb-init', 'mongodb', 'mount'],
      ['mongodb-replica-set', 'mongodb', 'overlay'],
      ['pinot-tables', 'pinot-server', 'send'],
      ['prometheus-targets', 'prometheus', 'render'],
      ['grafana-dashboards', 'grafana', 'mount'],
    ]);
  });

  test('what is sent goes to endpoints that are there, after systems that are there', () => {
    const effects = catalogue.inputs.flatMap(({ effect }) => (effect.kind === 'send' ? [effect] : []));
    const rules = effects.flatMap((effect) => effect.rules);
    expect(rules).toHaveLength(3);
    for (const { system, endpoint } of rules)
      expect(endpoints.map((each) => [each.system.name, each.endpoint.name])).toContainEqual([
        system,
        endpoint,
      ]);
    for (const name of effects.flatMap(({ after }) => after)) expect([...services.keys()]).toContain(name);
  });

  test.each([
    ['kafka-topics', 'orders:3 cleanup.policy=compact retention.ms=60000', true],
    ['kafka-topics', 'orders retention=1 x', false],
    ['kafka-topics', 'orders --delete', false],
    ['prometheus-targets', 'orders=host.docker.internal:8081/actuator/prometheus?a=b', true],
    ['prometheus-targets', 'orders=orders:8081', true],
    ['prometheus-targets', 'orders=localhost:8081', false],
    ['prometheus-targets', 'orders=127.0.0.1:8081/metrics', false],
    ['prometheus-targets', 'orders=http://orders:8081', false],
    ['pinot-tables', 'pinot/orders table.json', true],
    ['grafana-dashboards', 'boards/orders.yaml', false],
  ])('%s: %s is accepted: %s', (name, line, accepted) => {
    const input = catalogue.inputs.find((each) => each.name === name);
    const [answer] = input === undefined ? [] : readDeclared(input, line);
    expect(answer).toHaveProperty(accepted ? 'kind' : 'what');
  });

  test('the overlay is beside the stack, and its files are too', () => {
    const effect = catalogue.inputs.find(({ name }) => name === 'mongodb-replica-set')?.effect;
    const overlay = readYaml(effect?.kind === 'overlay' ? effect.file : '');
    const added = mounts({ volumes: asArray(at(overlay, 'services', 'mongodb', 'volumes')) });
    expect(added.map(({ source }) => existsSync(`${composeDir}${source}`))).toEqual([true]);
    const url = at(overlay, 'x-paklog', 'systems', 'mongodb', 'endpoints', 'mongodb', 'url');
    const plain = catalogue.systems.get('mongodb')?.endpoints[0]?.url;
    expect(url).toBe(`${plain}&replicaSet=rs0&directConnection=true`);
  });
});
