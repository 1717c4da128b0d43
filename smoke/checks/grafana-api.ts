import { asObject, asString, type Json } from '../../src/core/json.ts';
import { broken, type Heard, http, httpJson, jsonOf } from '../clients/http.ts';
import { endpointOf, type Stack } from '../core/check.ts';

/** Who may see everything in the stack's Grafana. */
export const administrator = { user: 'admin', password: 'admin' };

function asAdministrator(): { readonly authorization: string } {
  const { user, password } = administrator;
  return { authorization: `Basic ${btoa(`${user}:${password}`)}` };
}

/** An answer, and the JSON that it holds. */
export interface Told {
  readonly heard: Heard;
  readonly json: unknown;
}

export function grafanaUrl(stack: Stack): string {
  return endpointOf(stack, 'grafana', 'http').url;
}

/** Asks Grafana's API as its administrator. */
export function grafana(stack: Stack, signal: AbortSignal, path: string): Promise<Told> {
  return httpJson(`${grafanaUrl(stack)}${path}`, signal, { headers: asAdministrator() });
}

/** As `grafana`, whatever status it answers with. */
export function grafanaSays(stack: Stack, signal: AbortSignal, path: string): Promise<Heard> {
  return http(`${grafanaUrl(stack)}${path}`, signal, { headers: asAdministrator() });
}

/** Asks a data source through Grafana for the last hour, as Grafana's pages do. */
export async function queryThrough(
  stack: Stack,
  signal: AbortSignal,
  uid: string,
  query: Readonly<Record<string, string | number | boolean>>,
): Promise<Told> {
  const now = Date.now();
  const queries = [{ refId: 'A', datasource: { uid }, maxDataPoints: 100, intervalMs: 5000, ...query }];
  const json = { from: String(now - 3_600_000), to: String(now + 60_000), queries };
  const told = await httpJson(`${grafanaUrl(stack)}/api/ds/query`, signal, {
    json,
    headers: asAdministrator(),
  });
  const result = asObject(asObject(asObject(told.json)?.['results'])?.['A']);
  if (result?.['error'] !== undefined) throw broken(told.heard, `the data source ${uid} could not answer`);
  return told;
}

/** A data source as Grafana has it. */
export interface DataSource {
  readonly heard: Heard;
  readonly type: string;
  readonly settings: Json;
}

export async function dataSource(stack: Stack, signal: AbortSignal, uid: string): Promise<DataSource> {
  const heard = await grafanaSays(stack, signal, `/api/datasources/uid/${uid}`);
  if (heard.status !== 200) throw broken(heard, `there is no data source ${uid}`);
  const json = asObject(jsonOf(heard)) ?? {};
  return { heard, type: asString(json['type']) ?? '', settings: asObject(json['jsonData']) ?? {} };
}
