import { describe, expect, test } from 'vitest';
import { resultsService } from '../runner/results-service.ts';
import { download, finish, given, reserve, save } from './cache-service-calls.ts';

describe.concurrent('a download', () => {
  const entries = given('0123456789', 'other');

  test('can be a part of what came in blocks, also across them', async () => {
    await using service = await resultsService();
    const { body } = await reserve(service.env, 'a');
    const url = String(body['signed_upload_url']);
    for (const text of ['012', '345', '6789'])
      await fetch(`${url}&comp=block&blockid=${text}`, { method: 'PUT', body: text });
    const list = '<BlockList><Latest>012</Latest><Latest>345</Latest><Latest>6789</Latest></BlockList>';
    await fetch(`${url}&comp=blocklist`, { method: 'PUT', body: list });
    await finish(service.env, 'a', 10);
    const part = await download(service.env, 'a', { headers: { range: 'bytes=2-6' } });
    expect([part.status, await part.text()]).toEqual([206, '23456']);
    expect(service.caches[0]?.bytes.toString()).toBe('0123456789');
  });

  test('is of other bytes once they were replaced', async () => {
    await using service = await resultsService({ cache: { entries } });
    service.replaceCache('other', Buffer.from('poison'));
    expect(await (await download(service.env, 'other')).text()).toBe('poison');
    expect(() => service.replaceCache('missing', Buffer.of())).toThrow('no cache entry has the key missing');
  });

  test.for(['truncate', 'stall', 'hang', 'reset'] as const)('does not end well: %s', async (how) => {
    const faults = [{ at: 'GetBlob', how, key: '0123456789' }];
    await using service = await resultsService({ faults, cache: { entries } });
    const patience = how === 'stall' || how === 'hang' ? 500 : 9_000;
    const begun = download(service.env, '0123456789', { signal: AbortSignal.timeout(patience) });
    await expect(begun.then((response) => response.text())).rejects.toThrow();
    if (how === 'truncate' || how === 'stall')
      expect((await download(service.env, '0123456789')).headers.get('content-length')).toBe('10');
    expect(await (await download(service.env, 'other')).text()).toBe('other');
  });

  test('has another byte than the entry, in a part as in the whole', async () => {
    await using service = await resultsService({
      faults: [{ at: 'GetBlob', how: 'corrupt', times: 2 }],
      cache: { entries },
    });
    const read = async (headers: Record<string, string> = {}): Promise<string> =>
      Buffer.from(await (await download(service.env, '0123456789', { headers })).arrayBuffer()).toString(
        'latin1',
      );
    expect(await read()).toBe('01234\xca6789');
    expect(await read({ range: 'bytes=0-2' })).toBe('0\xce2');
    expect(await read()).toBe('0123456789');
  });
});

describe.concurrent('a slow line', () => {
  const bytes = Buffer.alloc(300_000, 'x');

  test('holds downloads up, all of them together', async () => {
    const entries = [{ key: 'a', version: 'v', bytes }];
    await using service = await resultsService({
      cache: { entries, bytesPerSecond: { download: 2_000_000 } },
    });
    const began = performance.now();
    const got = await Promise.all(
      [1, 2].map(async () => (await (await download(service.env, 'a')).text()).length),
    );
    expect(got).toEqual([300_000, 300_000]);
    // 600 kB at 2 MB/s, less the credit of a timer.
    expect(performance.now() - began).toBeGreaterThan(250);
  });

  test('holds uploads up', async () => {
    await using service = await resultsService({ cache: { bytesPerSecond: 1_000_000 } });
    const began = performance.now();
    expect((await save(service.env, 'a', bytes.toString())).body['ok']).toBe(true);
    expect(performance.now() - began).toBeGreaterThan(250);
  });
});
