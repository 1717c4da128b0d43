/** How an example is proven: a scenario runs it, or it is only read here, for a reason. */
export type Way = { readonly ran: string } | { readonly read: string };

const readme: Way = { ran: 'test/scenarios/readme.test.ts' };
const moving: Way = { ran: 'test/scenarios/moving.test.ts' };
const recipe: Way = { ran: 'test/scenarios/recipes.test.ts' };
const commands: Way = { ran: 'test/house/example-commands.test.ts' };

/** Of every workflow, part of one and script in the documents, but for scripts that only name targets of `make`. */
export const ways: Readonly<Record<string, Way>> = {
  'README.md: infra-action': readme,
  'README.md: Service CI': readme,
  'README.md: Environment': readme,
  'README.md: A stack that stays': readme,
  'README.md: Every promise, proven': { read: 'test/scenarios/smoke.test.ts runs these two steps' },
  'README.md: What the systems begin with': readme,
  'README.md: Your own services': {
    read: 'test/contract/stack-verify-up.test.ts runs it, on free ports',
  },
  'SECURITY.md: How this repository guards what you run': commands,
  'docs/caching.md: Choose what a run does with the cache': {
    read: 'test/scenarios/image-cache.test.ts runs `read-only`',
  },
  'docs/caching.md: Images that need a login': {
    read: 'test/scenarios/private-registry.test.ts keeps such an image with `on`',
  },
  'docs/caching.md: Delete what is there': commands,
  'docs/moving.md: From a Compose file': moving,
  'docs/moving.md: From a Compose file 2': moving,
  'docs/moving.md: From services:': { read: 'act has no `services:` for jobs on the machine itself' },
  'docs/moving.md: From services: 2': {
    read: 'test/scenarios/readme.test.ts runs it with Kafka beside the two',
  },
  'docs/moving.md: From Testcontainers 3': recipe,
  'docs/moving.md: From Testcontainers 4': {
    read: 'test/scenarios/pulls.test.ts pulls from a mirror, and Testcontainers is not ours',
  },
  'docs/nightly.md: The long tests of a service': recipe,
  'docs/nightly.md: An image before it is the default': {
    read: 'it pulls mongo:8.0 from docker.io; test/scenarios/smoke.test.ts runs the same steps',
  },
  'docs/previews.md: Previews of pull requests: preview.yml': {
    read: 'test/scenarios/preview-workflow.test.ts runs the workflow, on an engine that it reaches without ssh',
  },
  'docs/previews.md: On a runner of your own': {
    read: 'test/scenarios/preview-workflow.test.ts runs it on this machine',
  },
  'docs/previews.md: Forks, Dependabot, and who is trusted': {
    read: 'test/scenarios/preview-workflow.test.ts starts one by hand',
  },
  'docs/self-hosted.md: Several jobs on one host': {
    read: 'test/scenarios/two-stacks.test.ts runs two stacks with `ports: dynamic` at once',
  },
  'docs/self-hosted.md: Images from nearby': { read: 'test/scenarios/pulls.test.ts pulls from a mirror' },
  'docs/self-hosted.md: Another address than localhost': {
    read: 'test/scenarios/inputs.test.ts runs it with 127.0.0.3',
  },
  'docs/self-hosted.md: When a machine was switched off': { ran: 'test/contract/documents.test.ts' },
  "docs/service-ci.md: A service's CI in one job: service-ci.yml": recipe,
  'docs/service-ci.md: Gradle': recipe,
  'docs/service-ci.md: Node.js': recipe,
  'docs/service-ci.md: Several versions': recipe,
  'docs/service-ci.md: Your own Compose files': recipe,
  'docs/service-ci.md: Names and secrets for the command': recipe,
  'docs/service-ci.md: What the command tells': recipe,
  'docs/service-ci.md: Runners of your own': recipe,
  'docs/smoke.md: Smoke: every promise of a running stack': {
    read: 'test/scenarios/smoke.test.ts runs the first two steps, and the last one needs GitHub',
  },
  'docs/smoke.md: Every night': { read: 'test/scenarios/smoke-nightly.test.ts runs the workflow' },
};
