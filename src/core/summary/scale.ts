/** How much of everything a summary has. */
export interface Scale {
  /** Bytes of the failing system's log. */
  readonly logBytes: number;
  /** Whether the probes' last answers are told. */
  readonly answers: boolean;
  readonly timeline: boolean;
  /** Rows of the table of systems. */
  readonly rows: number;
}

/** GitHub refuses a step's summary above 1 MiB; what the runner adds to it has room as well. */
const most = 1024 * 1024 - 1024;

/**
 * The fullest text that fits into a number of bytes. What goes first is what the artifact tells best: the log, then the
 * probes' answers, the timeline, and at last rows. A limit that even a heading does not fit into cuts the text.
 */
export function fitted(render: (scale: Scale) => string, systems: number, limit: number = most): string {
  for (const scale of scales(systems)) {
    const text = render(scale);
    if (Buffer.byteLength(text) <= limit) return text;
  }
  const [heading = ''] = render({ logBytes: 0, answers: false, timeline: false, rows: 0 }).split('\n');
  return cut(heading, limit);
}

function* scales(systems: number): Generator<Scale> {
  const whole = { answers: true, timeline: true, rows: systems };
  for (const logBytes of [512 * 1024, 64 * 1024, 16 * 1024, 4 * 1024, 0]) yield { ...whole, logBytes };
  yield { ...whole, logBytes: 0, answers: false };
  for (let rows = systems; rows > 0; rows = Math.floor(rows / 2))
    yield { logBytes: 0, answers: false, timeline: false, rows };
  yield { logBytes: 0, answers: false, timeline: false, rows: 0 };
}

function cut(text: string, limit: number): string {
  let bytes = 0;
  let kept = '';
  for (const sign of text) {
    bytes += Buffer.byteLength(sign);
    if (bytes > limit) break;
    kept += sign;
  }
  return kept;
}
