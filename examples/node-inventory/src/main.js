import { startService } from './service.js';
import { log, startTelemetry } from './telemetry.js';

const telemetry = startTelemetry();
const service = await startService(process.env, Number(process.env.PORT ?? 8090));
log(`inventory answers at ${service.url}`);
process.once('SIGTERM', async () => {
  await service.close();
  await telemetry.shutdown();
});
await service.served;
