import { describe, expect, test } from 'vitest';
import { engineEvents, renderEvents } from '../../src/core/evidence/events.ts';

/** As `docker events --format json` writes one (Engine 28.5.2). */
function event(action: string, more: object = {}, project = 'p', type = 'container'): string {
  const labels = {
    'com.docker.compose.project': project,
    'com.docker.compose.service': 'ledger',
    password: 'hunter2',
  };
  const attributes = { ...labels, name: 'p-ledger-1', image: 'ledger:1', ...more };
  const actor = { ID: 'c0ffee', Attributes: attributes };
  return JSON.stringify({
    Type: type,
    Action: action,
    Actor: actor,
    time: 1795576705,
    timeNano: 1_795_576_705_918_000_000,
  });
}

describe('events of the engine', () => {
  test('are those of the project’s containers, in their order', () => {
    const lines = [
      event('create'),
      event('start', {}, 'other'),
      event('connect', {}, 'p', 'network'),
      event('exec_start: sh -c check'),
      event('health_status: healthy'),
      event('kill', { signal: '9' }),
      event('die', { exitCode: '137', execDuration: '3' }),
    ];
    const at = '2026-11-25T03:18:25.918Z';
    const known = { at, service: 'ledger', container: 'p-ledger-1' };
    expect(engineEvents(`${lines.join('\n')}\n`, 'p')).toEqual({
      events: [
        { ...known, action: 'create' },
        { ...known, action: 'health_status: healthy' },
        { ...known, action: 'kill', signal: '9' },
        { ...known, action: 'die', exitCode: 137 },
      ],
      full: false,
    });
  });

  test('may be incomplete where the engine told as many as it remembers, whosever they are', () => {
    const others = Array.from({ length: 255 }, () => event('start', {}, 'other')).join('\n');
    expect(engineEvents(others, 'p')).toEqual({ events: [], full: false });
    expect(engineEvents(`${others}\n${event('start')}`, 'p')).toMatchObject({ full: true });
  });

  test('that cannot be read are left out', () => {
    expect(engineEvents(`not json\n[]\n{"Type":"container"}\n${event('start')}`, 'p').events).toHaveLength(1);
  });
});

describe('for a person', () => {
  test('they are lines', () => {
    const events = engineEvents([event('start'), event('die', { exitCode: '1' })].join('\n'), 'p');
    expect(renderEvents(events)).toBe(
      [
        '2026-11-25T03:18:25.918Z  p-ledger-1  start',
        '2026-11-25T03:18:25.918Z  p-ledger-1  die, exit code 1',
        '',
      ].join('\n'),
    );
  });

  test('it is said that there are none, or that some may be lost', () => {
    expect(renderEvents({ events: [], full: false })).toBe('The engine tells of no event.\n');
    expect(renderEvents({ events: [], full: true })).toMatch(/^The engine keeps only its last 256 events/);
  });
});
