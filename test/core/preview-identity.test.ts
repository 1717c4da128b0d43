import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hostOf } from '../../src/core/preview/engine-address.ts';
import {
  labelsOf,
  type Mark,
  markOf,
  nameOf,
  projectOf,
  timestamp,
} from '../../src/core/preview/identity.ts';
import { isExpired, newest, oldest } from '../../src/core/preview/lifetime.ts';
import { projectNameRule } from '../../src/core/project.ts';

const mark: Mark = {
  ...{ repository: 'octo/shop', number: 7, commit: 'a'.repeat(40), environment: 'preview-pr-7' },
  ...{ created: '2026-01-01T00:00:00Z', expires: '2026-01-04T00:00:00Z' },
};

describe('the name of a preview', () => {
  test('tells repository and pull request', () => {
    expect(projectOf('octo/shop', 7)).toBe('preview-shop-pr-7');
    expect(nameOf('octo/Shop.Web_2', 12)).toBe('shop-web-2-pr-12');
  });

  test('is a name for Compose, and part of a host name, for every repository', () => {
    const repositories = fc.stringMatching(/^[A-Za-z0-9-]{1,39}\/[A-Za-z0-9._-]{1,100}$/);
    fc.assert(
      fc.property(repositories, fc.integer({ min: 1, max: 999_999 }), (repository, number) => {
        const project = projectOf(repository, number);
        expect(project).toMatch(projectNameRule);
        expect(project.length).toBeLessThanOrEqual(43);
        expect(nameOf(repository, number)).toMatch(/^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/);
      }),
    );
  });

  test('differs where only the ends of long names do', () => {
    const long = 'octo/a-service-with-a-name-that-goes-on-and-on';
    expect(nameOf(`${long}-1`, 7)).not.toBe(nameOf(`${long}-2`, 7));
  });
});

describe('a mark', () => {
  test('comes back from its labels', () => {
    expect(markOf(labelsOf(mark, 'preview-shop-pr-7'))).toEqual(mark);
  });

  test('is none where the labels are another program’s', () => {
    expect(markOf({ 'com.docker.compose.project': 'shop' })).toBeUndefined();
    expect(markOf({ ...labelsOf(mark, 'p'), 'org.paklog.preview.pull-request': 'x' })).toBeUndefined();
  });

  test('of a preview is that of its last update, and its first day is remembered', () => {
    const updated = { ...mark, commit: 'b'.repeat(40), expires: '2026-01-09T00:00:00Z' };
    expect(newest([mark, updated])).toBe(updated);
    expect(oldest([updated, mark])).toBe(mark);
    expect(newest([])).toBeUndefined();
  });

  test('expires at its moment, and never where that cannot be read', () => {
    const moment = Date.parse(mark.expires);
    expect(isExpired(mark, moment - 1)).toBe(false);
    expect(isExpired(mark, moment)).toBe(true);
    expect(isExpired({ ...mark, expires: 'soon' }, moment)).toBe(false);
    expect(timestamp(moment)).toBe(mark.expires);
  });
});

test.each([
  ['ssh://deploy@previews.example.com', 'previews.example.com'],
  ['ssh://previews.example.com:2222/var/run/docker.sock', 'previews.example.com'],
  ['tcp://127.0.0.2:2376', '127.0.0.2'],
  ['tcp://[fd00::1]:2376', '[fd00::1]'],
  ['unix:///var/run/docker.sock', ''],
  ['npipe:////./pipe/docker_engine', ''],
])('the host of an engine at %s is "%s"', (address, host) => {
  expect(hostOf(address)).toBe(host);
});
