import type { Tamper } from './proxy.ts';
import type { Twin } from './twin.ts';

const empty = (list: object) => ({ status: 200, text: JSON.stringify(list) });
const noSeries = empty({ status: 'success', data: { resultType: 'vector', result: [] } });

const query = ({ path }: { readonly path: string }) => decodeURIComponent(path.replaceAll('+', ' '));

const prometheus = (id: string, fault: string, tamper: Tamper, says: string): Twin => ({
  id: `prometheus.${id}`,
  fault,
  service: 'prometheus',
  endpoint: 'http',
  tamper,
  says,
});

export const prometheusTwins: readonly Twin[] = [
  prometheus(
    'scrape',
    'a target is down',
    async ({ path }, pass) => {
      const answer = await pass();
      if (!path.startsWith('/api/v1/targets')) return answer;
      const broken = JSON.parse(answer.text) as {
        data: { activeTargets: { labels: { instance: string } }[] };
      };
      const targets = broken.data.activeTargets.map((target) =>
        target.labels.instance === 'tempo:3200'
          ? { ...target, health: 'down', lastError: 'refused' }
          : target,
      );
      return empty({ status: 'success', data: { activeTargets: targets } });
    },
    'the target tempo:3200 is down refused',
  ),
  prometheus(
    'scrape',
    'a target was never configured',
    async ({ path }, pass) => {
      const answer = await pass();
      return path.startsWith('/api/v1/targets')
        ? { ...answer, text: answer.text.replaceAll('loki:3100', 'x') }
        : answer;
    },
    'the target loki:3100 is missing',
  ),
  prometheus(
    'remote-write',
    'the receiver is off',
    ({ path }) =>
      path === '/api/v1/write'
        ? {
            status: 404,
            text: 'remote write receiver needs to be enabled with --web.enable-remote-write-receiver',
          }
        : undefined,
    'HTTP 404 remote write receiver needs to be enabled',
  ),
  prometheus(
    'remote-write',
    'samples are taken and lost',
    ({ path }) => (path === '/api/v1/write' ? { status: 204, text: '' } : undefined),
    '0 results instead of 1',
  ),
  prometheus(
    'reload',
    'the lifecycle API is off',
    ({ path }) => (path === '/-/reload' ? { status: 403, text: 'Lifecycle API is not enabled.' } : undefined),
    'HTTP 403 Lifecycle API is not enabled.',
  ),
  prometheus(
    'reload',
    'nothing is read',
    async ({ path }, pass) => {
      if (path === '/-/reload') return { status: 200, text: '' };
      const answer = await pass();
      // Other twins have it read for real meanwhile.
      return {
        ...answer,
        text: answer.text.replace(/(?<=^\w+reload_success_timestamp_seconds )\S+/m, '1.7e+09'),
      };
    },
    'the configuration has not been read since',
  ),
];

const loki = (fault: string, tamper: Tamper, says: string): Twin => ({
  id: 'loki.push',
  fault,
  service: 'loki',
  endpoint: 'http',
  tamper,
  says,
});

export const lokiTwins: readonly Twin[] = [
  loki(
    'lines are taken and lost',
    ({ path }) => (path.endsWith('/push') ? { status: 204, text: '' } : undefined),
    '0 lines instead of the one that was pushed',
  ),
  loki(
    'a label does not tell lines apart',
    async ({ path, body }, pass) =>
      path.endsWith('/push') ? pass(body.replace('"debug"', '"info"')) : pass(),
    '2 lines instead of the one that was pushed',
  ),
  loki(
    'a rate limit',
    ({ path }) =>
      path.endsWith('/push') ? { status: 429, text: 'ingestion rate limit exceeded' } : undefined,
    'HTTP 429 ingestion rate limit exceeded',
  ),
];

const tempo = (id: string, endpoint: string, fault: string, tamper: Tamper, says: string | RegExp): Twin => ({
  id: `tempo.${id}`,
  fault,
  service: 'tempo',
  endpoint,
  tamper,
  says,
});

const lost: Tamper = () => ({ status: 200, text: '{}' });
const foundByNone = (id: string): Twin =>
  tempo(
    id,
    'http',
    'a search does not find it',
    (passing) =>
      query(passing).startsWith('/api/search') && query(passing).includes(`smoke-${id}-stock`)
        ? empty({ traces: [] })
        : undefined,
    'is not found by { resource.service.name',
  );

export const tempoTwins: readonly Twin[] = [
  // No server of gRPC, as where the port is another one's.
  tempo(
    'otlp-grpc',
    'otlp-grpc',
    'another program listens there',
    lost,
    /Answer|UNAVAILABLE|INTERNAL|deadline/i,
  ),
  tempo(
    'jaeger',
    'jaeger',
    'there is no such receiver',
    () => ({ status: 404, text: 'no receiver' }),
    'HTTP 404 no receiver',
  ),
  tempo('zipkin', 'zipkin', 'spans are taken and lost', () => ({ status: 202, text: '' }), 'HTTP 404'),
  foundByNone('otlp-grpc'),
  foundByNone('otlp-http'),
  foundByNone('jaeger'),
  foundByNone('zipkin'),
  {
    id: 'tempo.service-graph',
    fault: 'the generator makes no graph',
    service: 'prometheus',
    endpoint: 'http',
    tamper: (passing) => (query(passing).includes('traces_service_graph') ? noSeries : undefined),
    says: '0 results instead of 1',
  },
];
