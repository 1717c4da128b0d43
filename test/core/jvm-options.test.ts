import { describe, expect, test } from 'vitest';
import { arrange } from '../../src/core/arrange.ts';
import type { Jvm } from '../../src/core/catalogue/catalogue.ts';
import { decodeCatalogue } from '../../src/core/catalogue/decode-catalogue.ts';
import { decodeModel } from '../../src/core/model.ts';
import { type JvmMode, withOptions, withoutStartup } from '../../src/core/warm/jvm-options.ts';

const jvm: Jvm = {
  variable: 'JAVA_OPTS',
  startup: new Map([['TUNING', ['-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1']]]),
};

describe('the start-up options', () => {
  test.each([
    [
      'go, and with them a variable that held nothing else',
      '-XX:+UseSerialGC  -XX:TieredStopAtLevel=1',
      undefined,
    ],
    [
      'go, and what stands beside them stays',
      '-Xmx1g -XX:+UseSerialGC -Da=b -XX:TieredStopAtLevel=1',
      '-Xmx1g -Da=b',
    ],
    ['are whole words', '-XX:+UseSerialGCx', '-XX:+UseSerialGCx'],
  ])('%s', (_, before, after) => {
    const { environment } = withoutStartup({ environment: { TUNING: before, HEAP: '-Xmx1g' } }, jvm);
    expect(environment).toEqual(after === undefined ? { HEAP: '-Xmx1g' } : { TUNING: after, HEAP: '-Xmx1g' });
  });

  test('are not missed where the caller took their variable out', () => {
    expect(withoutStartup({ image: 'a', environment: { TUNING: null } }, jvm)).toEqual({
      image: 'a',
      environment: { TUNING: null },
    });
  });
});

describe('the arranged model', () => {
  const decoded = decodeModel({ services: { app: { environment: { TUNING: '-Xa -XX:+UseSerialGC' } } } });
  const system = { name: 'app', title: 'app', endpoints: [], probe: [], jvm };
  const catalogue = { systems: new Map([['app', system]]), inputs: [] };
  const wanted = { services: ['app'], bindings: [], bindAddress: '', images: new Map(), requests: [] };
  const arranged = (mode: JvmMode) =>
    arrange(decoded, catalogue, { ...wanted, weights: new Map(), directory: '/d', jvm: mode })['services'];

  test('has the file’s options for a quick start', () => {
    expect(arranged('startup')).toMatchObject({ app: { environment: { TUNING: '-Xa -XX:+UseSerialGC' } } });
  });

  test('has the others where throughput counts', () => {
    expect(arranged('throughput')).toMatchObject({ app: { environment: { TUNING: '-Xa' } } });
  });
});

describe('more options', () => {
  test.each([
    ['stand behind what the file says', { JAVA_OPTS: '-Xmx1g' }, '-Xms8g', '-Xmx1g -Xlog'],
    ['stand behind what the image says where the file is silent', { OTHER: 'x' }, '-Xms8g', '-Xms8g -Xlog'],
    ['stand alone where nobody says anything', undefined, '', '-Xlog'],
    ['leave what the file empties empty', { JAVA_OPTS: '' }, '-Xms8g', '-Xlog'],
  ])('%s', (_, environment, before, after) => {
    expect(withOptions({ environment }, jvm, before, ['-Xlog'])).toEqual({
      environment: { ...environment, JAVA_OPTS: after },
    });
  });
});

describe('the catalogue’s `jvm`', () => {
  const decode = (value: unknown) => {
    const { catalogue, problems } = decodeCatalogue({ systems: { app: { jvm: value } } });
    return { jvm: catalogue.systems.get('app')?.jvm, problems: problems.map(({ where }) => where) };
  };
  const at = 'x-paklog.systems.app.jvm';

  test('names a variable, and the options for a quick start by theirs', () => {
    expect(decode({ variable: 'JAVA_OPTS', startup: { TUNING: ' -Xa  -Xb ' } })).toEqual({
      jvm: { variable: 'JAVA_OPTS', startup: new Map([['TUNING', ['-Xa', '-Xb']]]) },
      problems: [],
    });
    expect(decode({ variable: 'JAVA_OPTS' }).jvm?.startup.size).toBe(0);
    expect(decode(undefined)).toEqual({ jvm: undefined, problems: [] });
  });

  test.each<[string, unknown, readonly string[]]>([
    ['without a variable', {}, [`${at}.variable`]],
    ['that is text', 'JAVA_OPTS', [`${at}.variable`]],
    ['with a variable that is no name', { variable: 'JAVA OPTS' }, [`${at}.variable`]],
    ['with options that are a list', { variable: 'A', startup: { B: ['-Xa'] } }, [`${at}.startup.B`]],
    ['with no options', { variable: 'A', startup: { B: ' ' } }, [`${at}.startup.B`]],
    [
      'with several mistakes',
      { variable: 1, startup: { 'B-': '-Xa' } },
      [`${at}.variable`, `${at}.startup.B-`],
    ],
  ])('%s is reported', (_, value, where) => {
    expect(decode(value).problems).toEqual(where);
  });
});
