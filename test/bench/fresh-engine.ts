import { join } from 'node:path';
import { runCommand } from '../../src/io/command.ts';
import { removeData, requireEmpty, startEngine } from './engine.ts';
import type { Store } from './options.ts';

interface Place {
  /** Of the benchmark; the engine keeps its data below it. */
  readonly folder: string;
  /** Of its control groups. */
  readonly id: string;
  readonly interrupted: AbortSignal;
}

/** Runs something beside an engine that has nothing at first and is gone afterwards. */
export async function withEngine<Result>(
  { folder, id, interrupted }: Place,
  store: Store,
  body: () => Promise<Result>,
): Promise<Result> {
  interrupted.throwIfAborted();
  const data = join(folder, 'data');
  await removeData(data);
  const engine = await startEngine({ store, data, folder, id });
  try {
    await requireEmpty();
    return await body();
  } finally {
    await engine.stop();
    await removeData(data);
    // What earlier runs have written does not hold the next one up.
    await runCommand(['sync'], { timeout: 120_000 });
  }
}
