import type { ResultsService } from '../runner/results-service.ts';

export type Env = ResultsService['env'];

/** Calls as the client makes them, message by message; `v` is the version of all of them. */
export async function call(env: Env, method: string, message: Readonly<Record<string, unknown>>) {
  const url = `${env['ACTIONS_RESULTS_URL']}twirp/github.actions.results.api.v1.CacheService/${method}`;
  const headers = { authorization: `Bearer ${env['ACTIONS_RUNTIME_TOKEN']}` };
  const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(message) });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

export const reserve = (env: Env, key: string, version = 'v') =>
  call(env, 'CreateCacheEntry', { key, version });
export const put = (url: unknown, body: string): Promise<Response> =>
  fetch(String(url), { method: 'PUT', body, headers: { 'x-ms-blob-type': 'BlockBlob' } });
export const finish = (env: Env, key: string, size: number) =>
  call(env, 'FinalizeCacheEntryUpload', { key, version: 'v', size_bytes: String(size) });

export async function save(env: Env, key: string, text = key) {
  const { body } = await reserve(env, key);
  await put(body['signed_upload_url'], text);
  return finish(env, key, text.length);
}

export async function hit(env: Env, key: string, restore_keys: readonly string[] = [], version = 'v') {
  const { body } = await call(env, 'GetCacheEntryDownloadURL', { key, restore_keys, version });
  return body['ok'] === true ? body['matched_key'] : undefined;
}

export async function download(env: Env, key: string, request: RequestInit = {}): Promise<Response> {
  const { body } = await call(env, 'GetCacheEntryDownloadURL', { key, version: 'v' });
  return fetch(String(body['signed_download_url']), request);
}

export const given = (...keys: readonly string[]) =>
  keys.map((key) => ({ key, version: 'v', bytes: Buffer.from(key) }));
