import type { RunRecord, SystemRecord } from '../../src/core/record.ts';
import type { AfterInput, SummaryInput } from '../../src/core/summary/summary.ts';
import { kafkaLog } from './kafka-log.ts';

const stages = ['waiting', 'pulling', 'created', 'starting', 'works'] as const;

type Moments = Pick<SystemRecord, 'pullStartedAt' | 'pulledAt' | 'startedAt' | 'worksAt'>;

/** Moments in seconds: pull began, pull ended, start, works; fewer where the system did not come so far. */
function moments(seconds: readonly number[]): Moments {
  const names = ['pullStartedAt', 'pulledAt', 'startedAt', 'worksAt'] as const;
  return Object.fromEntries(seconds.map((second, index) => [names[index], Math.round(second * 1000)]));
}

function system(
  service: string,
  image: string,
  after: readonly string[],
  seconds: readonly number[],
  urls: readonly string[],
): SystemRecord {
  const stage = stages[seconds.length] ?? 'waiting';
  const source = 'pulled';
  return { service, title: service, image, source, after, stage, urls, probes: [], ...moments(seconds) };
}

const pinot = 'apachepinot/pinot:1.5.1';
const http = (...ports: readonly number[]) => ports.map((port) => `http://localhost:${port}`);

const mongodbUri = 'mongodb://admin:password@localhost:27017/paklog?authSource=admin';
const tempo = ['/api/v2/spans', '/api/traces'];
const tempoUrls = [
  ...http(3200, 4317, 4318),
  'localhost:9095',
  ...http(9411, 14268).map((url, at) => `${url}${tempo[at]}`),
];

/** All eleven systems on a machine that has no image yet. */
const everything: readonly SystemRecord[] = [
  system('zookeeper', 'confluentinc/cp-zookeeper:7.9.6', [], [0.9, 6.8, 7, 8.7], ['localhost:2181']),
  system('pinot-controller', pinot, ['zookeeper'], [0.9, 17.9, 18.3, 24.6], http(9000)),
  system('kafka', 'confluentinc/cp-kafka:7.9.6', ['zookeeper'], [0.9, 8.1, 8.8, 12.9], ['localhost:9092']),
  system('prometheus', 'prom/prometheus:v3.13.4', [], [9.4, 12, 12.2, 13.5], http(9090)),
  system('loki', 'grafana/loki:3.7.8', [], [12, 13.9, 14.1, 16.4], http(3100)),
  system('tempo', 'grafana/tempo:3.0.3', [], [13.6, 15.3, 15.5, 18], tempoUrls),
  system('pinot-broker', pinot, ['pinot-controller'], [0.9, 17.9, 24.7, 28.9], http(8099)),
  system(
    'pinot-server',
    pinot,
    ['pinot-controller'],
    [0.9, 17.9, 24.8, 30.2],
    [...http(8097), 'localhost:8098'],
  ),
  system('mongodb', 'mongo:7.0.43', [], [6.8, 13.6, 13.9, 17.2], [mongodbUri]),
  system('redis', 'redis:7.2.16-alpine', [], [8.1, 9.4, 9.6, 9.8], ['redis://localhost:6379']),
  system(
    'grafana',
    'grafana/grafana:12.4.11',
    ['prometheus', 'loki', 'tempo'],
    [13.9, 18.4, 18.6, 22.8],
    http(3000),
  ),
];

const engine = { version: '28.0.4', api: '1.48', architecture: 'x86_64', compose: '2.38.2' };
const whole = { project: 'paklog-8123456789-1-verify', began: 1_790_000_000_000, engine };

export const success: RunRecord = {
  ...whole,
  took: 30_400,
  outcome: 'success',
  systems: everything.map((each) => (each.service === 'redis' ? onThisMachine(each) : each)),
  warnings: [],
};

function onThisMachine({ pullStartedAt: _began, pulledAt: _ended, ...rest }: SystemRecord): SystemRecord {
  return { ...rest, source: 'local', startedAt: 1100, worksAt: 1400 };
}

/** Everything as it stood at a moment, in seconds. */
function until(moment: number): readonly SystemRecord[] {
  return everything.map(({ stage: _stage, pullStartedAt, pulledAt, startedAt, worksAt, ...rest }) => {
    const reached = [pullStartedAt, pulledAt, startedAt, worksAt].flatMap((at) =>
      at !== undefined && at <= moment * 1000 ? [at / 1000] : [],
    );
    return { ...rest, stage: stages[reached.length] ?? 'works', ...moments(reached) };
  });
}

function failed({ worksAt: _works, ...rest }: SystemRecord, seconds: readonly number[]): SystemRecord {
  return { ...rest, ...moments(seconds), stage: 'failed' };
}

/** Kafka, whose pull took long, gave up while the others were on their way. */
export const failure = {
  record: {
    ...whole,
    took: 20_200,
    outcome: 'failure',
    failure: {
      code: 'SERVICE_EXITED',
      system: 'kafka',
      what: 'kafka exited with code 1.',
      why: 'It stopped by itself with an error.',
      advice: "Read the end of kafka's log below; correct its configuration or image.",
    },
    systems: until(20.1).map((each) => {
      const probes = [{ at: 19_200, answer: 'HTTP 503 from /health' }];
      if (each.service === 'pinot-controller') return { ...each, probes };
      return each.service === 'kafka' ? failed(each, [0.9, 16.5, 16.9]) : each;
    }),
    warnings: [],
  },
  failureLog: kafkaLog,
  artifact: { name: 'infra-logs-verify-8123456789-1' },
} as const satisfies SummaryInput;

/** Redis fell while the job's own steps ran. */
export const after: AfterInput = {
  fallen: [
    {
      code: 'SERVICE_OOM',
      system: 'redis',
      what: 'redis ran out of memory and was killed.',
      why: 'It needed more memory than its limit, or than the machine has left.',
      advice: "Raise redis's memory limit, choose fewer services, or use a larger runner.",
    },
  ],
  warnings: ['The log of mongodb is longer than 20 MB: its middle is left out.'],
  artifact: {
    name: 'infra-logs-verify-8123456789-1',
    url: 'https://github.com/paklog/orders/actions/runs/8123456789/artifacts/4203',
  },
  folder: '/home/runner/work/_temp/infra-action/paklog-8123456789-1-verify/logs',
};

/** The caller cancelled while the second wave of images came. */
export const cancelled: RunRecord = {
  ...whole,
  took: 9_000,
  outcome: 'cancelled',
  systems: until(9),
  warnings: [],
};

/** Nothing was started. */
export const refused: RunRecord = {
  project: '',
  began: whole.began,
  took: 40,
  outcome: 'failure',
  failure: {
    code: 'INPUT_INVALID',
    what: 'services: "kafak" is neither a system nor a group; did you mean "kafka"?\ntimeout: "soon" is no duration',
    why: '2 inputs cannot be used as they are.',
    advice: 'Correct what is listed under `with:` and run the job again. Nothing was started.',
  },
  systems: [],
  warnings: [],
};

const [zookeeper, , kafka] = until(40) as readonly [SystemRecord, SystemRecord, SystemRecord];

/** A caller's own services beside two systems that are there already: one is built, one ends by itself. */
export const ownServices: SummaryInput = {
  record: {
    ...whole,
    project: 'orders-ci',
    took: 74_300,
    outcome: 'success',
    systems: [
      { ...onThisMachine(zookeeper), startedAt: 900, worksAt: 2600 },
      { ...onThisMachine(kafka), startedAt: 2700, worksAt: 6900 },
      own('orders', 'orders-ci-orders', 'built', 7_000, 74_000),
      own(
        'topics',
        'registry.example.com/topics@sha256:0123456789abcdef0123456789abcdef',
        'local',
        7_000,
        9_100,
      ),
    ],
    warnings: [
      'compose-files: `ci.yaml` sets container_name for orders; the name is left out, so that two jobs can share a host.',
    ],
  },
  states: [{ service: 'topics', status: 'exited', exitCode: 0, oomKilled: false }],
};

function own(
  service: string,
  image: string,
  source: SystemRecord['source'],
  startedAt: number,
  worksAt: number,
): SystemRecord {
  const urls = service === 'orders' ? http(8085) : [];
  return { ...system(service, image, ['kafka'], [], urls), source, stage: 'works', startedAt, worksAt };
}
