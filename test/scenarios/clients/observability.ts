import { randomUUID } from 'node:crypto';
import { expect, vi } from 'vitest';
import { fetchJson, fetchText, postJson } from './http.ts';
import { remoteWrite } from './remote-write.ts';

const patience = { timeout: 30_000, interval: 250 };

interface QueryAnswer {
  readonly data: { readonly result: readonly unknown[] };
}

/** Asks Prometheus, or Grafana for it, until the query has exactly so many results. */
export async function expectSeries(
  prometheus: string,
  query: string,
  count: number,
  init: RequestInit = {},
): Promise<void> {
  await vi.waitFor(async () => {
    const url = `${prometheus}/api/v1/query?${new URLSearchParams({ query })}`;
    const answer = (await fetchJson(url, init)) as QueryAnswer;
    expect(answer.data.result, query).toHaveLength(count);
  }, patience);
}

/** Writes one sample, and asks for it by its labels. */
export async function writeAndFindSample(prometheus: string): Promise<void> {
  const id = randomUUID();
  await remoteWrite(prometheus, { __name__: 'scenario_orders', id }, 42);
  await expectSeries(prometheus, `scenario_orders{id="${id}"} == 42`, 1);
}

export async function pushAndFindLine(loki: string): Promise<void> {
  const id = randomUUID();
  const line = `order ${id} placed`;
  await postJson(`${loki}/loki/api/v1/push`, {
    streams: [{ stream: { job: 'scenario' }, values: [[`${Date.now()}000000`, line]] }],
  });
  await expectLine(loki, `{job="scenario"} |= "${id}"`, line);
}

export async function expectLine(
  loki: string,
  query: string,
  line: string,
  init: RequestInit = {},
): Promise<void> {
  await vi.waitFor(async () => {
    const found = await fetchText(`${loki}/loki/api/v1/query_range?${new URLSearchParams({ query })}`, init);
    expect(found).toContain(line);
  }, patience);
}

/** Logs in as a person does; the session's cookie. */
export async function logIn(grafana: string): Promise<string> {
  const response = await fetch(`${grafana}/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ user: 'admin', password: 'admin' }),
  });
  expect(response.status, await response.text()).toBe(200);
  return response.headers
    .getSetCookie()
    .map((cookie) => cookie.split(';')[0])
    .join('; ');
}
