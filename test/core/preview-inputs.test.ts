import { describe, expect, test } from 'vitest';
import { parsePreviewInputs } from '../../src/core/preview/inputs.ts';

describe('inputs of a preview', () => {
  test('have defaults that need nothing', () => {
    const { inputs, problems } = parsePreviewInputs({});
    expect(problems).toEqual([]);
    expect(inputs).toMatchObject({
      ...{ command: 'auto', place: 'engine', services: ['none'], ttl: 3 * 86_400_000, timeout: 600_000 },
      ...{ environment: 'preview-pr-{number}', comment: true, pullRequest: 0, commit: '', registry: '' },
      reach: { proxy: 'none', host: '', bindAddress: '', ports: { first: 20_000, last: 29_999 } },
    });
  });

  test('have the proxy’s name for its network unless told otherwise', () => {
    const given = { proxy: 'traefik', domain: 'previews.example.com' };
    expect(parsePreviewInputs(given).inputs.reach).toMatchObject({
      proxyNetwork: 'traefik',
      proxyScheme: 'https',
    });
    expect(parsePreviewInputs({ ...given, 'proxy-network': 'edge' }).inputs.reach.proxyNetwork).toBe('edge');
  });

  test('read what is exposed, with a path or without', () => {
    const { inputs } = parsePreviewInputs({ expose: 'web:8080\napi:9000 /docs' });
    expect(inputs.exposures).toEqual([
      { service: 'web', port: 8080, path: '/' },
      { service: 'api', port: 9000, path: '/docs' },
    ]);
  });

  test.each([
    ['command', 'start', 'is not one of: auto, up, down, reap'],
    ['place', 'kubernetes', 'is not one of: engine, swarm'],
    ['expose', 'web', 'is not service:port'],
    ['expose', 'web:99999', 'is not service:port'],
    ['expose', 'web:80\nweb:80', 'stands there twice'],
    ['docker-host', 'previews.example.com', 'is not an address such as'],
    ['docker-context', '-x', 'is not the name of a Docker context'],
    ['host', 'http://x', 'is not a host name'],
    ['bind-address', 'all', 'is not an IP address'],
    ['ports', '80-90', 'is not a range of ports'],
    ['ports', '30000-20000', 'is not a range of ports'],
    ['ports', '20000-99999', 'is not a range of ports'],
    ['registry', 'GHCR', 'is not a registry'],
    ['ttl', '3 days', 'is not a time'],
    ['ttl', '0d', 'is not a time'],
    ['ttl', '91d', 'at most 90d'],
    ['timeout', 'never', 'is not a duration'],
    ['pull-request', '0', 'is not the number of a pull request'],
    ['commit', 'abc123', 'is not a whole commit'],
    ['comment', 'no', 'is not one of: true, false'],
    ['domain', 'Previews.Example', 'is not a domain'],
  ])('refuse %s: %s', (name, value, what) => {
    const { problems } = parsePreviewInputs({ [name]: value });
    expect(problems.map((each) => `${each.where}: ${each.what}`)).toEqual([expect.stringContaining(what)]);
    expect(problems[0]?.where).toBe(name);
  });

  test('are refused together, also those that only clash with each other', () => {
    const given = { proxy: 'caddy', 'docker-host': 'ssh://a', 'docker-context': 'b', ttl: 'x' };
    const names = parsePreviewInputs(given).problems.map(({ where }) => where);
    expect(names.toSorted()).toEqual(['docker-context', 'domain', 'ttl']);
  });
});
