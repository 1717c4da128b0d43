import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hostName, proxyLabels, unknownExposures, urlOf } from '../../src/core/preview/exposure.ts';
import { choosePorts } from '../../src/core/preview/host-ports.ts';
import { parsePreviewInputs, type Reach } from '../../src/core/preview/inputs.ts';

const web = { service: 'web', port: 8080, path: '/' };
const admin = { service: 'web', port: 9090, path: '/admin' };
const api = { service: 'Orders_API', port: 80, path: '/docs' };
const exposures = [web, admin, api];
const name = 'shop-pr-7';

function reachOf(given: Readonly<Record<string, string>>): Reach {
  return parsePreviewInputs({ domain: 'previews.example.com', host: 'box.example.com', ...given }).inputs
    .reach;
}

describe('an exposure', () => {
  test('without a proxy is reached by its port on the host', () => {
    const where = { name, reach: reachOf({}), exposures };
    expect(urlOf(api, where, 20_007)).toEqual({
      name: 'Orders_API',
      url: 'http://box.example.com:20007/docs',
    });
    expect(proxyLabels('web', where, 'engine')).toEqual({});
  });

  test('behind a proxy has a host name of one label, the first a short one', () => {
    const reach = reachOf({ proxy: 'traefik' });
    expect(exposures.map((at) => hostName(name, reach, exposures, at))).toEqual([
      'shop-pr-7.previews.example.com',
      'web-9090-shop-pr-7.previews.example.com',
      'orders-api-shop-pr-7.previews.example.com',
    ]);
    expect(urlOf(admin, { name, reach, exposures }, undefined).url).toBe(
      'https://web-9090-shop-pr-7.previews.example.com/admin',
    );
  });

  test('of a service that is not there is refused with what is', () => {
    expect(unknownExposures([{ ...web, service: 'wbe' }], ['web', 'cache'])).toEqual([
      { where: 'expose', what: 'there is no service "wbe" (did you mean web?); there are: web, cache' },
    ]);
  });
});

describe('labels for Traefik', () => {
  test('name router, service and port, and the network by the provider’s own name', () => {
    const where = { name, reach: reachOf({ proxy: 'traefik', 'proxy-network': 'edge' }), exposures: [web] };
    const labels = {
      'traefik.enable': 'true',
      'traefik.docker.network': 'edge',
      'traefik.http.routers.shop-pr-7-web-8080.rule': 'Host(`shop-pr-7.previews.example.com`)',
      'traefik.http.routers.shop-pr-7-web-8080.service': 'shop-pr-7-web-8080',
      'traefik.http.routers.shop-pr-7-web-8080.tls': 'true',
      'traefik.http.services.shop-pr-7-web-8080.loadbalancer.server.port': '8080',
    };
    expect(proxyLabels('web', where, 'engine')).toEqual(labels);
    expect(proxyLabels('web', where, 'swarm')).toHaveProperty(['traefik.swarm.network'], 'edge');
    expect(proxyLabels('cache', where, 'engine')).toEqual({});
  });

  test('speak of no certificate where the proxy serves plain HTTP', () => {
    const where = { name, reach: reachOf({ proxy: 'traefik', 'proxy-scheme': 'http' }), exposures: [web] };
    expect(Object.keys(proxyLabels('web', where, 'engine')).filter((key) => key.endsWith('.tls'))).toEqual(
      [],
    );
  });
});

test('labels for Caddy make one site of every exposure', () => {
  const where = { name, reach: reachOf({ proxy: 'caddy', 'proxy-scheme': 'http' }), exposures: [web, admin] };
  expect(proxyLabels('web', where, 'engine')).toEqual({
    caddy_0: 'http://shop-pr-7.previews.example.com',
    'caddy_0.reverse_proxy': '{{upstreams 8080}}',
    caddy_1: 'http://web-9090-shop-pr-7.previews.example.com',
    'caddy_1.reverse_proxy': '{{upstreams 9090}}',
    caddy_ingress_network: 'caddy',
  });
});

describe('ports of the host', () => {
  const range = { first: 20_000, last: 20_004 };
  const taken = (port: number, project = 'other', service = 'x', target = 1) => ({
    project,
    service,
    target,
    port,
  });

  test('stay with a preview that has them, whatever its names would give', () => {
    const kept = choosePorts('p', [web], range, [taken(25_123, 'p', 'web', 8080)]);
    expect(kept.get('web:8080')).toBe(25_123);
  });

  test('are the same again for the same names, and another’s are stepped over', () => {
    const [first = 0] = choosePorts('p', [web], range, []).values();
    expect([...choosePorts('p', [web], range, []).values()]).toEqual([first]);
    const [second] = choosePorts('p', [web], range, [taken(first)]).values();
    expect(second).not.toBe(first);
  });

  test('are free, different and in their range, as many as there are', () => {
    const some = fc.uniqueArray(fc.integer({ min: 20_000, max: 20_004 }));
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), some, (project, used) => {
        const ports = [
          ...choosePorts(
            project,
            exposures,
            range,
            used.map((port) => taken(port)),
          ).values(),
        ];
        expect(ports).toHaveLength(Math.min(exposures.length, 5 - used.length));
        expect(new Set([...ports, ...used]).size).toBe(ports.length + used.length);
        expect(ports.every((port) => port >= 20_000 && port <= 20_004)).toBe(true);
      }),
    );
  });
});
