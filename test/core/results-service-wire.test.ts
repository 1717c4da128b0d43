import { describe, expect, test } from 'vitest';
import { type ResultsService, resultsService } from '../runner/results-service.ts';

const run = (service: ResultsService): string => {
  const [, claims = ''] = (service.env['ACTIONS_RUNTIME_TOKEN'] ?? '').split('.');
  const { scp } = JSON.parse(Buffer.from(claims, 'base64url').toString()) as { scp: string };
  return /Actions\.Results:([0-9a-f-]{36}):[0-9a-f-]{36}$/.exec(scp)?.[1] ?? '';
};

/** A call as a client makes it; `token` and `run` are the right ones unless given. */
async function call(
  service: ResultsService,
  method: string,
  message: Readonly<Record<string, unknown>>,
  token = service.env['ACTIONS_RUNTIME_TOKEN'],
) {
  const url = `${service.env['ACTIONS_RESULTS_URL']}twirp/github.actions.results.api.v1.ArtifactService/${method}`;
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const body = JSON.stringify({ workflow_run_backend_id: run(service), ...message });
  const response = await fetch(url, { method: 'POST', headers, body });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

async function created(service: ResultsService, name = 'logs'): Promise<string> {
  const { body } = await call(service, 'CreateArtifact', { name });
  return String(body['signed_upload_url']);
}

const put = (url: string, body: string, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(url, { method: 'PUT', body, headers });
const whole = { 'x-ms-blob-type': 'BlockBlob', 'content-type': 'text/plain' };

describe.concurrent('messages', () => {
  test('fields in either spelling, wrapped or bare, and those it does not know', async () => {
    await using service = await resultsService();
    const runId = { workflow_run_backend_id: undefined, workflowRunBackendId: run(service) };
    const wanted = { name: { value: 'a' }, expiresAt: '2099-01-01T00:00:00Z', mime_type: 'x', later: [1] };
    expect(await call(service, 'CreateArtifact', { ...runId, ...wanted })).toMatchObject({
      status: 200,
      body: { ok: true },
    });
  });

  test.for([
    [
      'another run’s',
      'CreateArtifact',
      { workflow_run_backend_id: 'other', name: 'a' },
      403,
      'permission_denied',
    ],
    ['a method it has not', 'Explode', {}, 404, 'bad_route'],
    ['an artifact without a name', 'CreateArtifact', {}, 400, 'invalid_argument'],
    ['an artifact that is not there', 'GetSignedArtifactURL', { name: 'a' }, 404, 'not_found'],
    ['the end of an upload that never began', 'FinalizeArtifact', { name: 'a' }, 404, 'not_found'],
  ] as const)('%s is refused', async ([, method, message, status, code]) => {
    await using service = await resultsService();
    expect(await call(service, method, message)).toMatchObject({ status, body: { code } });
  });

  test('another token is refused', async () => {
    await using service = await resultsService();
    expect((await call(service, 'ListArtifacts', {}, 'x')).status).toBe(401);
  });

  test('what was announced has to have arrived', async () => {
    await using service = await resultsService();
    const url = await created(service);
    const finish = async (message: Record<string, string>): Promise<unknown> =>
      (await call(service, 'FinalizeArtifact', { name: 'logs', ...message })).body['code'];
    expect(await finish({ size: '0' })).toBe('failed_precondition');
    await put(url, 'hello', whole);
    expect(service.artifacts).toEqual([]);
    expect(await finish({ size: '4' })).toBe('invalid_argument');
    expect(await finish({ size: '5', hash: 'sha256:0' })).toBe('invalid_argument');
    expect(await finish({ size: '5' })).toBe(undefined);
    expect(service.artifacts.map(({ bytes }) => bytes.toString())).toEqual(['hello']);
  });
});

describe.concurrent('blobs', () => {
  test('blocks count when a list names them, in its order', async () => {
    await using service = await resultsService();
    const url = await created(service);
    for (const [id, text] of [
      ['Yg==', 'two'],
      ['YQ==', 'one'],
    ] as const) {
      const { status, headers } = await put(`${url}&comp=block&blockid=${encodeURIComponent(id)}`, text);
      expect([status, headers.get('x-ms-request-id')]).toEqual([
        201,
        expect.stringMatching(/^[\da-f-]{36}$/),
      ]);
    }
    expect((await fetch(url)).status).toBe(404);
    const list = (...ids: string[]): string =>
      `<BlockList>${ids.map((id) => `<Latest>${id}</Latest>`).join('')}</BlockList>`;
    const unknown = await put(`${url}&comp=blocklist`, list('YQ==', 'eA=='));
    expect([unknown.status, unknown.headers.get('x-ms-error-code')]).toEqual([400, 'InvalidBlockList']);
    expect((await put(`${url}&comp=blocklist`, list('YQ==', 'Yg=='))).status).toBe(201);
    expect(await (await fetch(url)).text()).toBe('onetwo');
  });

  test.for([
    ['nothing', {}, 200, '0123456789', null],
    ['a range', { range: 'bytes=2-4' }, 206, '234', 'bytes 2-4/10'],
    ['a range in Azure’s spelling', { 'x-ms-range': 'bytes=8-99' }, 206, '89', 'bytes 8-9/10'],
    ['the rest', { range: 'bytes=7-' }, 206, '789', 'bytes 7-9/10'],
  ] as const)('are read whole or in part: %s', async ([, asked, status, text, range]) => {
    await using service = await resultsService();
    const url = await created(service);
    await put(url, '0123456789', whole);
    const response = await fetch(url, { headers: { ...asked } });
    expect([response.status, response.headers.get('content-range')]).toEqual([status, range]);
    expect(response.headers.get('content-length')).toBe(String(text.length));
    expect(await response.text()).toBe(text);
  });

  test('what cannot be given is refused', async () => {
    await using service = await resultsService();
    const url = await created(service);
    await put(url, '0123456789', whole);
    const beyond = await fetch(url, { headers: { range: 'bytes=10-' } });
    const forged = await fetch(url.replace(/sig=.*/, 'sig=guessed'));
    const elsewhere = await fetch(url.replace(/results\/[^?]*/, 'results/elsewhere'));
    const half = await put(url, 'no type');
    expect([beyond, forged, elsewhere, half].map(({ status }) => status)).toEqual([416, 403, 404, 400]);
    const head = await fetch(url, { method: 'HEAD' });
    expect([head.status, head.headers.get('content-length')]).toEqual([200, '10']);
  });
});
