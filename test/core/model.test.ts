import { describe, expect, test } from 'vitest';
import { catalogueOf, decodeModel } from '../../src/core/model.ts';
import { sampleModel } from './sample.ts';

test('keeps what decisions need', () => {
  expect(sampleModel.services.get('queue')).toEqual({
    name: 'queue',
    image: 'acme/queue:1',
    dependsOn: [{ service: 'base', condition: 'works', required: true }],
    ports: [
      { target: 7002, published: 7002, protocol: 'tcp' },
      { target: 7012, protocol: 'udp' },
    ],
    networks: ['inner'],
    healthcheck: true,
    builds: false,
  });
  expect(sampleModel.services.get('metrics')).toMatchObject({ image: '', builds: true });
  expect(sampleModel.services.get('app')?.platform).toBe('linux/amd64');
});

test.each([
  [{ test: ['CMD', 'x'] }, true],
  [{ test: ['CMD-SHELL', 'x'] }, true],
  [{ test: ['NONE'] }, false],
  [{ test: ['CMD', 'x'], disable: true }, false],
  [{ interval: '1s' }, false],
  [undefined, false],
])('health check %j: %s', (healthcheck, declared) => {
  const model = decodeModel({ services: { a: { image: 'a', healthcheck } } });
  expect(model.services.get('a')?.healthcheck).toBe(declared);
});

test.each([
  ['service_started', 'started'],
  ['service_healthy', 'works'],
  ['service_completed_successfully', 'completed'],
  ['constructor', 'started'],
  ['__proto__', 'started'],
])('the condition %s means %s', (condition, meaning) => {
  const model = decodeModel({ services: { a: { depends_on: { b: { condition } } } } });
  expect(model.services.get('a')?.dependsOn).toEqual([{ service: 'b', condition: meaning, required: true }]);
});

describe('names that objects already have', () => {
  test.each(['__proto__', 'constructor', 'toString'])('%s is a service like any other', (name) => {
    const model = decodeModel(JSON.parse(`{"services":{"${name}":{"image":"x"},"b":{"image":"y"}}}`));
    expect([...model.services.keys()]).toEqual([name, 'b']);
    expect(model.services.get(name)?.image).toBe('x');
  });

  test('are no services where no file names them', () => {
    expect(decodeModel({ services: {} }).services.get('constructor')).toBeUndefined();
  });
});

test.each([undefined, null, 7, 'text', [], { services: [] }, { services: { a: null } }])(
  '%j is decoded without an error',
  (value) => {
    expect([...decodeModel(value).services.values()].map(({ image }) => image).join()).toBe('');
  },
);

test('the catalogue is as its file has it, although Compose doubles every dollar sign', () => {
  const model = decodeModel({ 'x-paklog': { systems: { a: { probe: [{ http: { body: '^ok$$' } }] } } } });
  expect(catalogueOf(model)).toEqual({ systems: { a: { probe: [{ http: { body: '^ok$' } }] } } });
});
