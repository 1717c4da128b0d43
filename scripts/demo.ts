// What a job sees: brings systems up through the built action, uses one of them, and takes everything down.
// `node scripts/demo.ts [services]`
import { Redis } from 'ioredis';
import { run, runJob, use } from '../test/runner/job.ts';

const asked = process.argv.slice(2).flatMap((word) => word.split(/[\s,]+/));
const services = asked.filter((name) => name !== '').join(', ') || 'core';

/** Writes and reads back through what the action exported; says what it did. */
async function useOne(env: Readonly<Record<string, string>>): Promise<string> {
  if (env['REDIS_URL'] !== undefined) {
    const redis = new Redis(env['REDIS_URL'], { lazyConnect: true });
    await redis.connect();
    await redis.set('order:1', 'packed');
    const answer = await redis.get('order:1');
    redis.disconnect();
    return `Redis at ${env['REDIS_URL']}: SET order:1 packed, GET order:1 -> ${answer}`;
  }
  const [name, url] =
    Object.entries(env).find(([key, value]) => key.endsWith('_URL') && value.startsWith('http')) ?? [];
  if (url === undefined)
    throw new Error('The demonstration uses Redis or a system with an HTTP address; none of them is up.');
  const answer = await fetch(url);
  return `${name} at ${url}: HTTP ${answer.status}`;
}

const job = await runJob({
  steps: [
    use({ id: 'infra', action: process.cwd(), with: { services } }),
    run('use one of them', async ({ env, print }) => print(await useOne(env))),
  ],
  onLine: ({ text }) => console.log(text),
});
console.log(
  `The job ended with ${job.conclusion}; left behind: ${job.left.length + job.orphans.length} files and processes.`,
);
process.exitCode = job.conclusion === 'success' ? 0 : 1;
