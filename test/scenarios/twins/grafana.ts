import type { Tamper } from './proxy.ts';
import type { Twin } from './twin.ts';

const grafana = (id: string, fault: string, tamper: Tamper, says: string): Twin => ({
  id: `grafana.${id}`,
  fault,
  service: 'grafana',
  endpoint: 'http',
  tamper,
  says,
});

/** The answer to one path, changed. */
const change =
  (path: string, how: (text: string) => string): Tamper =>
  async (passing, pass) => {
    const answer = await pass();
    return passing.path === path ? { ...answer, text: how(answer.text) } : answer;
  };

const refuse =
  (path: string, status: number, text: string): Tamper =>
  (passing) =>
    passing.path === path ? { status, text } : undefined;

const gone = '{"message":"Data source not found"}';

const queryRefused =
  (uid: string): Tamper =>
  ({ path, body }) =>
    path === '/api/ds/query' && body.includes(`"uid":"${uid}"`) && body.includes('vector(42)')
      ? { status: 400, text: '{"results":{"A":{"error":"connection refused"}}}' }
      : undefined;

const source = (uid: string) => `/api/datasources/uid/${uid}`;
const dashboard = '/api/dashboards/uid/paklog-stack';

export const grafanaTwins: readonly Twin[] = [
  grafana(
    'login',
    'everybody is let in',
    ({ path, body }, pass) => (path === '/login' ? pass(body.replace(/"nobody-\w+"/, '"admin"')) : undefined),
    'a stranger was not refused',
  ),
  grafana(
    'login',
    'the password is another one',
    ({ path }) =>
      path === '/login' ? { status: 401, text: '{"message":"Invalid username or password"}' } : undefined,
    'HTTP 401',
  ),
  ...['prometheus', 'loki', 'tempo'].map((uid) =>
    grafana(
      `${uid}-health`,
      'the address of the data source is wrong',
      refuse(`${source(uid)}/health`, 400, '{"status":"ERROR","message":"dial tcp: lookup nowhere"}'),
      'dial tcp: lookup nowhere',
    ),
  ),
  ...['prometheus', 'loki'].map((uid) =>
    grafana(`${uid}-query`, 'the data source does not answer', queryRefused(uid), 'connection refused'),
  ),
  grafana(
    'tempo-query',
    'another trace comes',
    async (_, pass) => {
      const answer = await pass();
      return { ...answer, text: answer.text.replaceAll('smoke-grafana-', 'smoke-other-') };
    },
    'there is no span of smoke-grafana-',
  ),
  grafana(
    'dashboards',
    'no file was read',
    refuse(dashboard, 404, '{"message":"Dashboard not found"}'),
    'not found',
  ),
  grafana(
    'dashboards',
    'a panel asks what is no query',
    change(dashboard, (text) => text.replace('"expr":"up"', '"expr":"up{{"')),
    'parse error',
  ),
  grafana(
    'dashboards',
    'a panel is for a data source that is not there',
    change(dashboard, (text) => text.replace('"uid":"loki"', '"uid":"logs"')),
    'there is no data source logs',
  ),
  grafana(
    'mongodb',
    'it is not provisioned',
    refuse(source('mongodb'), 404, gone),
    'there is no data source mongodb',
  ),
  grafana(
    'mongodb',
    'its address is wrong',
    change(source('mongodb'), (text) => text.replace('//mongodb:27017', '//localhost:27017')),
    'does not name mongodb:27017',
  ),
  grafana(
    'trace-to-logs',
    'the link names a label that no line has',
    change(source('tempo'), (text) => text.replace('"value":"service_name"', '"value":"application"')),
    'does not lead to the line of the trace',
  ),
  grafana(
    'trace-to-logs',
    'the link is not for one trace',
    change(source('tempo'), (text) => text.replace('"filterByTraceID":true', '"filterByTraceID":false')),
    'the link leads to other lines, too',
  ),
  grafana(
    'trace-to-logs',
    'the link leads to a data source that was removed',
    change(source('tempo'), (text) => text.replace('"datasourceUid":"loki"', '"datasourceUid":"logs"')),
    'HTTP 404',
  ),
  grafana(
    'logs-to-trace',
    'no pattern finds a trace in a line',
    change(source('loki'), (text) => text.replace('[tT]race_?', 'span_?')),
    'there is no link from',
  ),
  grafana(
    'logs-to-trace',
    'no label carries a trace',
    change(source('loki'), (text) => text.replace('"matcherRegex":"trace_id"', '"matcherRegex":"traceid"')),
    'there is no link from',
  ),
  grafana(
    'link-targets',
    'a data source was removed',
    change('/api/datasources', (text) => text.replace('"uid":"tempo"', '"uid":"gone"')),
    'these are not there: tempo',
  ),
];
