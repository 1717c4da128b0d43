import { describe, expect, test } from 'vitest';
import { scripted } from '../runner/fixtures/scripted.ts';
import { type JobOptions, runJob, stepOf } from '../runner/job.ts';
import { type Fault, resultsService } from '../runner/results-service.ts';

const source = new URL('../../src/io/artifacts.ts', import.meta.url);

/** An action that uploads two files as `logs`, by the product's own means, and says what came of it. */
function uploads(call = "artifacts.upload('logs', files, root)", end = 'process.exit()') {
  return scripted(`
    const { artifacts } = await import(${JSON.stringify(source.href)});
    const { mkdirSync, writeFileSync } = process.getBuiltinModule('node:fs');
    const root = env.RUNNER_TEMP + '/evidence';
    mkdirSync(root + '/logs', { recursive: true });
    writeFileSync(root + '/report.json', '{}'); writeFileSync(root + '/logs/web.log', 'line\\n');
    const files = [root + '/report.json', root + '/logs/web.log'];
    const began = performance.now();
    await ${call}.then((done) => say('uploaded ' + JSON.stringify(done)), (error) => say('refused ' + error.message));
    say('after ' + Math.round(performance.now() - began));
    ${end}`);
}

async function outcome(step = uploads(), options: Partial<JobOptions> = {}) {
  const job = await runJob({ ...options, steps: [step] });
  const { log, annotations, outcome: result } = stepOf(job, 'it');
  const said = log.find((line) => /^(uploaded|refused) /.test(line));
  const after = Number(/^after (\d+)$/m.exec(log.join('\n'))?.[1]);
  return { said, after, annotations, result, text: job.text };
}

describe.concurrent('an artifact', () => {
  test('holds the files by their paths, for the days that were asked for', async () => {
    await using service = await resultsService();
    const asked = "artifacts.upload('logs', files, root, 5)";
    const { said, annotations, text } = await outcome(uploads(asked), { actionEnv: service.env });
    const [artifact] = service.artifacts;
    expect(said, text).toBe(`uploaded ${JSON.stringify({ id: artifact?.id, size: artifact?.bytes.length })}`);
    // In an archive files stand as they were read, and a busy machine reads them in another order.
    expect([...(artifact?.files.keys() ?? [])].sort()).toEqual(['logs/web.log', 'report.json']);
    expect([artifact?.name, artifact?.retentionDays, annotations]).toEqual(['logs', 5, []]);
  });

  test('is kept as long as the repository says, when nobody asks for less', async () => {
    await using service = await resultsService();
    await outcome(uploads(), { actionEnv: service.env });
    expect(service.artifacts.map(({ retentionDays }) => retentionDays)).toEqual([undefined]);
  });

  test('of a name that is taken is refused', async () => {
    await using service = await resultsService();
    const twice = "artifacts.upload('logs', files, root).then(() => artifacts.upload('logs', files, root))";
    const { said, result, annotations } = await outcome(uploads(twice), { actionEnv: service.env });
    expect(said).toBe(
      "refused Artifact 'logs' was not uploaded: an artifact of that name already exists in this run (409). Give each job its own name.",
    );
    expect([result, annotations]).toEqual(['success', []]);
  });

  test.for<readonly [string, Fault, string]>([
    [
      'the storage is full',
      { at: 'CreateArtifact', how: 'quota' },
      "the account's storage for artifacts is full. Delete old ones, or wait until they expire",
    ],
    [
      'the connection breaks off',
      { at: 'CreateArtifact', how: 'reset' },
      'Failed to CreateArtifact: Unable to make request: ECONNRESET',
    ],
    [
      'the service refuses',
      { at: 'FinalizeArtifact', how: 400 },
      'Failed to FinalizeArtifact: Received non-retryable error: Failed request: (400) Bad Request: made to fail',
    ],
  ])('is refused in words when %s', async ([, fault, reason]) => {
    await using service = await resultsService({ faults: [fault] });
    const { said, result, annotations } = await outcome(uploads(), { actionEnv: service.env });
    expect(said).toBe(`refused Artifact 'logs' was not uploaded: ${reason}.`);
    expect([result, annotations, service.artifacts]).toEqual(['success', [], []]);
  });

  test.for<readonly [string, Fault]>([
    ['a message', { at: 'CreateArtifact', how: 'hang' }],
    ['a block', { at: 'PutBlock', how: 'hang' }],
    ['every block, by breaking off', { at: 'PutBlock', how: 'reset' }],
  ])('is given up in time when the server never answers %s', async ([, fault]) => {
    await using service = await resultsService({ faults: [fault] });
    const bounded = "artifacts.upload('logs', files, root, undefined, 2000)";
    const { said, after, result } = await outcome(uploads(bounded), { actionEnv: service.env });
    expect(said).toBe("refused Artifact 'logs' was not uploaded: it took longer than 2 s.");
    expect(service.requests).toContain(fault.at);
    expect(after).toBeGreaterThan(1990);
    expect(result).toBe('success');
  });

  test('leaves nothing behind that keeps the process alive, once it is uploaded', async () => {
    await using service = await resultsService();
    const { said, result } = await outcome(uploads(undefined, ''), { actionEnv: service.env });
    expect([said?.startsWith('uploaded'), result]).toEqual([true, 'success']);
  });

  test.for<readonly [string, string, Partial<JobOptions>, string]>([
    ['a runner without a store', 'files', {}, 'this runner offers no store for artifacts'],
    ['no file at all', '[]', {}, 'No files were found to upload'],
    ['a file that is gone', "[root + '/gone']", {}, "ENOENT: no such file or directory, access '"],
    [
      'GitHub Enterprise Server',
      'files',
      { github: { server_url: 'https://ghe.example.com' } },
      'GitHub Enterprise Server has no store that the client knows',
    ],
  ])('is refused in words: %s', async ([, files, options, reason]) => {
    const { said, result } = await outcome(uploads(`artifacts.upload('logs', ${files}, root)`), options);
    expect(said?.startsWith(`refused Artifact 'logs' was not uploaded: ${reason}`), said).toBe(true);
    expect(result).toBe('success');
  });
});
