import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  commentMarker,
  commentText,
  isWebAddress,
  ownComments,
} from '../../src/core/preview/announce-comment.ts';
import { deploymentStatus, ownDeployments } from '../../src/core/preview/announce-deployment.ts';
import type { Subject } from '../../src/core/preview/announce-subject.ts';
import type { PreviewState } from '../../src/core/preview/state.ts';
import { githubHtml } from './github-html.ts';
import { hostileText, linksOf, tagsOf, textOf } from './hostile-text.ts';

const commit = '0123456789abcdef0123456789abcdef01234567';
const runUrl = 'https://github.com/octo/shop/actions/runs/1';
const subject: Subject = {
  ...{ repository: 'octo/shop', number: 7, environment: 'preview' },
  ...{ commit, runUrl, comment: true },
};
const urls = [
  { name: 'web', url: 'http://previews.example.com:32768' },
  { name: 'admin', url: 'https://admin-pr-7.previews.example.com/login?next=%2F' },
];
const states: readonly (readonly [string, PreviewState])[] = [
  ['building', { kind: 'building' }],
  ['ready', { kind: 'ready', urls, expires: '2026-11-28T10:30:12Z' }],
  [
    'failed',
    {
      kind: 'failed',
      title: 'infra-action: web: SERVICE_EXITED',
      text: 'web ended with code 1.\nWhy: It wants `DATABASE_URL`.\nWhat to do: Set it.',
    },
  ],
  ['closed', { kind: 'closed', because: 'closed' }],
  ['expired', { kind: 'closed', because: 'expired' }],
];

describe('the comment of a preview', () => {
  test.each(states)('reads well: %s', async (name, state) => {
    await expect(`${commentText(state, subject)}\n`).toMatchFileSnapshot(`golden/preview/${name}.md`);
  });

  test('shows no marker, and links its addresses, the commit and the run', () => {
    const html = githubHtml(commentText({ kind: 'ready', urls, expires: '' }, subject));
    expect(html).not.toContain('infra-action/preview');
    expect(linksOf(html)).toEqual([
      'http://previews.example.com:32768',
      'https://admin-pr-7.previews.example.com/login?next=%2F',
      `https://github.com/paklog/infra-action/commit/${commit}`,
      runUrl,
    ]);
  });

  test('holds the end of a log without becoming too long for GitHub', () => {
    const text = Array.from({ length: 5000 }, (_, index) => `line ${index} ${'x'.repeat(3000)}`).join('\n');
    const shown = commentText({ kind: 'failed', title: 'x'.repeat(9000), text }, subject);
    expect(shown.length).toBeLessThan(60_000);
    expect(shown).toContain('… and 4960 more lines');
  });

  test('is only text, whatever a failure, a name or an environment says', () => {
    fc.assert(
      fc.property(hostileText, hostileText, hostileText, (title, text, environment) => {
        const about = { ...subject, environment };
        const failed = githubHtml(commentText({ kind: 'failed', title, text }, about));
        const url = `http://a.example.com/${text}`;
        fc.pre(!isWebAddress(url));
        const ready = { kind: 'ready', urls: [{ name: title, url }], expires: text } as const;
        const html = failed + githubHtml(commentText(ready, about));
        expect([...new Set(linksOf(html))]).toEqual([
          `https://github.com/paklog/infra-action/commit/${commit}`,
          runUrl,
        ]);
        const known = ['table', 'thead', 'tbody', 'tr', 'th', 'td', 'a', 'p', 'strong', 'code', 'pre', 'br'];
        expect(tagsOf(html).filter((tag) => !known.includes(tag))).toEqual([]);
        expect(textOf(html)).not.toContain('infra-action/preview');
      }),
    );
  });
});

describe('the comment is found again', () => {
  test('by its first line, whatever the environment is called', () => {
    fc.assert(
      fc.property(hostileText, fc.constantFrom(...states), (environment, [, state]) => {
        const about = { ...subject, environment };
        const body = commentText(state, about);
        expect(ownComments([{ id: 1, author: 'me', body }], about, 'me')).toHaveLength(1);
        expect(body.split('\n')[0]).toBe(commentMarker(about));
      }),
    );
  });
});

describe('the status of a deployment', () => {
  test.each(states)(
    'of a preview that is %s has at most 140 characters and an address for the web',
    (_, state) => {
      const long = state.kind === 'failed' ? { ...state, title: 'x'.repeat(500) } : state;
      const status = deploymentStatus(long, subject);
      expect(status.description.length).toBeLessThanOrEqual(140);
      expect(status.environmentUrl).toBe(state.kind === 'ready' ? urls[0]?.url : undefined);
    },
  );

  test.for(['javascript:alert(1)', 'ssh://a', 'http://a b'])('has no address %s', (url) => {
    const ready = { kind: 'ready', urls: [{ name: 'web', url }], expires: '' } as const;
    expect(deploymentStatus(ready, subject)).not.toHaveProperty('environmentUrl');
  });
});

test.for(['', '{}', null, { pull_request: 7 }, { maker: 'x', pull_request: 7 }])(
  'a deployment with the payload %j is somebody else’s',
  (payload) => {
    expect(ownDeployments([{ id: 1, commit, payload }], subject)).toEqual([]);
  },
);
