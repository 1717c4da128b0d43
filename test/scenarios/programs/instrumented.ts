// A service that knows nothing of the stack: the OpenTelemetry SDK takes every address from the environment.
import { trace } from '@opentelemetry/api';
import { logs } from '@opentelemetry/api-logs';
import { NodeSDK } from '@opentelemetry/sdk-node';

const sdk = new NodeSDK();
sdk.start();
const span = trace.getTracer('orders').startSpan('place order');
logs.getLogger('orders').emit({ severityText: 'INFO', body: 'order placed' });
span.end();
await sdk.shutdown();
console.log(`trace ${span.spanContext().traceId}`);
