import type { CacheRequest } from './core/images/cache-messages.ts';
import { answerCacheRequest } from './io/cache-client.ts';

process.on('message', async (request: CacheRequest) => {
  process.send?.(await answerCacheRequest(request));
});
// The action that asks has ended.
process.on('disconnect', () => process.exit());
