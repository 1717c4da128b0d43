import { describe, expect, test } from 'vitest';
import { answered, ask, askUntil, expectAnswer, shown, told } from '../../smoke/core/asking.ts';
import { endpointOf } from '../../smoke/core/check.ts';
import { stack } from '../fakes/smoke.ts';

const patient = new AbortController().signal;
const never = () => new Promise<never>(() => undefined);
const broken = async (what: Promise<unknown>) =>
  what.then(
    () => undefined,
    (error: { readonly name: string; readonly request?: string; readonly answer?: string }) => ({
      request: error.request,
      answer: error.answer,
    }),
  );

describe('one question', () => {
  test('gives its answer', async () => {
    expect(await ask('GET a', patient, async () => 7)).toBe(7);
  });

  test('that fails breaks the promise, with all that the error and those behind it say', async () => {
    const cause = Object.assign(new Error(''), { code: 'ECONNREFUSED' });
    const error = new Error('fetch failed', { cause });
    const found = await broken(ask('GET a', patient, () => Promise.reject(error)));
    expect(found).toEqual({ request: 'GET a', answer: 'fetch failed: ECONNREFUSED' });
  });

  test('that is not answered before the deadline breaks the promise, too', async () => {
    const found = await broken(ask('GET a', AbortSignal.timeout(20), never));
    expect(found).toEqual({ request: 'GET a', answer: 'no answer before the deadline' });
  });

  test('is not asked after the deadline', async () => {
    let asked = 0;
    const found = await broken(ask('GET a', AbortSignal.abort(), async () => (asked += 1)));
    expect([found?.answer, asked]).toEqual(['no answer before the deadline', 0]);
  });

  test('inside another one keeps its own name', async () => {
    const inner = () => ask('GET b', patient, () => Promise.reject(new Error('gone')));
    expect(await broken(ask('GET a', patient, inner))).toEqual({ request: 'GET b', answer: 'gone' });
  });
});

describe('a question that is asked again', () => {
  test('ends with the promised answer; errors before it do not matter', async () => {
    const answers = [() => Promise.reject(new Error('loading')), async () => 1, async () => 2];
    const question = () => (answers.shift() ?? never)();
    expect(await askUntil('GET a', patient, question, (answer) => answer === 2)).toBe(2);
  });

  test.for<[string, () => Promise<unknown>, string]>([
    ['answer', async () => ({ rows: 3n }), 'at the deadline still: {"rows":"3"}'],
    ['error', () => Promise.reject(new Error('loading')), 'at the deadline still: loading'],
    ['silence', never, 'at the deadline still: no answer'],
  ])('tells the last %s at the deadline', async ([, question, answer]) => {
    const found = await broken(askUntil('GET a', AbortSignal.timeout(50), question, () => false));
    expect(found).toEqual({ request: 'GET a', answer });
  });
});

describe('an answer', () => {
  test('as promised is fine, another one is not', () => {
    expectAnswer(true, 'GET a', 1);
    expect(() => expectAnswer(false, 'GET a', [1])).toThrow('GET a: [1]');
  });

  test.for<[unknown, string]>([
    ['text', 'text'],
    [undefined, 'undefined'],
    [new Map([['a', 1n]]), '{"a":"1"}'],
    ['red \u001b[31malert\u001b[0m', 'red alert'],
  ])('is shown as text: %s', ([answer, text]) => {
    expect(shown(answer)).toBe(text);
  });

  test('of a library that collects errors is the first of them, too', () => {
    expect(told(new AggregateError([new Error('inner')], 'outer'))).toBe('outer: inner');
    expect(told('just text')).toBe('just text');
  });
});

describe('a command', () => {
  const ended = { command: [], exitCode: 0, stdout: ' ok\n', stderr: '', timedOut: false, missing: false };

  test('that ends well gives what it has printed', () => {
    expect(answered('docker restart', ended)).toBe('ok');
  });

  test.for([
    [{ exitCode: 1, stderr: 'no such topic\n' }, 'exit code 1: no such topic'],
    [{ exitCode: 1 }, 'exit code 1: ok'],
    [{ exitCode: undefined, timedOut: true }, 'no end in time: ok'],
  ] as const)('that does not breaks the promise: %o', ([how, answer]) => {
    expect(() => answered('run', { ...ended, ...how })).toThrow(`run: ${answer}`);
  });
});

test('an endpoint that the stack does not have breaks the promise, and those that it has are named', () => {
  expect(endpointOf(stack, 'queue', 'main').network.url).toBe('queue:17001');
  expect(() => endpointOf(stack, 'queue', 'admin')).toThrow('the stack has none; it has: main');
  expect(() => endpointOf(stack, 'cache', 'main')).toThrow('it has: nothing');
});
