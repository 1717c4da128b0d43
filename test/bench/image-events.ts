import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** What the engine does with images, by its own account: whoever asks for it, and by whatever way. */
export interface ImageEvents {
  /** How often each happened so far, such as `pull`, `load`, `save`, `tag`. */
  stop(): Promise<ReadonlyMap<string, number>>;
}

/** Listens from now on. */
export async function listenToImages(): Promise<ImageEvents> {
  const child = spawn('docker', ['events', '--filter', 'type=image', '--format', '{{.Action}}'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const counts = new Map<string, number>();
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    for (const action of text.split('\n'))
      if (action !== '') counts.set(action, (counts.get(action) ?? 0) + 1);
  });
  const ended = once(child, 'close');
  await once(child, 'spawn');
  return {
    stop: async () => {
      child.kill();
      await ended;
      return counts;
    },
  };
}
