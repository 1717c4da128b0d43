import type { Catalogue } from '../../src/core/catalogue/catalogue.ts';
import { decodeCatalogue } from '../../src/core/catalogue/decode-catalogue.ts';
import { decodeModel, type Model } from '../../src/core/model.ts';

/** A stack as Compose normalises it: `queue` needs `base`, `app` needs `queue` and `store`, `metrics` may use `store`. */
export const sampleJson = {
  name: 'sample',
  services: {
    app: {
      image: 'acme/app:1',
      container_name: 'the-app',
      platform: 'linux/amd64',
      depends_on: {
        queue: { condition: 'service_healthy', required: true },
        store: { condition: 'service_started', required: true },
      },
      healthcheck: { test: ['CMD', 'check'] },
      networks: { inner: null },
    },
    base: {
      image: 'acme/base:1',
      ports: [{ mode: 'ingress', target: 7001, published: '7001', protocol: 'tcp' }],
      networks: { inner: null },
    },
    metrics: {
      build: { context: '/src/metrics' },
      depends_on: { store: { condition: 'service_healthy', required: false } },
      networks: { outer: null },
    },
    queue: {
      image: 'acme/queue:1',
      depends_on: { base: { condition: 'service_healthy', required: true } },
      healthcheck: { test: ['CMD', 'slow-check'], interval: '1s' },
      ports: [
        { mode: 'ingress', host_ip: '0.0.0.0', target: 7002, published: '7002', protocol: 'tcp' },
        { mode: 'ingress', target: 7012, protocol: 'udp' },
      ],
      networks: { inner: null },
    },
    store: {
      image: 'acme/store:1',
      ports: [{ mode: 'ingress', target: 7003, published: '7003', protocol: 'tcp' }],
      volumes: [{ type: 'volume', source: 'data', target: '/data' }],
      networks: { inner: null },
    },
  },
  networks: { inner: { name: 'sample_inner' }, outer: { name: 'sample_outer' } },
  volumes: { data: { name: 'sample_data' } },
  'x-paklog': {
    systems: {
      base: {
        title: 'Base',
        group: 'core',
        endpoints: { base: { port: 7001 } },
        probe: [
          {
            tcp: {
              endpoint: 'base',
              exchange: [{ send: [{ text: 'ruok' }], expect: { starts: [{ text: 'imok' }] } }],
            },
          },
        ],
      },
      queue: {
        group: 'core',
        endpoints: {
          queue: {
            port: 7002,
            'inside-port': 17002,
            output: 'queue-address',
            env: { default: { QUEUE: '{url}' }, spring: { SPRING_QUEUE_HOST: '{host}' } },
          },
        },
        probe: [{ http: { endpoint: 'queue', path: '/ready' } }],
      },
      store: {
        title: 'Store',
        group: 'data',
        endpoints: {
          store: {
            port: 7003,
            url: 'store://{address}/main',
            output: 'store-url',
            env: { default: { STORE_URL: '{url}', STORE_PORT: '{port}' } },
          },
        },
      },
    },
  },
};

export const sampleModel: Model = decodeModel(sampleJson);
export const sampleCatalogue: Catalogue = decodeCatalogue(sampleJson['x-paklog']).catalogue;
export const everyService: readonly string[] = [...sampleModel.services.keys()];
