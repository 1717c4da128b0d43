import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { git, perform, scriptOf } from './step-scripts.ts';

const lockFile = 'compose/images.lock.yaml';
const empty = 'images: {}\n';
const renewed = 'images:\n  redis:7:\n    index: sha256:0\n';

let folder: string;
let checkout: string;
let origin: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'infra-action-'));
  [checkout, origin] = [join(folder, 'checkout'), join(folder, 'origin')];
  git(folder, 'init', '--quiet', '--bare', '--initial-branch=main', origin);
  git(folder, 'clone', '--quiet', origin, checkout);
  git(checkout, 'switch', '--quiet', '--create', 'main');
  mkdirSync(join(checkout, 'compose'));
  writeFileSync(join(checkout, lockFile), empty);
  git(checkout, 'add', '--all');
  git(checkout, 'commit', '--quiet', '--message=Start');
  git(checkout, 'push', '--quiet', 'origin', 'main');
});

afterEach(() => rmSync(folder, { recursive: true }));

describe('asking docker.io', () => {
  const script = scriptOf('images-lock.yml', 'resolve', 'lock');

  test('hands a changed lock on', () => {
    const make = `[[ $1 == lock ]] && printf '${renewed.replaceAll('\n', '\\n')}' >${lockFile}`;
    const { code, outputs, output } = perform(script, { folder, programs: { make } });
    expect(code, output).toBe(0);
    expect(outputs).toEqual({ lock: renewed.trimEnd() });
  });

  test('hands nothing on where nothing has changed', () => {
    expect(perform(script, { folder, programs: { make: 'true' } })).toMatchObject({ code: 0, outputs: {} });
  });

  test('fails where the lock could not be renewed', () => {
    expect(perform(script, { folder, programs: { make: 'exit 2' } })).toMatchObject({ code: 2, outputs: {} });
  });
});

describe('proposing a lock', () => {
  const script = scriptOf('images-lock.yml', 'propose', 'propose');
  const env = { LOCK: renewed.trimEnd(), BASE: 'main', BODY: 'Two\nlines' };
  /** Tells what it is asked, and how many pull requests are open. */
  const gh = (open: number): string =>
    `printf '%s|' "$@" >>"$HOME/asked"; echo >>"$HOME/asked"; [[ "$1 $2" != 'pr list' ]] || echo ${open}`;
  const asked = (): string => readFileSync(join(folder, 'asked'), 'utf8');

  test('pushes one commit of this file, and opens a pull request', () => {
    const { code, output } = perform(script, { folder, programs: { gh: gh(0) }, env });
    expect(code, output).toBe(0);
    expect(git(origin, 'show', `images-lock:${lockFile}`)).toBe(renewed.trimEnd());
    expect(git(origin, 'diff', '--name-only', 'main', 'images-lock')).toBe(lockFile);
    expect(git(origin, 'log', '--format=%an', 'main..images-lock')).toBe('github-actions[bot]');
    expect(git(origin, 'show', `main:${lockFile}`)).toBe(empty.trimEnd());
    expect(asked()).toContain('pr|create|--head|images-lock|--base|main|');
  });

  test('replaces the branch of a pull request that is open, and opens no second one', () => {
    git(checkout, 'push', '--quiet', 'origin', 'main:images-lock');
    git(checkout, 'switch', '--quiet', '--create', 'other');
    git(checkout, 'commit', '--quiet', '--allow-empty', '--message=An older proposal');
    git(checkout, 'push', '--quiet', '--force', 'origin', 'other:images-lock');
    git(checkout, 'switch', '--quiet', 'main');
    const { code, output } = perform(script, { folder, programs: { gh: gh(1) }, env });
    expect(code, output).toBe(0);
    expect(git(origin, 'log', '--format=%s', 'main..images-lock')).toBe(
      'Images lock: what the tags name now',
    );
    expect(asked()).not.toContain('create');
  });
});
