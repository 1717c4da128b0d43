import { describe, expect, test } from 'vitest';
import { createRedactor } from '../../src/core/redaction/redactor.ts';

/** What the systems of the stack and their like print every day. */
const lines = [
  '[2026-11-25 03:06:11,123] INFO [KafkaServer id=1] started (kafka.server.KafkaServer)',
  '\tssl.keystore.password = null',
  '\tssl.truststore.password = null',
  '\tssl.key.password = null',
  '\tpassword.encoder.secret = null',
  '\tpassword.encoder.iterations = 4096',
  '\tpassword.encoder.keyfactory.algorithm = null',
  '\tdelegation.token.expiry.time.ms = 86400000',
  '\tdelegation.token.secret.key = null',
  '\tsasl.jaas.config = [hidden]',
  '\tsasl.oauthbearer.token.endpoint.url = null',
  '\tsasl.enabled.mechanisms = [GSSAPI]',
  '\tlisteners = PLAINTEXT://0.0.0.0:29092,PLAINTEXT_HOST://0.0.0.0:9092',
  '\tconnections.max.reauth.ms = 0',
  '\tkey.serializer = class org.apache.kafka.common.serialization.StringSerializer',
  'INFO Registered broker 1 at path /brokers/ids/1 with addresses: PLAINTEXT://kafka:9092, czxid (broker epoch): 25 (kafka.zk.KafkaZkClient)',
  'INFO zookeeper.enforce.auth.schemes = [] (org.apache.zookeeper.server.AuthenticationHelper)',
  'INFO Cluster ID: MkU3OEVBNTcwNTJENDM2Qk (org.apache.kafka.clients.Metadata)',
  'java.lang.IllegalStateException: No token provider for org.acme.security.TokenFilter$SecretKeyFactory@1b2c3d4e',
  '\tat org.springframework.security.crypto.password.PasswordEncoder.matches(PasswordEncoder.java:42) ~[app.jar:1.2]',
  'Caused by: javax.net.ssl.SSLHandshakeException: PKIX path building failed: unable to find valid certification path',
  'SQLException: Encountered unexpected token: ":" at line 1, column 17.',
  'com.fasterxml.jackson.core.JsonParseException: Unrecognized token \'hello\': was expecting ("true", "false" or "null")',
  'logger=migrator t=2026-11-25T03:06:11Z level=info msg="Executing migration" id="alter user_auth.auth_id to length 190"',
  'logger=migrator t=2026-11-25T03:06:11Z level=info msg="Executing migration" id="Add OAuth ID token to user_auth"',
  'logger=secrets t=2026-11-25T03:06:11Z level=info msg="Envelope encryption state" enabled=true currentprovider=secretKey.v1',
  'level=info ts=2026-11-25T03:06:11.123Z caller=main.go:123 msg="Server is ready." component=web addr=[::]:9090',
  'ts=2026-11-25 caller=ring.go:1 level=error err="rpc error: code = Unavailable desc = dial tcp 127.0.0.1:9095: connect: connection refused"',
  '{"t":{"$date":"2026-11-25T03:06:11.123+00:00"},"s":"I","c":"ACCESS","id":20249,"ctx":"conn3","msg":"Authentication failed","attr":{"mechanism":"SCRAM-SHA-256","principalName":"admin","error":"UserNotFound"}}',
  '{"uuid":{"uuid":{"$uuid":"b3a1c1de-0c1c-4f0e-9c2e-2d7c0d7c1a11"}},"key":"value","authSource":"admin"}',
  'error: missing MONGO_INITDB_ROOT_USERNAME or MONGO_INITDB_ROOT_PASSWORD: both must be given for a user to be created',
  'FATAL:  password authentication failed for user "postgres"',
  'Digest: sha256:0f3c2f2c5e6f4c7f9a6d6b7f1c8d2e3f4a5b6c7d8e9f00112233445566778899',
  'app@sha256:0f3c2f2c5e6f4c7f9a6d6b7f1c8d2e3f4a5b6c7d8e9f00112233445566778899 pulled',
  'commit 2314b68d6c5f4e3d2c1b0a99887766554433221100 by octocat',
  'GET /api/v1/query?query=sum(rate(tokens_total[5m]))&start=1&key=a 200 12ms trace=4bf92f3577b34da6a3ce929d0e0e4736',
  'connecting to mongodb://db:27017/paklog?authSource=admin and http://localhost:9000/health, https://[::1]:8443/x',
  'jdbc:postgresql://db:5432/x?user=bob&ssl=true',
  'Tests run: 12, Failures: 0, pass: 12, fail: 0, keys=3, tokens: 99',
  'rm -rf /tmp/monkey=1 && export KEYBOARD=us PATH=/usr/bin:/bin PWD=/home/runner',
  'drwxr-xr-x  2 root root 4096 Nov 25 03:06 secrets',
  '================================================================================',
  '-----------------------------------------------------------------',
  '\u001b[32m✓\u001b[39m größer, 日本語, 🎉 – “quotes”',
];

describe('an ordinary line stays as it is', () => {
  const known = createRedactor(['hunter2hunter2', 'Tr0ub4dor&3', 's3cr3t!'], ['admin', 'password']);

  test.each(lines)('%s', (line) => {
    expect(known.text(line)).toBe(line);
  });

  test('all of them together too', () => {
    const text = lines.join('\n');
    expect(known.text(text)).toBe(text);
  });
});
