import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { image as redis, repository } from './caller-stack.ts';

/** Files of a caller's workspace, by path. */
export type CallersFiles = Readonly<Record<string, string>>;

const stack = parse(readFileSync(join(repository, 'compose/compose.yaml'), 'utf8'), { merge: true });

/** The image of one of the stack's systems. */
export function stackImage(system: string): string {
  return stack.services[system].image;
}

const motto = 'first come, first served\n';

/** Sends itself one message first: once that has come back, it truly consumes. */
const consume = `set -eu
echo warm-up | kafka-console-producer --bootstrap-server kafka:29092 --topic orders
kafka-console-consumer --bootstrap-server kafka:29092 --topic orders --from-beginning | while read -r order; do
  exec 3<>/dev/tcp/redis/6379
  printf 'RPUSH orders %s\\r\\n' "$order" >&3
  read -r _ <&3
  touch /tmp/consuming
done
`;

/** An HTTP server out of busybox: one process after the other, each for one request. */
const serve = `while :; do nc -l -p 8085 -e sh /app/answer.sh; done
`;

const answer = `end=$(printf '\\r')
while read -r line && [ "$line" != "$end" ]; do :; done
orders=$(redis-cli -h redis --raw lrange orders 0 -1 | tr '\\n' ' ')
body="{\\"status\\":\\"UP\\",\\"motto\\":\\"$(cat /app/motto.txt)\\",\\"orders\\":\\"$orders\\"}"
printf 'HTTP/1.1 200 OK\\r\\nContent-Type: application/json\\r\\nContent-Length: %s\\r\\nConnection: close\\r\\n\\r\\n%s' "\${#body}" "$body"
`;

/** A service that serves what another one takes from Kafka, and a one-shot job that it waits for. */
export const ownStack: CallersFiles = {
  'ci/app/motto.txt': motto,
  'ci/app/consume.sh': consume,
  'ci/app/serve.sh': serve,
  'ci/app/answer.sh': answer,
  'ci/compose.yaml': `
services:
  seed:
    image: ${redis}
    command: [sh, -ec, 'sleep 2; redis-cli -h redis set seeded yes']
    depends_on: { redis: { condition: service_healthy } }
  orders-consumer:
    image: ${stackImage('kafka')}
    entrypoint: [bash, /app/consume.sh]
    init: true
    volumes: ["./app:/app:ro"]
    depends_on:
      kafka: { condition: service_healthy }
      redis: { condition: service_healthy }
    environment: { KAFKA_HEAP_OPTS: -Xmx128m }
    healthcheck: { test: [CMD, test, -e, /tmp/consuming], interval: 500ms, retries: 200 }
  orders-api:
    image: ${redis}
    command: [sh, /app/serve.sh]
    init: true
    volumes: ["./app:/app:ro"]
    ports: ["8085:8085"]
    networks: [paklog-network]
    depends_on:
      orders-consumer: { condition: service_healthy }
      seed: { condition: service_completed_successfully }
x-paklog:
  systems:
    orders-api:
      title: Orders
      group: apps
      endpoints:
        http:
          port: 8085
          url: "http://{host}:{port}"
          env: { default: { ORDERS_URL: "{url}" } }
      probe:
        - http: { endpoint: http, path: /status, body: '"status":"UP"' }
`,
};

/** A cache with a health check, a job that takes its time to fill it, and a service that ends unless it is filled. */
export const ownStackAlone: CallersFiles = {
  'ci/app/motto.txt': motto,
  'ci/alone.yaml': `
services:
  cache:
    image: ${redis}
    ports: ["6399:6379"]
    healthcheck: { test: [CMD-SHELL, "redis-cli ping | grep -q PONG"], interval: 500ms, retries: 60 }
  seed:
    image: ${redis}
    command: [sh, -ec, 'sleep 2; redis-cli -h cache set seeded yes; redis-cli -h cache set motto "$$(cat /app/motto.txt)"']
    volumes: ["./app:/app:ro"]
    depends_on: { cache: { condition: service_healthy } }
  reader:
    image: ${redis}
    command: [sh, -ec, 'test "$$(redis-cli -h cache get seeded)" = yes; exec sleep 600']
    init: true
    depends_on: { seed: { condition: service_completed_successfully } }
x-paklog:
  systems:
    cache:
      endpoints:
        redis:
          port: 6379
          url: "redis://{host}:{port}"
          env: { default: { CACHE_URL: "{url}" } }
`,
};
