import { expect, test } from 'vitest';
import { type HeldStack, output } from '../held-stack.ts';
import { withMongo, withRedis } from './databases.ts';
import { describe } from './kafka.ts';
import { expectLine, pushAndFindLine } from './observability.ts';
import { expectInTempo, postOtlp, postZipkin } from './traces.ts';

const program = new URL('../programs/instrumented.ts', import.meta.url).pathname;

/** Tests of the exported names as programs read them that know nothing else. */
export function useEnvironment(stack: () => HeldStack): void {
  const name = (key: string): string => stack().env[key] ?? '';

  test('takes a Spring service to MongoDB, Redis and Kafka, the MongoDB URI naming a database', async () => {
    for (const key of ['SPRING_DATA_MONGODB_URI', 'SPRING_MONGODB_URI']) {
      await withMongo(name(key), async (client) => {
        expect(client.options.dbName).toBe('paklog');
        expect(await client.db().command({ ping: 1 })).toMatchObject({ ok: 1 });
      });
    }
    const redis = `redis://${name('SPRING_DATA_REDIS_HOST')}:${name('SPRING_DATA_REDIS_PORT')}`;
    expect(await withRedis(redis, (client) => client.ping())).toBe('PONG');
    const kafka = name('SPRING_KAFKA_BOOTSTRAP_SERVERS');
    expect((await describe(kafka)).brokers).toEqual([kafka]);
  });

  test("takes a Spring service's traces and logs where it sends them", async () => {
    const tempo = output(stack(), 'tempo-url');
    await expectInTempo(tempo, await postOtlp(name('MANAGEMENT_OTLP_TRACING_ENDPOINT')));
    await expectInTempo(tempo, await postZipkin(name('MANAGEMENT_ZIPKIN_TRACING_ENDPOINT')));
    await pushAndFindLine(name('MANAGEMENT_LOKI_URL'));
  });

  test("takes the OpenTelemetry SDK's traces to Tempo and its logs to Loki", async () => {
    const service = 'orders-by-environment';
    const { output: printed } = await stack().exec([
      'env',
      `OTEL_SERVICE_NAME=${service}`,
      process.execPath,
      program,
    ]);
    const [, traceId = ''] = /^trace ([0-9a-f]{32})$/m.exec(printed) ?? [];
    await expectInTempo(name('TEMPO_URL'), { traceId, service });
    await expectLine(name('LOKI_URL'), `{service_name="${service}"}`, 'order placed');
  });
}
