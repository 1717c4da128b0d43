import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { scripted } from '../runner/fixtures/scripted.ts';
import { run, runJob, stepOf } from '../runner/job.ts';
import { type Fault, type ResultsService, resultsService } from '../runner/results-service.ts';

/** A job of one action that has GitHub's own client at hand, and a folder `root` with two files. */
async function withClient(service: ResultsService, script: string) {
  const prepare = `
    const { DefaultArtifactClient } = await import('@actions/artifact');
    const { mkdirSync, readdirSync, writeFileSync } = process.getBuiltinModule('node:fs');
    const client = new DefaultArtifactClient();
    const root = env.RUNNER_TEMP + '/evidence';
    mkdirSync(root + '/logs', { recursive: true });
    writeFileSync(root + '/report.json', '{}'); writeFileSync(root + '/logs/a b.log', 'line\\n');
    const files = [root + '/report.json', root + '/logs/a b.log'];
    const tell = (value) => say('told ' + JSON.stringify(value));
    const attempt = (promise) => promise.then(tell, (error) => say('threw ' + error.message.split('\\n')[0]));`;
  const job = await runJob({ actionEnv: service.env, steps: [scripted(prepare + script)] });
  const lines = stepOf(job, 'it').log.filter((line) => /^(told|threw) /.test(line));
  expect(lines, job.text).not.toEqual([]);
  return lines.map((line) => (line.startsWith('told ') ? JSON.parse(line.slice(5)) : line));
}

describe.concurrent('the stand-in, asked by the unmodified client', () => {
  test('keeps what is uploaded: name, bytes, files, days', async () => {
    await using service = await resultsService();
    const [uploaded] = await withClient(
      service,
      "tell(await client.uploadArtifact('logs', files, root, { retentionDays: 3 }))",
    );
    const [artifact, ...others] = service.artifacts;
    expect(others).toEqual([]);
    expect(artifact).toMatchObject({ id: uploaded.id, name: 'logs', retentionDays: 3 });
    expect(artifact?.bytes.length).toBe(uploaded.size);
    const texts = [...(artifact?.files ?? [])].map(([path, bytes]) => [path, bytes.toString()]);
    expect(texts).toEqual([
      ['report.json', '{}'],
      ['logs/a b.log', 'line\n'],
    ]);
    expect(service.requests).toEqual(['CreateArtifact', 'PutBlock', 'PutBlockList', 'FinalizeArtifact']);
  });

  test('without days, and one file as it is instead of an archive', async () => {
    await using service = await resultsService();
    await withClient(
      service,
      "tell(await client.uploadArtifact('', files.slice(0, 1), root, { skipArchive: true }))",
    );
    const [artifact] = service.artifacts;
    expect(artifact).toMatchObject({ name: 'report.json', retentionDays: undefined });
    expect(artifact?.files.get('report.json')?.toString()).toBe('{}');
  });

  test('lists, finds, gives back and deletes', async () => {
    await using service = await resultsService();
    const told = await withClient(
      service,
      `const { id, digest } = await client.uploadArtifact('logs', files, root);
      await client.uploadArtifact('more', files, root);
      tell((await client.listArtifacts()).artifacts.map(({ name }) => name));
      tell((await client.getArtifact('logs')).artifact.digest === 'sha256:' + digest);
      const { downloadPath } = await client.downloadArtifact(id, { path: env.RUNNER_TEMP + '/got', expectedHash: 'sha256:' + digest });
      tell(readdirSync(downloadPath, { recursive: true }).sort());
      tell((await client.deleteArtifact('logs')).id === id);
      await attempt(client.getArtifact('logs'));`,
    );
    expect(told).toEqual([
      ['logs', 'more'],
      true,
      ['logs', 'logs/a b.log', 'report.json'],
      true,
      'threw Artifact not found for name: logs',
    ]);
    expect(service.artifacts.map(({ name }) => name)).toEqual(['more']);
  });

  test('puts a large one together from its blocks', async () => {
    await using service = await resultsService();
    const [sent] = await withClient(
      service,
      `const { createHash, randomBytes } = process.getBuiltinModule('node:crypto');
      const bytes = randomBytes(20e6); writeFileSync(root + '/big', bytes);
      await client.uploadArtifact('big', [root + '/big'], root, { compressionLevel: 0 });
      tell(createHash('sha256').update(bytes).digest('hex'))`,
    );
    expect(service.requests.filter((name) => name === 'PutBlock')).toHaveLength(3);
    const arrived = service.artifacts[0]?.files.get('big') ?? '';
    expect(createHash('sha256').update(arrived).digest('hex')).toBe(sent);
  });

  test('is known to the actions of a job alone', async () => {
    await using service = await resultsService();
    const script = 'env | grep -c ^ACTIONS_ || true';
    const steps = [
      scripted('say(env.ACTIONS_RUNTIME_TOKEN.length > 100)'),
      run('later', ['sh', '-c', script]),
    ];
    const job = await runJob({ actionEnv: service.env, steps });
    expect(stepOf(job, 'it').log.at(-1)).toBe('true');
    expect(stepOf(job, 'later').log.at(-1)).toBe('0');
  });
});

const upload = "await attempt(client.uploadArtifact('logs', files, root).then(({ id }) => id));";
const faults: ReadonlyArray<readonly [string, readonly Fault[], unknown]> = [
  ['the service is away for a moment', [{ at: 'CreateArtifact', how: 503, times: 1 }], 1],
  ['the connection breaks off in a block, once', [{ at: 'PutBlock', how: 'reset', times: 1 }], 1],
  [
    'the connection breaks off in a message',
    [{ at: 'CreateArtifact', how: 'reset' }],
    'threw Failed to CreateArtifact: Unable to make request: ECONNRESET',
  ],
  [
    'the storage is full',
    [{ at: 'CreateArtifact', how: 'quota' }],
    'threw Failed to CreateArtifact: Artifact storage quota has been hit. Unable to upload any new artifacts.',
  ],
];

describe.concurrent('its faults, as the unmodified client meets them', () => {
  test.for(faults)('%s', { timeout: 30_000 }, async ([, given, told]) => {
    await using service = await resultsService({ faults: given });
    expect(await withClient(service, upload)).toEqual([told]);
    expect(service.artifacts).toHaveLength(told === 1 ? 1 : 0);
    const [{ at, times = 0 } = { at: '' }] = given;
    expect(service.requests.filter((name) => name === at)).toHaveLength(times + 1);
  });

  test('a name is taken once', async () => {
    await using service = await resultsService();
    expect(await withClient(service, upload + upload)).toEqual([
      1,
      'threw Failed to CreateArtifact: Received non-retryable error: Failed request: (409) Conflict: ' +
        'an artifact with this name already exists on the workflow run',
    ]);
  });
});
