import type { Twin } from './twin.ts';

const id = 'pinot.hybrid-table';
const controller = { id, service: 'pinot-controller', endpoint: 'http' };

/** Halves of the table that are told to be there and are not; a stopped server is a test of its own. */
export const pinotTwins: readonly Twin[] = [
  {
    ...controller,
    fault: 'the table reads another topic',
    tamper: ({ path, body }, pass) =>
      path === '/tables' ? pass(body.replace(/("stream\.kafka\.topic\.name":")/, '$1other_')) : undefined,
    says: 'the sum is 1 instead of 111, the real-time half has nothing',
  },
  {
    ...controller,
    fault: 'a segment is taken and lost',
    tamper: ({ path }) => (path.startsWith('/ingestFromFile') ? { status: 200, text: '{}' } : undefined),
    says: /the sum is 110 instead of 111, the offline half has nothing/,
  },
  {
    ...controller,
    fault: 'no server may hold a table',
    tamper: ({ path, method }) =>
      path === '/tables' && method === 'POST' ? { status: 400, text: 'Failed to find instances' } : undefined,
    says: 'HTTP 400 Failed to find instances',
  },
  {
    id,
    service: 'pinot-broker',
    endpoint: 'http',
    fault: 'the broker knows no table',
    tamper: () => ({
      status: 200,
      text: '{"exceptions":[{"errorCode":190,"message":"TableDoesNotExistError"}]}',
    }),
    says: 'the broker could not answer',
  },
];
