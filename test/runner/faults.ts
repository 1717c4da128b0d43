import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';

/** Something that goes wrong with a request to the results service. */
export interface Fault {
  /** What the request is for: a method such as `CreateArtifact`, or `PutBlob`, `PutBlock`, `PutBlockList`, `GetBlob`. */
  readonly at: string;
  /**
   * A status to answer with; `quota`: the refusal of an account whose storage is full; `reset`: the connection breaks off
   * in the middle of the request; `hang`: nothing is answered. Or one of those that spoil a `GetBlob`.
   */
  readonly how: number | 'quota' | 'reset' | 'hang' | Spoiled;
  /** Happens to the blob of the cache entry with this key alone; messages have none. */
  readonly key?: string;
  /** How many requests it happens to, the first ones; without it all of them. */
  readonly times?: number;
}

/**
 * A download that begins well. `truncate`: its length is announced, then half of it sent and the connection closed; `stall`:
 * the connection stays open instead, and nothing more comes; `corrupt`: a byte in the middle is another.
 */
export type Spoiled = 'truncate' | 'stall' | 'corrupt';

export function spoils(how: Fault['how'] | undefined): how is Spoiled {
  return how === 'truncate' || how === 'stall' || how === 'corrupt';
}

/** Gives the fault that is due for a request, and counts it; `key` is that of the cache entry whose blob is asked for. */
export function faultsDue(
  faults: readonly Fault[],
): (operation: string, key: string | undefined) => Fault['how'] | undefined {
  const left = faults.map((fault) => ({ ...fault, times: fault.times ?? Number.POSITIVE_INFINITY }));
  return (operation, key) => {
    const due = left.find(
      (fault) => fault.at === operation && fault.times > 0 && (fault.key === undefined || fault.key === key),
    );
    if (due !== undefined) due.times -= 1;
    return due?.how;
  };
}

/** What the service says then; the client looks for "insufficient usage". */
const quota = { code: 'permission_denied', msg: 'insufficient usage to create artifact' };

export async function suffer(
  how: Exclude<Fault['how'], Spoiled>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (how === 'hang') return;
  await Promise.race([once(request, 'data'), once(request, 'end')]);
  if (how === 'reset') {
    request.socket.resetAndDestroy();
    return;
  }
  request.resume();
  const [status, body] = how === 'quota' ? [403, quota] : [how, { code: 'unavailable', msg: 'made to fail' }];
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
