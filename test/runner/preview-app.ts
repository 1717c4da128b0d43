import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { parse } from 'yaml';

const stack = parse(readFileSync(new URL('../../compose/compose.yaml', import.meta.url), 'utf8'), {
  merge: true,
});

/** The smallest of the stack's images; it has a shell, and a server with a protocol. */
export const image: string = stack.services.redis.image;

/** One process after the other, each for one request: what the image says, what was mounted, and which image was asked first. */
const answer = `end=$(printf '\\r')
while read -r line && [ "$line" != "$end" ]; do :; done
version=$(cat /app/version.txt)
redis-cli -h redis set first "$version" NX >/dev/null
body="$version $(cat /app/motto.txt) $(redis-cli -h redis --raw get first)"
printf 'HTTP/1.1 200 OK\\r\\nContent-Length: %s\\r\\nConnection: close\\r\\n\\r\\n%s' "\${#body}" "$body"
`;

const serve = `touch /tmp/serving
while :; do nc -l -p 8080 -e sh /app/answer.sh; done
`;

const dockerfile = `FROM ${image}
COPY app /app
ENTRYPOINT []
CMD ["sh", "/app/serve.sh"]
`;

const compose = `
services:
  web:
    build: .
    init: true
    volumes: ["./motto.txt:/app/motto.txt:ro"]
    depends_on: { redis: { condition: service_healthy } }
    healthcheck: { test: [CMD, test, -e, /tmp/serving], interval: 300ms, retries: 100 }
`;

/** A downstream repository whose service is built and needs the stack's Redis. */
export function shop(version: string, more: Readonly<Record<string, string>> = {}): Record<string, string> {
  return {
    Dockerfile: dockerfile,
    'app/answer.sh': answer,
    'app/serve.sh': serve,
    'app/version.txt': version,
    'motto.txt': 'costs $5',
    'preview.compose.yaml': compose,
    ...more,
  };
}

/** What the service answers; it is between two requests once in a while. */
export async function visit(url: string, patience = 10_000): Promise<string> {
  const end = performance.now() + patience;
  for (;;) {
    try {
      return await (await fetch(url, { signal: AbortSignal.timeout(2000) })).text();
    } catch (error) {
      if (performance.now() > end) throw error;
      await sleep(100);
    }
  }
}
