import { describe, expect, test } from 'vitest';
import { newParts } from '../../src/evidence/parts.ts';
import { virtualClock } from '../fakes/clock.ts';

function parts(budget = 1000) {
  const clock = virtualClock();
  const warnings: string[] = [];
  return { clock, warnings, ...newParts(budget, clock, (text) => void warnings.push(text)) };
}

describe('a part', () => {
  test('gives what it has', async () => {
    const { part, end, warnings } = parts();
    expect(await part('a', async () => 7)).toBe(7);
    end();
    expect(warnings).toEqual([]);
  });

  test.each([
    ['later', () => Promise.reject(new Error('no engine'))],
    [
      'at once',
      () => {
        throw new Error('no engine');
      },
    ],
  ])('that fails %s is a warning', async (_, body) => {
    const { part, end, warnings } = parts();
    expect(await part('the log', body)).toBeUndefined();
    expect(await part('the rest', async () => 'here')).toBe('here');
    end();
    expect(warnings).toEqual(['Evidence: the log could not be had: no engine']);
  });

  test('that hangs is left, and is a warning', async () => {
    const { part, end, warnings, clock, signal } = parts();
    const [hanging, other] = await Promise.all([
      part('the log', () => new Promise(() => {})),
      part('the rest', async () => 'here'),
    ]);
    expect([hanging, other, signal.aborted]).toEqual([undefined, 'here', true]);
    expect(clock.now()).toBe(2000);
    end();
    expect(warnings).toEqual(['Evidence: time ran out for the log.']);
  });

  test('that ends when it is told that the time is over has its result', async () => {
    const { part, end, signal, warnings } = parts();
    const ended = await part(
      'the log',
      () => new Promise((resolve) => signal.addEventListener('abort', () => resolve('half'))),
    );
    expect(ended).toBe('half');
    end();
    expect(warnings).toEqual([]);
  });

  test('that fails after it was left harms nobody', async () => {
    const { part, end, clock } = parts();
    await part('the log', () => clock.sleep(5000).then(() => Promise.reject(new Error('late'))));
    await clock.sleep(10_000);
    end();
  });

  test('that comes when the time is over is not begun', async () => {
    const { part, end, clock, warnings } = parts();
    await clock.sleep(1500);
    let begun = false;
    await part('the log', async () => {
      begun = true;
    });
    end();
    expect([begun, warnings]).toEqual([false, ['Evidence: no time was left for the log.']]);
  });
});

test('the time is not over for parts that have ended', async () => {
  const { end, signal, clock } = parts();
  end();
  await clock.sleep(5000);
  expect(signal.aborted).toBe(false);
});
