// Traces and logs. Where they go, and how often, is said by OTEL_… alone.
import { logs, SeverityNumber } from '@opentelemetry/api-logs';
import { NodeSDK } from '@opentelemetry/sdk-node';

export const serviceName = process.env.OTEL_SERVICE_NAME || 'inventory';

export function startTelemetry() {
  const sdk = new NodeSDK({ serviceName });
  sdk.start();
  return sdk;
}

/** A line on the console, and in Loki with the trace that it belongs to. */
export function log(body) {
  console.log(body);
  const severity = { severityNumber: SeverityNumber.INFO, severityText: 'INFO' };
  logs.getLogger(serviceName).emit({ ...severity, body });
}
