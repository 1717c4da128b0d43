import type { Json } from '../../src/core/json.ts';
import type { Deployment } from '../../src/core/preview/deployment.ts';
import type { Mark } from '../../src/core/preview/identity.ts';
import { parsePreviewInputs } from '../../src/core/preview/inputs.ts';
import type { Source } from '../../src/core/preview/mounts.ts';
import { renderPreview } from '../../src/core/preview/render.ts';

/** The mark of the first day, and that of the newest push. */
export const first: Mark = {
  ...{ repository: 'octo/shop', number: 7, commit: 'a'.repeat(40), environment: 'e' },
  ...{ created: '2026-01-01T00:00:00Z', expires: '2026-01-04T00:00:00Z' },
};
export const now: Mark = { ...first, commit: 'b'.repeat(40), expires: '2026-01-09T00:00:00Z' };

const web = {
  ...{ build: { context: '/w', tags: ['shop:latest'] }, container_name: 'shop', labels: { mine: 'yes' } },
  ...{ mem_limit: '256m', mem_reservation: '64m', cpus: 0.5, restart: 'no' },
  ports: [{ target: 8080, published: '80' }],
  networks: { default: null },
  extra_hosts: ['db.example.com=10.0.0.7', 'host.docker.internal=host-gateway'],
  depends_on: {
    cache: { condition: 'service_healthy' },
    migrate: { condition: 'service_completed_successfully' },
    unused: { condition: 'service_started' },
  },
  volumes: [
    { type: 'bind', source: '/w/motto', target: '/app/motto', read_only: true },
    { type: 'volume', source: 'data', target: '/data' },
  ],
};

/** `web` is the caller's and is built; `cache` is the stack's; `migrate` ends by itself; `unused` takes no part. */
export const model: Json = {
  services: {
    web,
    migrate: { image: 'migrate:1', networks: { inner: null } },
    unused: { image: 'unused:1' },
    cache: { image: 'cache:7', ports: [{ target: 6379, published: '6379' }], networks: { inner: null } },
  },
  networks: {
    default: { name: 'x_default' },
    inner: { name: 'fixed', driver: 'bridge', driver_opts: { a: 'b' } },
    shared: { name: 's', external: true },
  },
  volumes: { data: { name: 'fixed', labels: { mine: 'yes' } } },
  'x-paklog': {},
};

export function deploymentOf(
  more: Partial<Deployment> = {},
  inputs: Readonly<Record<string, string>> = {},
): Deployment {
  const given = { 'bind-address': '127.0.0.1', domain: 'previews.example.com', ...inputs };
  const { reach } = parsePreviewInputs(given).inputs;
  const ports = reach.proxy === 'none' ? [['web:8080', 20_001] as const] : [];
  return {
    ...{
      project: 'preview-shop-pr-7',
      name: 'shop-pr-7',
      place: 'engine',
      model,
      network: 'inner',
      registry: '',
    },
    ...{ services: ['cache', 'migrate', 'web'], own: ['migrate', 'web'], images: new Map(), reach },
    ...{ mark: now, settled: first, ports: new Map(ports) },
    exposures: [{ service: 'web', port: 8080, path: '/' }],
    sources: new Map<string, Source>([['/w/motto', [{ path: '', text: 'costs $5', executable: false }]]]),
    ...more,
  };
}

export function rendered(deployment: Deployment): Json {
  return renderPreview(deployment);
}
