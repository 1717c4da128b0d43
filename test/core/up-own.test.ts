import { describe, expect, test } from 'vitest';
import { engineEffects, runUp, timings } from '../fakes/run.ts';

const slow = { answersAfter: 1000 };

test('a system works once all of its checks pass, also that of another system', async () => {
  const port = (number: number) => `ports: [{ target: ${number}, published: "${number}", protocol: tcp }]`;
  const own = `
services: { a: { image: a, ${port(1)} }, b: { image: b, ${port(2)} } }
x-paklog:
  systems:
    a: { endpoints: { e: { port: 1 } }, probe: [{ http: { endpoint: e } }, { http: { system: b, endpoint: e } }] }
    b: { endpoints: { e: { port: 2 } }, probe: [{ http: { endpoint: e } }] }
`;
  const inputs = { services: 'none', 'compose-files': 'ci.yaml' };
  const services = { a: { answersAfter: 0 }, b: { answersAfter: 5000 } };
  const { seen } = await runUp({ inputs, files: { '/w/ci.yaml': own }, services });
  const times = timings(seen.outputs.get('timings'));
  expect(times.get('a')?.startedAt).toBeLessThan(1000);
  expect(times.get('a')?.worksAt).toBe(times.get('b')?.worksAt);
});

describe('the caller’s own stack', () => {
  const own = `
services:
  mine: { image: "mine:1", ports: [{ target: 80, published: "8080", protocol: tcp }] }
x-paklog:
  systems:
    mine:
      endpoints: { http: { port: 80, url: "http://{address}", env: { default: { MINE: "{url}" } } } }
      probe: [{ http: { endpoint: http } }]
`;

  test('comes up alone', async () => {
    const inputs = { services: 'none', 'compose-files': 'ci.yaml' };
    const { seen } = await runUp({ inputs, files: { '/w/ci.yaml': own }, services: { mine: slow } });
    expect(engineEffects(seen)).toEqual(['create mine', 'start mine']);
    expect([...seen.exported]).toEqual([['MINE', 'http://localhost:8080']]);
  });

  test('comes up where its file only includes others', async () => {
    const inputs = { services: 'none', 'compose-files': 'ci.yaml' };
    const files = { '/w/ci.yaml': `include: [other.yaml]\n`, '/w/other.yaml': own };
    const { seen } = await runUp({ inputs, files });
    expect(engineEffects(seen)).toEqual(['create mine', 'start mine']);
  });

  test('comes up beside ours', async () => {
    const inputs = { services: 'store', 'compose-files': 'ci.yaml' };
    const { seen } = await runUp({ inputs, files: { '/w/ci.yaml': own } });
    expect(engineEffects(seen)).toEqual(['create mine store', 'start store', 'start mine']);
  });
});
