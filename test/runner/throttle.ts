import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { setTimeout } from 'node:timers/promises';

/** A line of limited speed; all that goes through it shares the speed. */
export interface Line {
  /** Resolves when so many bytes may follow. */
  pass(bytes: number): Promise<void>;
  /** What goes through at once. */
  readonly pieceBytes: number;
  /** Bytes that have gone through so far. */
  readonly passed: number;
}

/** Timers are a millisecond late, or ten on a busy machine: so much is made up for by what comes next, and no more. */
const usualCreditMs = 20;
/** Below it a timer costs more than it delays. */
const shortestWaitMs = 5;

/** Waits in timers, not in loops: some 100 a second at any speed. Without a speed it never waits. */
export function line(bytesPerSecond = Number.POSITIVE_INFINITY, creditMs = usualCreditMs): Line {
  let free = performance.now();
  let passed = 0;
  return {
    get passed() {
      return passed;
    },
    pieceBytes: Math.ceil(Math.min(Math.max(bytesPerSecond / 100, 1024), 4 * 1024 * 1024)),
    pass: async (bytes) => {
      passed += bytes;
      const now = performance.now();
      free = Math.max(free, now - creditMs) + (bytes / bytesPerSecond) * 1000;
      if (free - now >= shortestWaitMs) await setTimeout(free - now);
    },
  };
}

/** The body of a request; what is not read yet holds its sender up. */
export async function receive(request: IncomingMessage, through: Line): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    await through.pass(chunk.length);
  }
  return Buffer.concat(chunks);
}

/** Writes a body, without ending the response. */
export function send(response: ServerResponse, body: readonly Buffer[], through: Line): Promise<void> {
  return pipeline(pieces(body, through), response, { end: false });
}

async function* pieces(body: readonly Buffer[], through: Line): AsyncGenerator<Buffer> {
  for (const part of body) {
    for (let at = 0; at < part.length; at += through.pieceBytes) {
      const piece = part.subarray(at, at + through.pieceBytes);
      await through.pass(piece.length);
      yield piece;
    }
  }
}
