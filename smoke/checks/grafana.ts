import { asArray, asObject, asString, type Json } from '../../src/core/json.ts';
import { broken, eventually, http, httpJson, httpOk } from '../clients/http.ts';
import { type Check, endpointOf, type Stack } from '../core/check.ts';
import { valuesOf } from '../core/grafana-links.ts';
import { administrator, dataSource, grafana, grafanaSays, grafanaUrl, queryThrough } from './grafana-api.ts';
import { grafanaLinkChecks } from './grafana-links.ts';
import { sendCallTo } from './tempo.ts';

const system = 'grafana';
const deadline = 30_000;

const sources = [
  ['prometheus', 'Prometheus'],
  ['loki', 'Loki'],
  ['tempo', 'Tempo'],
] as const;

const noHealthRoute = { grafana: 'of the data sources of Grafana 10.0 only Prometheus’ has a health route' };

export const grafanaChecks: readonly Check[] = [
  {
    id: 'grafana.login',
    system,
    promise: 'The administrator logs in, and nobody else.',
    needs: ['grafana'],
    deadline,
    run: login,
  },
  ...sources.map(([uid, title]): Check => {
    const promise = `Grafana finds its data source for ${title} healthy.`;
    const needs = ['grafana', uid];
    const run = (stack: Stack, signal: AbortSignal) => health(stack, signal, uid);
    const standIns = uid === 'prometheus' ? {} : { standIns: noHealthRoute };
    return { id: `grafana.${uid}-health`, system, promise, needs, deadline, ...standIns, run };
  }),
  ...sources.map(([uid, title]): Check => {
    const promise = `A query through Grafana’s data source for ${title} is answered.`;
    const needs = ['grafana', uid];
    const run =
      uid === 'tempo' ? queryTempo : (stack: Stack, signal: AbortSignal) => query(stack, signal, uid);
    return { id: `grafana.${uid}-query`, system, promise, needs, deadline, run };
  }),
  {
    id: 'grafana.dashboards',
    system,
    promise: 'The stack’s dashboard is provisioned, and all of its panels can ask their data sources.',
    needs: ['grafana', 'prometheus', 'loki', 'tempo'],
    deadline,
    run: dashboards,
  },
  {
    id: 'grafana.mongodb',
    system,
    promise: 'The data source for MongoDB is provisioned, and healthy where somebody has put its plugin in.',
    needs: ['grafana', 'mongodb'],
    deadline,
    run: mongodb,
  },
  ...grafanaLinkChecks,
];

async function login(stack: Stack, signal: AbortSignal): Promise<void> {
  const url = `${grafanaUrl(stack)}/login`;
  // Another user, since after five wrong passwords Grafana locks the administrator out for five minutes.
  const stranger = await http(url, signal, { json: { ...administrator, user: `nobody-${stack.id}` } });
  if (stranger.status !== 401) throw broken(stranger, 'a stranger was not refused');
  const right = await httpOk(url, signal, { json: administrator });
  const cookie = right.headers.getSetCookie().map((each) => each.split(';')[0]);
  const headers = { cookie: cookie.join('; ') };
  const { heard, json } = await httpJson(`${grafanaUrl(stack)}/api/user`, signal, { headers });
  if (asObject(json)?.['login'] !== administrator.user)
    throw broken(heard, 'the session is not the administrator’s');
}

async function health(stack: Stack, signal: AbortSignal, uid: string): Promise<void> {
  await eventually(signal, async () => {
    const { heard, json } = await grafana(stack, signal, `/api/datasources/uid/${uid}/health`);
    if (asObject(json)?.['status'] !== 'OK') throw broken(heard, `the data source ${uid} is not healthy`);
  });
}

/** The same words are a query for Prometheus and for Loki. */
async function query(stack: Stack, signal: AbortSignal, uid: string): Promise<void> {
  await eventually(signal, async () => {
    const expression = { expr: 'vector(42)', instant: true, queryType: 'instant' };
    const { heard, json } = await queryThrough(stack, signal, uid, expression);
    if (!valuesOf(json).includes(42)) throw broken(heard, 'the answer is not 42');
  });
}

async function queryTempo(stack: Stack, signal: AbortSignal): Promise<void> {
  const service = `smoke-grafana-${stack.id}`;
  const { traceId } = await sendCallTo(stack, signal, service);
  await eventually(signal, async () => {
    const { heard, json } = await queryThrough(stack, signal, 'tempo', {
      queryType: 'traceId',
      query: traceId,
    });
    if (!valuesOf(json, ['serviceName']).includes(service))
      throw broken(heard, `there is no span of ${service}`);
  });
}

async function dashboards(stack: Stack, signal: AbortSignal): Promise<void> {
  const path = '/api/dashboards/uid/paklog-stack';
  const { heard, json } = await eventually(signal, () => grafana(stack, signal, path));
  if (asObject(asObject(json)?.['meta'])?.['provisioned'] !== true)
    throw broken(heard, 'the dashboard does not come from a file');
  const panels = asArray(asObject(asObject(json)?.['dashboard'])?.['panels']).map(
    (panel) => asObject(panel) ?? {},
  );
  if (panels.length === 0) throw broken(heard, 'the dashboard has no panels');
  for (const panel of panels) await askPanel(stack, signal, panel);
}

async function askPanel(stack: Stack, signal: AbortSignal, panel: Json): Promise<void> {
  const named = asObject(panel['datasource']) ?? {};
  const uid = asString(named['uid']) ?? '';
  const { type, heard } = await dataSource(stack, signal, uid);
  if (type !== named['type'])
    throw broken(heard, `the panel "${asString(panel['title'])}" is for ${asString(named['type'])}`);
  for (const target of asArray(panel['targets'])) {
    const expr = asString(asObject(target)?.['expr']);
    if (expr !== undefined) await queryThrough(stack, signal, uid, { expr, queryType: 'range', range: true });
  }
}

/** The plugin needs a licence of Grafana Enterprise, so that the stack comes without it (docs/data-sources.md). */
async function mongodb(stack: Stack, signal: AbortSignal): Promise<void> {
  const { type, settings, heard } = await dataSource(stack, signal, 'mongodb');
  const { host, port } = endpointOf(stack, 'mongodb', 'mongodb').network;
  if (!(asString(settings['connection']) ?? '').includes(`//${host}:${port}/`))
    throw broken(heard, `the data source does not name ${host}:${port}`);
  const plugin = await grafanaSays(stack, signal, `/api/plugins/${type}/settings`);
  if (plugin.status === 200) await health(stack, signal, 'mongodb');
  else if (plugin.status !== 404) throw broken(plugin);
}
