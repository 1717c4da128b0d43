import { asArray, asObject, asString } from '../../src/core/json.ts';
import { broken, eventually, type Heard, httpJson, httpOk } from '../clients/http.ts';
import { remoteWriteBody, remoteWriteHeaders } from '../clients/remote-write.ts';
import { type Check, endpointOf, type Stack } from '../core/check.ts';

const system = 'prometheus';
const needs = ['prometheus'];

/** Systems that Prometheus scrapes where they are part of the stack, and their names there. */
const scraped = new Map([
  ['prometheus', 'prometheus:9090'],
  ['loki', 'loki:3100'],
  ['tempo', 'tempo:3200'],
  ['grafana', 'grafana:3000'],
]);

export const prometheusChecks: readonly Check[] = [
  {
    id: 'prometheus.scrape',
    system,
    promise: 'Prometheus scrapes itself, Loki, Tempo and Grafana, and a query finds them up.',
    needs,
    deadline: 30_000,
    run: scrape,
  },
  {
    id: 'prometheus.remote-write',
    system,
    promise: 'A sample that comes by remote write is found by a query.',
    needs,
    deadline: 20_000,
    run: remoteWrite,
  },
  {
    id: 'prometheus.reload',
    system,
    promise: 'Prometheus reads its configuration again when it is told to.',
    needs,
    deadline: 20_000,
    run: reload,
  },
];

async function scrape(stack: Stack, signal: AbortSignal): Promise<void> {
  const instances = [...scraped].flatMap(([name, instance]) =>
    stack.services[name] === undefined ? [] : [instance],
  );
  await eventually(signal, async () => {
    const { heard, json } = await httpJson(`${api(stack)}/targets?state=active`, signal);
    const targets = asArray(asObject(asObject(json)?.['data'])?.['activeTargets']);
    for (const instance of instances) {
      const target = targets
        .map(asObject)
        .find((each) => asObject(each?.['labels'])?.['instance'] === instance);
      if (target?.['health'] === 'up') continue;
      const state =
        `${asString(target?.['health']) ?? 'missing'} ${asString(target?.['lastError']) ?? ''}`.trim();
      throw broken({ ...heard, text: JSON.stringify(target ?? {}) }, `the target ${instance} is ${state}`);
    }
  });
  await expectSeries(stack, signal, `up{instance=~"${instances.join('|')}"} == 1`, instances.length);
}

async function remoteWrite(stack: Stack, signal: AbortSignal): Promise<void> {
  const labels = { __name__: 'smoke_orders_total', run: stack.id };
  const body = remoteWriteBody([{ labels, value: 42.5, timestamp: Date.now() }]);
  await httpOk(`${api(stack)}/write`, signal, { headers: remoteWriteHeaders, body });
  await expectSeries(stack, signal, `smoke_orders_total{run="${stack.id}"} == 42.5`, 1);
}

async function reload(stack: Stack, signal: AbortSignal): Promise<void> {
  const before = await loadedAt(stack, signal);
  const heard = await httpOk(`${base(stack)}/-/reload`, signal, { method: 'POST' });
  await eventually(signal, async () => {
    const after = await loadedAt(stack, signal);
    if (after.value <= before.value)
      throw broken(
        heard,
        `the configuration has not been read since ${new Date(before.value * 1000).toISOString()}`,
      );
  });
}

function base(stack: Stack): string {
  return endpointOf(stack, 'prometheus', 'http').url;
}

function api(stack: Stack): string {
  return `${base(stack)}/api/v1`;
}

/** Asks Prometheus until a query has exactly so many results. */
export async function expectSeries(
  stack: Stack,
  signal: AbortSignal,
  query: string,
  count: number,
): Promise<void> {
  await eventually(signal, async () => {
    const { heard, json } = await httpJson(`${api(stack)}/query?${new URLSearchParams({ query })}`, signal);
    const found = asArray(asObject(asObject(json)?.['data'])?.['result']).length;
    if (found !== count) throw broken(heard, `${found} results instead of ${count} for ${query}`);
  });
}

/** When Prometheus last took its configuration, as it says itself. Seconds since 1970. */
async function loadedAt(stack: Stack, signal: AbortSignal): Promise<{ value: number; heard: Heard }> {
  const heard = await httpOk(`${base(stack)}/metrics`, signal);
  const name = 'prometheus_config_last_reload_success_timestamp_seconds';
  const [, value] = new RegExp(`^${name} (\\S+)$`, 'm').exec(heard.text) ?? [];
  if (value === undefined) throw broken({ ...heard, text: heard.text.slice(0, 200) }, `there is no ${name}`);
  return { value: Number(value), heard };
}
