import { expect, test } from 'vitest';
import type { JobResult } from '../runner/job.ts';
import { resultsService } from '../runner/results-service.ts';
import { bring, checked } from './caller-stack.ts';

const password = 'pé$w0rd <"quoted"> & \\more';
const bytes = Buffer.from(password);
const at = (offset: number) => Buffer.concat([Buffer.alloc(offset, 'x'), bytes, Buffer.from('tail')]);

/** A secret of the Compose model as programs print it. */
const spellings: Readonly<Record<string, string>> = {
  plain: password,
  json: JSON.stringify(password).slice(1, -1),
  base64: bytes.toString('base64'),
  'base64 at offset 1': at(1).toString('base64'),
  'base64 at offset 2': at(2).toString('base64'),
  'url-safe base64': at(2).toString('base64url'),
  hex: bytes.toString('hex'),
  'upper-case hex': bytes.toString('hex').toUpperCase(),
  uri: encodeURIComponent(password),
  form: new URLSearchParams({ v: password }).toString().slice(2),
  xml: password
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;'),
};

/** Secrets that nobody declared, known by their looks; put together here so that no scanner takes this file for a leak. */
const kinds: Readonly<Record<string, string>> = {
  'GitHub token': `ghp_${'a1B2'.repeat(9)}`,
  'GitHub fine-grained token': `github_pat_${'11ABCDEFG0'.repeat(2)}_${'x1Y2'.repeat(14)}xyz`,
  'AWS key': `AKIA${'ABCDEFGH'.repeat(2)}`,
  JWT: [
    Buffer.from('{"alg":"HS256","typ":"JWT"}').toString('base64url'),
    Buffer.from('{"sub":"1234567890"}').toString('base64url'),
    'x'.repeat(43),
  ].join('.'),
  'Slack token': `xoxb-${'123456789012'}-${'AbCdEfGhIjKl'.repeat(2)}`,
  'npm token': `npm_${'a1B2'.repeat(9)}`,
  'GitLab token': `glpat-${'a1B2'.repeat(5)}`,
  'Google key': `AIza${'a1B2_'.repeat(7)}`,
  'Stripe key': `sk_live_${'a1B2'.repeat(6)}`,
};

/** Where a kind stands in a line that tells what it is. */
const inPlace: Readonly<Record<string, readonly [string, string]>> = {
  'URL password': ['connecting to amqp://shop:', 'url-passw0rd'],
  'Authorization header': ['Authorization: Bearer ', 'bearer-value-123'],
  assignment: ['db.password=', 'assigned-value-9'],
};

const declared = {
  DB_PASSWORD: password,
  PAYMENT_TOKEN: 'token-of-payment-service',
  BROKER_URL: 'amqp://shop:broker-passw0rd@queue:5672',
};

function everySecret(): readonly (readonly [string, string])[] {
  return [
    ...Object.entries(spellings).map(([name, text]) => [name, cut(name, text)] as const),
    ...Object.entries(kinds),
    ...Object.entries(inPlace).map(([name, [, value]]) => [name, value] as const),
    ['token of the model', declared.PAYMENT_TOKEN],
    ['password in a URL of the model', 'broker-passw0rd'],
  ];
}

/** Base64 at an offset shares its ends with what stands around the secret: the middle is the secret's own. */
function cut(name: string, text: string): string {
  return name.includes('base64') ? text.slice(6, -12) : text;
}

function lines(): readonly string[] {
  const pem = ['-----BEGIN PRIVATE KEY-----', 'TUlJRXZRSUJBREFOQmdrcWhraUc5', '-----END PRIVATE KEY-----'];
  return [
    ...Object.entries({ ...spellings, ...kinds }).map(([name, text]) => `${name}: ${text} and more`),
    ...Object.values(inPlace).map(([before, value]) => `${before}${value}@host`),
    ...pem,
    // Docker cuts a line into parts of 16 KiB.
    `${'.'.repeat(16 * 1024 - 12)}${declared.PAYMENT_TOKEN} after the border`,
    `::error::${password}`,
    'the last line is harmless',
  ];
}

/** Everything that has left the machine, by where it went. */
function left(job: JobResult, files: ReadonlyMap<string, Buffer>): ReadonlyMap<string, string> {
  const places = new Map([...files].map(([path, content]) => [`artifact: ${path}`, content.toString()]));
  places.set('log', job.text);
  for (const step of job.steps) {
    places.set(`summary of ${step.stage}`, step.summary);
    places.set(`outputs of ${step.stage}`, JSON.stringify(step.outputs));
    places.set(`annotations of ${step.stage}`, step.annotations.map(({ message }) => message).join('\n'));
  }
  return places;
}

test('no secret leaves the machine, in whatever spelling and wherever it was seen', {
  timeout: 60_000,
}, async () => {
  await using results = await resultsService();
  const encoded = Buffer.from(`${lines().join('\n')}\n`).toString('base64');
  const ledger = checked('echo "$LINES_OF_LOG" | base64 -d; exit 1', 'false', {
    environment: {
      LINES_OF_LOG: encoded,
      ...Object.fromEntries(
        Object.entries(declared).map(([name, value]) => [name, value.replaceAll('$', '$$$$')]),
      ),
    },
    labels: { 'connect.with': 'amqp://shop:broker-passw0rd@queue' },
  });
  const job = await bring({ services: { ledger } }, { actionEnv: results.env });
  const files = results.artifacts[0]?.files ?? new Map<string, Buffer>();
  expect(files.get('ledger/log.txt')?.toString(), job.text).toContain('the last line is harmless');
  const found = [...left(job, files)].flatMap(([place, text]) =>
    everySecret().flatMap(([name, secret]) => (text.includes(secret) ? [`${name} in ${place}`] : [])),
  );
  expect(found).toEqual([]);
  expect(files.get('ledger/log.txt')?.toString()).toMatch(/\*\*\* after the border/);
  expect([...left(job, files).values()].join('\n')).not.toContain('TUlJRXZRSUJBREFOQmdrcWhraUc5');
});
