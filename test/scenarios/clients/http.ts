/** The body of an answer that must be one of success. */
export async function fetchText(url: string, init: RequestInit = {}): Promise<string> {
  const response = await fetch(url, { signal: AbortSignal.timeout(30_000), ...init });
  const body = await response.text();
  if (!response.ok)
    throw new Error(`${init.method ?? 'GET'} ${url}: HTTP ${response.status} ${body.slice(0, 500)}`);
  return body;
}

export async function fetchJson(url: string, init: RequestInit = {}): Promise<unknown> {
  return JSON.parse(await fetchText(url, init));
}

export async function postJson(
  url: string,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): Promise<string> {
  const sent = { 'content-type': 'application/json', ...headers };
  return fetchText(url, { method: 'POST', headers: sent, body: JSON.stringify(body) });
}
