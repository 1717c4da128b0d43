/** How an example is proven: a scenario runs it, or it is only read here, for a reason. */
export type Way = { readonly ran: string } | { readonly read: string };

const readme: Way = { ran: 'test/scenarios/readme.test.ts' };
const recipe: Way = { ran: 'test/scenarios/recipes.test.ts' };
const commands: Way = { ran: 'test/house/example-commands.test.ts' };

/** Of every workflow, part of one and script in the documents, but for scripts that only name targets of `make`. */
export const ways: Readonly<Record<string, Way>> = {
  'README.md: infra-action': readme,
  'README.md: Service CI in one line': readme,
  'README.md: Environment': readme,
  'README.md: When it fails': readme,
  'README.md: Every promise, proven': { read: 'test/scenarios/smoke.test.ts runs these two steps' },
  'README.md: What the systems begin with': readme,
  'README.md: Your own services': {
    read: 'test/contract/stack-verify-up.test.ts runs it, on free ports',
  },
  'SECURITY.md: How this repository guards what you run': commands,
  'docs/caching.md: Choose what a run does with the cache': {
    read: 'test/scenarios/image-cache.test.ts runs `read-only`',
  },
  'docs/caching.md: Images that need a login': { read: 'test/scenarios/image-cache.test.ts runs `off`' },
  'docs/caching.md: Delete what is there': commands,
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
