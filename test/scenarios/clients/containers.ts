import { expect, test } from 'vitest';
import { runInNetwork } from '../docker.ts';
import { type HeldStack, output } from '../held-stack.ts';
import { withMongo, withRedis } from './databases.ts';
import { consume } from './kafka.ts';

/** Tests of the network's addresses, each with a program of the stack's own images, in a container of its own. */
export function useFromContainers(stack: () => HeldStack): void {
  const inside = (system: string, script: string) => runInNetwork(stack(), system, ['sh', '-ec', script]);

  test("Kafka's console producer and consumer exchange keyed messages", async () => {
    const key = '--property parse.key=true --property key.separator=:';
    const topic = '--bootstrap-server "$KAFKA_BOOTSTRAP_SERVERS" --topic from-containers';
    await inside('kafka', `printf 'order-1:placed\\n' | kafka-console-producer ${topic} ${key}`);
    const read = `kafka-console-consumer ${topic} --from-beginning --max-messages 1 --timeout-ms 20000 --property print.key=true`;
    expect(await inside('kafka', read)).toContain('order-1\tplaced');
    const onHost = await consume(output(stack(), 'kafka-bootstrap-servers'), 'from-containers', 1);
    expect(onHost).toEqual({ 'order-1': 'placed' });
  });

  test('redis-cli writes what the host reads', async () => {
    expect(await inside('redis', 'redis-cli -u "$REDIS_URL" set from-containers placed')).toBe('OK');
    const url = output(stack(), 'redis-url');
    expect(await withRedis(url, (client) => client.get('from-containers'))).toBe('placed');
  });

  test('mongosh writes what the host reads', async () => {
    const insert = "db.fromContainers.insertOne({ sku: 'A-1' }).acknowledged";
    expect(await inside('mongodb', `mongosh "$MONGODB_URI" --quiet --eval "${insert}"`)).toBe('true');
    const found = withMongo(output(stack(), 'mongodb-uri'), (client) =>
      client.db().collection('fromContainers').countDocuments({ sku: 'A-1' }),
    );
    expect(await found).toBe(1);
  });

  test('curl reaches everything that speaks HTTP', async () => {
    const paths = {
      PINOT_CONTROLLER_URL: '/health',
      PINOT_BROKER_URL: '/health',
      PINOT_SERVER_URL: '/health/readiness',
      PROMETHEUS_URL: '/-/ready',
      LOKI_URL: '/ready',
      TEMPO_URL: '/ready',
      GRAFANA_URL: '/api/health',
    };
    const asked = Object.entries(paths).map(
      ([name, path]) => `curl -fsS -o /dev/null -w '${name} %{http_code}\\n' "$${name}${path}"`,
    );
    const span = (id: string) =>
      `curl -fsS -o /dev/null -w '${id} %{http_code}\\n' -H 'content-type: application/json' -d`;
    const sent = [
      `${span('OTLP_HTTP_ENDPOINT')} '{"resourceSpans":[]}' "$OTLP_HTTP_ENDPOINT/v1/traces"`,
      `${span('ZIPKIN_ENDPOINT')} '[]' "$ZIPKIN_ENDPOINT"`,
    ];
    const answers = await inside('pinot-controller', [...asked, ...sent].join('\n'));
    const expected = [
      ...Object.keys(paths).map((name) => `${name} 200`),
      'OTLP_HTTP_ENDPOINT 200',
      'ZIPKIN_ENDPOINT 202',
    ];
    expect(answers.split('\n')).toEqual(expected);
  });
}
