import { describe, expect, test } from 'vitest';
import { stepOf } from '../runner/job.ts';
import { bring, failureOf, image, script } from './caller-stack.ts';
import { brokenRegistry } from './registry.ts';

const works = JSON.stringify({ services: { ledger: script('sleep 600') } });

/** Nine levels of nine: some 387 million strings from half a kilobyte. */
const bomb = [
  'a0: &a0 [x, x, x, x, x, x, x, x, x]',
  ...Array.from(
    { length: 8 },
    (_, level) => `a${level + 1}: &a${level + 1} [${Array(9).fill(`*a${level}`).join(', ')}]`,
  ),
  'services: { ledger: { image: x, command: *a8 } }',
].join('\n');

interface Unreadable {
  readonly case: string;
  readonly text?: string;
  readonly files?: Readonly<Record<string, string>>;
  readonly named?: string;
  readonly says: RegExp;
}

const unreadable: readonly Unreadable[] = [
  { case: 'is missing', named: 'missing.yaml', says: /there is no such file/ },
  {
    case: 'is a folder',
    named: 'folder',
    files: { 'folder/file': '' },
    says: /it is a folder/,
  },
  { case: 'is not YAML', text: 'services:\n\tledger: {', says: /is not YAML/ },
  { case: 'is empty', text: '', says: /is empty/ },
  { case: 'has no services', text: 'volumes: {}', says: /has no services/ },
  { case: 'expands without end', text: bomb, says: /expands without end/ },
  { case: 'holds two documents', text: `${works}\n---\n${works}`, says: /exactly one YAML document/ },
];

describe('a Compose file of the caller that', { timeout: 10_000 }, () => {
  test.each(unreadable)('$case is named before anything starts', async ({ text, files, named, says }) => {
    const name = named ?? 'caller.yaml';
    const job = await bring(text ?? works, { with: { 'compose-files': name }, files: files ?? {} });
    const { title, message } = await failureOf(job);
    expect(title).toBe('infra-action: PakLog infrastructure: INPUT_INVALID');
    expect(message).toContain(name);
    expect(message).toMatch(says);
    expect(stepOf(job, 'stack', 'post').log.join('\n')).toContain('Nothing was started');
  });

  test('has services that depend on each other in a circle is refused', async () => {
    const needs = (service: string) => ({ image, depends_on: [service] });
    const { title, message } = await failureOf(
      await bring({ services: { shop: needs('orders'), orders: needs('ledger'), ledger: needs('shop') } }),
    );
    expect(title).toBe('infra-action: PakLog infrastructure: COMPOSE_CYCLE');
    expect(message).toMatch(/(shop|orders|ledger) -> (shop|orders|ledger) -> /);
  });

  test('has a key that Compose does not know is quoted', async () => {
    const job = await bring({ services: { ledger: { image, comand: 'x' } } });
    const { title, message } = await failureOf(job);
    expect(title).toBe('infra-action: PakLog infrastructure: COMPOSE_INVALID');
    expect(message).toContain('comand');
  });

  test('names an image that does not exist fails with the image and the service', async () => {
    await using registry = await brokenRegistry('missing');
    const reference = `${registry.address}/ledger:9.9.9`;
    const { title, message } = await failureOf(await bring({ services: { ledger: { image: reference } } }));
    expect(title).toBe('infra-action: ledger: PULL_NOT_FOUND');
    expect(message).toContain(reference);
  });

  test('names an image that its registry refuses to give out says so', async () => {
    await using registry = await brokenRegistry('denied');
    const reference = `${registry.address}/ledger:9.9.9`;
    const { title, message } = await failureOf(await bring({ services: { ledger: { image: reference } } }));
    expect(title).toBe('infra-action: ledger: PULL_DENIED');
    expect(message).toContain(reference);
  });
});

describe('an unknown name', { timeout: 10_000 }, () => {
  test('in `services` is refused with the name that was probably meant', async () => {
    const job = await bring(works, { with: { services: 'kafak', 'compose-files': '' } });
    const { title, message } = await failureOf(job);
    expect(title).toBe('infra-action: PakLog infrastructure: INPUT_INVALID');
    expect(message).toContain('kafak');
    expect(message).toMatch(/did you mean "?kafka/i);
  });

  test('stands beside every other mistake in one annotation', async () => {
    const given = { services: 'none, legder', timeout: 'soon', ports: 'random', images: 'shop: x:1' };
    const { message } = await failureOf(await bring(works, { with: given }));
    for (const part of ['legder', 'ledger', 'soon', 'random', 'shop']) expect(message).toContain(part);
  });
});
