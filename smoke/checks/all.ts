import type { Check } from '../core/check.ts';
import { grafanaChecks } from './grafana.ts';
import { kafkaChecks } from './kafka.ts';
import { lokiChecks } from './loki.ts';
import { mongodbChecks } from './mongodb.ts';
import { pinotChecks } from './pinot.ts';
import { prometheusChecks } from './prometheus.ts';
import { redisChecks } from './redis.ts';
import { tempoChecks } from './tempo.ts';
import { togetherChecks } from './together.ts';
import { zookeeperChecks } from './zookeeper.ts';

/** Every promise of the stack, in the order in which people read of them. */
export const checks: readonly Check[] = [
  ...zookeeperChecks,
  ...kafkaChecks,
  ...redisChecks,
  ...mongodbChecks,
  ...pinotChecks,
  ...prometheusChecks,
  ...lokiChecks,
  ...tempoChecks,
  ...grafanaChecks,
  ...togetherChecks,
];

/** The catalogue's groups, by the systems of the checks. */
export const groups: Readonly<Record<string, readonly string[]>> = {
  core: ['zookeeper', 'kafka', 'redis', 'mongodb'],
  analytics: ['pinot'],
  observability: ['prometheus', 'loki', 'tempo', 'grafana'],
};
