import { describe, expect, test } from 'vitest';
import type { KnownCause, System } from '../../src/core/catalogue/catalogue.ts';
import { type Facts, knownCause } from '../../src/core/causes/known-causes.ts';
import type { Failure } from '../../src/core/errors.ts';

const text = { what: 'store exited with code 3.', why: 'It stopped.', advice: 'Read its log.' };

function failure(code = 'SERVICE_EXITED'): Failure {
  return { code, system: 'store', ...text };
}

function cause(more: Partial<KnownCause>): KnownCause {
  return { code: 'STORE_BROKEN', why: 'It is broken.', advice: 'Mend it.', ...more };
}

function told(causes: readonly KnownCause[], facts: Partial<Facts>, code?: string): Failure {
  const system: System = { name: 'store', title: 'Store', endpoints: [], probe: [], causes };
  return knownCause(failure(code), { log: '', system, ...facts });
}

const broken = cause({ log: /page (\d+) is torn/i });

describe('a failure whose cause is known', () => {
  test('keeps what happened and the system; code, reason and advice are those of the cause', () => {
    expect(told([broken], { log: 'opening\nPAGE 7 IS TORN\nbye' })).toEqual({
      code: 'STORE_BROKEN',
      system: 'store',
      what: 'store exited with code 3.',
      why: 'It is broken.\nIts log says: PAGE 7 IS TORN',
      advice: 'Mend it.',
    });
  });

  test.each(['SERVICE_EXITED', 'SERVICE_CRASH_LOOP', 'SERVICE_UNHEALTHY', 'NOT_READY'])(
    'may be %s',
    (code) => {
      expect(told([broken], { log: 'page 7 is torn' }, code).code).toBe('STORE_BROKEN');
    },
  );

  test.each(['SERVICE_OOM', 'PORT_TAKEN', 'PULL_DENIED', 'INPUT_INVALID', 'INTERNAL'])(
    'is not %s, which is a cause itself',
    (code) => {
      expect(told([broken], { log: 'page 7 is torn', oomKilled: true }, code)).toEqual(failure(code));
    },
  );

  test('names the system and what was found', () => {
    const named = cause({
      log: /page (\d+)/,
      why: '{system} has a bad page {1}.',
      advice: 'Mend {1} of {system}.',
    });
    expect(told([named], { log: 'page 7' })).toMatchObject({
      why: 'store has a bad page 7.\nIts log says: page 7',
      advice: 'Mend 7 of store.',
    });
  });

  test('names nothing where nothing was found', () => {
    const named = cause({ log: /page(?: (\d+))?/, why: 'A bad page{1}.' });
    expect(told([named], { log: 'page' }).why).toBe('A bad page.\nIts log says: page');
  });

  test('is the system’s own before any other', () => {
    const full = cause({ log: /no space left/ });
    expect(told([full], { log: 'no space left on device' }).code).toBe('STORE_BROKEN');
    expect(told([], { log: 'no space left on device' }).code).toBe('DISK_FULL');
  });

  test('is the first of several', () => {
    const other = cause({ code: 'OTHER', log: /torn/ });
    expect(told([other, broken], { log: 'page 7 is torn' }).code).toBe('OTHER');
  });
});

describe('every condition has to hold', () => {
  const strict = cause({ log: /torn/, unless: /mended/, exitCodes: [3, 4], answer: /^HTTP 500/ });
  const all = { log: 'page 7 is torn', exitCode: 3, lastAnswer: 'HTTP 500 from /' };

  test('and then it is the cause', () => {
    expect(told([strict], all).code).toBe('STORE_BROKEN');
  });

  test.each<[string, Partial<Facts>]>([
    ['another log', { log: 'page 7 is fine' }],
    ['a line that speaks against it', { log: 'page 7 is torn\nmended' }],
    ['another exit code', { exitCode: 1 }],
    ['another answer', { lastAnswer: 'HTTP 503 from /' }],
  ])('%s makes it none', (_, facts) => {
    expect(told([strict], { ...all, ...facts })).toEqual(failure());
  });

  test('and what is not known does not hold', () => {
    expect(told([cause({ exitCodes: [0] })], {})).toEqual(failure());
    expect(told([cause({ answer: /^HTTP/ })], {})).toEqual(failure());
  });

  test('an exit code alone is enough, and quotes nothing', () => {
    expect(told([cause({ exitCodes: [3] })], { exitCode: 3, log: 'some line' }).why).toBe('It is broken.');
  });

  test('an answer alone is enough, and is quoted', () => {
    const seen = cause({ answer: /HTTP (\d+)/, why: 'It says {1}.' });
    expect(told([seen], { lastAnswer: 'HTTP 500 from /' }).why).toBe(
      'It says 500.\nThe last probe said: HTTP 500 from /',
    );
  });
});

describe('the line that is quoted', () => {
  test('is the last one that matches', () => {
    expect(told([broken], { log: 'page 1 is torn\npage 2 is torn\nbye' }).why).toContain('page 2 is torn');
  });

  test('is another one where the cause asks for it', () => {
    const quoting = cause({ log: /opening/, quote: /^Error/ });
    expect(told([quoting], { log: 'opening\nError: page 7\nError: page 8\nbye' }).why).toBe(
      'It is broken.\nIts log says: Error: page 8',
    );
    expect(told([quoting], { log: 'opening the store\nbye' }).why).toContain(
      'Its log says: opening the store',
    );
  });

  test('has no colours, no control characters and single spaces', () => {
    const log = '\u001b[31m  page 7\tis torn\u001b[0m\u202e\u0007\r';
    expect(told([cause({ log: /page 7/ })], { log }).why).toBe('It is broken.\nIts log says: page 7 is torn');
  });

  test('is cut to the part that matches, from a whole word on', () => {
    const log = `level=error ${'lead '.repeat(200)}page 7 is torn ${'tail '.repeat(200)}`;
    const [, quote = ''] = told([broken], { log }).why.split('\nIts log says: ');
    expect(quote.length).toBeLessThanOrEqual(300);
    expect(quote).toMatch(/^… (lead )+page 7 is torn (tail )+.*…$/);
  });
});

describe('a command that failed has said why itself', () => {
  const command = { code: 'COMMAND_FAILED', system: 'store', ...text, why: 'one\npage 7 is torn\nthree' };
  const system: System = { name: 'store', title: 'Store', endpoints: [], probe: [], causes: [broken] };

  test('all its words stay', () => {
    expect(knownCause(command, { log: '', system }).why).toBe('It is broken.\none\npage 7 is torn\nthree');
  });

  test('and the log of the system, which works, is not asked', () => {
    const silent = { ...command, why: 'It said nothing.' };
    expect(knownCause(silent, { log: 'page 7 is torn\nno space left on device', system })).toEqual(silent);
  });
});

describe('words that also stand in good logs', () => {
  test.each(['permission denied', 'connect: connection refused', 'ORDERS_TOKEN is not set'])(
    '%s explain only a program that has ended',
    (log) => {
      expect(told([], { log }, 'NOT_READY')).toEqual(failure('NOT_READY'));
      expect(told([], { log }, 'SERVICE_EXITED').code).not.toBe('SERVICE_EXITED');
    },
  );

  test.each([
    'Permission denied (publickey).',
    'ERROR: permission denied for table stock',
    'lookup registry.example.com on 127.0.0.11:53: no such host',
    'Without it, a background save may fail under low memory condition.',
    'HTTP_PROXY is set',
  ])('%s is none of them', (log) => {
    expect(told([], { log })).toEqual(failure());
  });
});

test('a system without an entry in a catalogue has general causes', () => {
  const facts = { log: 'write /data/x: no space left on device', system: undefined };
  expect(knownCause(failure(), facts).code).toBe('DISK_FULL');
  expect(knownCause({ code: 'SERVICE_EXITED', ...text }, facts)).not.toHaveProperty('system');
});
