import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { git, perform, scriptOf } from './step-scripts.ts';

let folder: string;
let checkout: string;
let sha: string;

/** A clone of a repository with two commits on main, the second released as v1.4.0. */
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'infra-action-'));
  checkout = join(folder, 'checkout');
  git(folder, 'init', '--quiet', '--bare', '--initial-branch=main', 'origin');
  git(folder, 'clone', '--quiet', 'origin', checkout);
  git(checkout, 'switch', '--quiet', '--create', 'main');
  writeFileSync(join(checkout, 'action.yml'), 'name: a\n');
  git(checkout, 'add', '--all');
  git(checkout, 'commit', '--quiet', '--message=Start');
  git(checkout, 'tag', 'v1.3.0');
  git(checkout, 'commit', '--quiet', '--allow-empty', '--message=More');
  git(checkout, 'push', '--quiet', 'origin', 'main');
  git(checkout, 'tag', 'v1.4.0');
  sha = git(checkout, 'rev-parse', 'HEAD');
});

afterEach(() => rmSync(folder, { recursive: true }));

/** Runs a step; `gh` writes down what it is asked, and answers by this script. */
function step(
  workflow: string,
  job: string,
  id: string,
  answer: string,
  env: Readonly<Record<string, string>>,
) {
  const gh = `printf '%s ' "$@" >>"$HOME/asked"; echo >>"$HOME/asked"\n${answer}`;
  const ran = perform(scriptOf(workflow, job, id), {
    folder,
    programs: { gh },
    env: {
      GH_REPO: 'paklog/infra-action',
      GITHUB_SHA: sha,
      GITHUB_STEP_SUMMARY: join(folder, 'summary'),
      RUNNER_TEMP: folder,
      ...env,
    },
  });
  const asked = join(folder, 'asked');
  return { ...ran, asked: existsSync(asked) ? readFileSync(asked, 'utf8').split('\n').slice(0, -1) : [] };
}

describe('drafting a release', () => {
  test.for([
    ['passed', 'echo 1', 0],
    ['not passed', 'echo 0', 1],
    ['an unknown end, as gh could not ask', 'exit 4', 4],
  ] as const)('a commit on which CI has %s', ([, answer, code]) => {
    expect(step('release.yml', 'check', 'passed', answer, {}).code).toBe(code);
  });

  const env = { TAG: 'v1.4.0', ARCHIVE: 'infra-action-1.4.0.tar.gz' };

  test('drafts it at the commit that was checked', () => {
    const { code, asked } = step('release.yml', 'draft', 'draft', '[[ "$1 $2" != "release view" ]]', env);
    expect(code).toBe(0);
    expect(asked.at(-1)).toBe(
      `release create v1.4.0 infra-action-1.4.0.tar.gz --draft --target ${sha} --title v1.4.0 --generate-notes `,
    );
  });

  test('leaves one that is there alone', () => {
    const { code, asked, output } = step('release.yml', 'draft', 'draft', 'true', env);
    expect(code).toBe(1);
    expect(output).toContain('There is a release or a draft v1.4.0 already');
    expect(asked).toEqual(['release view v1.4.0 ']);
  });
});

describe('a release that was published', () => {
  /** Hands out an archive of a commit, and verifies whatever it is given. */
  const archiveOf = (commit: string): string =>
    `[[ $2 != download ]] || git archive --format=tar.gz --prefix=infra-action-1.4.0/ --output="$RUNNER_TEMP/infra-action-1.4.0.tar.gz" ${commit}`;
  const origin = (answer: string, env: Readonly<Record<string, string>> = {}) =>
    step('published.yml', 'origin', 'origin', answer, { TAG: 'v1.4.0', ...env });

  test('is right when tag, archive and attestation agree', () => {
    const { code, output, asked } = origin(archiveOf('HEAD'));
    expect(code, output).toBe(0);
    expect(asked[1]).toMatch(
      `attestation verify ${folder}/infra-action-1.4.0.tar.gz --repo paklog/infra-action --source-digest ${sha} --signer-workflow paklog/infra-action/.github/workflows/release.yml `,
    );
  });

  test('is refused where the archive has something else', () => {
    writeFileSync(join(checkout, 'action.yml'), 'name: b\n');
    git(checkout, 'commit', '--quiet', '--all', '--message=Other');
    const other = git(checkout, 'rev-parse', 'HEAD');
    git(checkout, 'reset', '--quiet', '--hard', sha);
    expect(origin(archiveOf(other)).output).toContain('The archive of v1.4.0 is not what the tag has.');
    expect(origin(archiveOf(other)).code).toBe(1);
  });

  test('is refused where nobody has attested it', () => {
    expect(origin(`${archiveOf('HEAD')}\n[[ $1 != attestation ]]`).code).toBe(1);
  });

  test('is refused where its tag is another commit, not on main, or no version', () => {
    const before = git(checkout, 'rev-parse', 'HEAD~1');
    expect(origin('true', { GITHUB_SHA: before }).output).toContain('v1.4.0 is not the commit');
    expect(origin('true', { TAG: 'nightly' }).output).toContain('nightly is no tag such as v1.4.0.');
    git(checkout, 'commit', '--quiet', '--allow-empty', '--message=Aside');
    git(checkout, 'tag', 'v1.5.0');
    const aside = { TAG: 'v1.5.0', GITHUB_SHA: git(checkout, 'rev-parse', 'HEAD') };
    expect(origin('true', aside)).toMatchObject({ code: 1, asked: [] });
    expect(origin('true', aside).output).toContain('v1.5.0 is not on main.');
  });
});

describe('the tag of the major version', () => {
  const move = (answer: string, tag = 'v1.4.0') =>
    step('published.yml', 'major', 'move', answer, { TAG: tag });
  const refs = 'repos/paklog/infra-action/git/refs';

  test('moves to the commit that was published', () => {
    const { code, asked } = move('true');
    expect(code).toBe(0);
    expect(asked.at(-1)).toBe(`api --silent --method PATCH ${refs}/tags/v1 -f sha=${sha} -F force=true `);
  });

  test('is made with the first release of a major version', () => {
    const { code, asked } = move('[[ $* != */ref/tags/v1 ]]');
    expect(code).toBe(0);
    expect(asked.at(-1)).toBe(`api --silent --method POST ${refs} -f ref=refs/tags/v1 -f sha=${sha} `);
  });

  test('does not go back to an older release', () => {
    const { code, asked, output } = move('true', 'v1.3.0');
    expect({ code, asked }).toEqual({ code: 0, asked: [] });
    expect(output).toContain('v1 stays where it is: v1.4.0 is newer than v1.3.0.');
  });
});
