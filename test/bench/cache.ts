/**
 * The service that keeps caches, in a process of its own: `node test/bench/cache.ts`, asked through `link.ts`. It keeps several
 * repositories, each with its own caches and speed.
 */
import { type ResultsService, resultsService } from '../runner/results-service.ts';
import { answer } from './link.ts';
import type { CacheAnswer, CacheQuestion } from './servers.ts';

/** Below Azure's name the client downloads as on GitHub: several ranges at once. */
const blobHost = 'caches.blob.core.windows.net';

const repositories = new Map<string, ResultsService>();
let gone = 0;

answer<CacheQuestion, CacheAnswer>(async (question) => {
  const named = question === undefined ? undefined : await find(question);
  return {
    env: named?.env ?? {},
    bytes: [...repositories.values()].reduce((sum, { sent }) => sum + sent, gone),
    entries: named?.caches.map(({ key, size }) => ({ key, size })) ?? [],
  };
});

async function find(question: NonNullable<CacheQuestion>): Promise<ResultsService | undefined> {
  if ('use' in question) {
    const open = repositories.get(question.use);
    if (open === undefined) throw new Error(`No repository ${question.use} is open.`);
    return open;
  }
  if ('close' in question) return void (await close(question.close));
  const name = 'open' in question ? question.open : question.repace;
  const entries = 'repace' in question ? (repositories.get(name)?.caches ?? []) : [];
  await close(name);
  const { bytesPerSecond } = question;
  const speed = bytesPerSecond === undefined ? {} : { bytesPerSecond };
  const opened = await resultsService({ cache: { blobHost, entries, ...speed } });
  repositories.set(name, opened);
  return opened;
}

async function close(name: string): Promise<void> {
  const open = repositories.get(name);
  gone += open?.sent ?? 0;
  repositories.delete(name);
  await open?.[Symbol.asyncDispose]();
}
