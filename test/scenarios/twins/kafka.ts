import {
  AclOperations,
  AclPermissionTypes,
  Admin,
  ResourcePatternTypes,
  ResourceTypes,
} from '@platformatic/kafka';
import { output } from '../held-stack.ts';
import { type CoreTwin, until } from './core-twin.ts';

/** With this in the caller's Compose file everything is allowed for which no rule is made. */
export const withRules = `
services:
  kafka:
    environment:
      KAFKA_AUTHORIZER_CLASS_NAME: kafka.security.authorizer.AclAuthorizer
      KAFKA_ALLOW_EVERYONE_IF_NO_ACL_FOUND: "true"
`;

type Operation = keyof typeof AclOperations;
type Resource = keyof typeof ResourceTypes;

/** A permission that is gone for all resources whose name begins so. */
const without = (
  id: string,
  operation: Operation,
  resource: Resource,
  prefix: string,
  fault: string,
  says: string | RegExp,
): CoreTwin => ({
  id: `kafka.${id}`,
  fault,
  says,
  arrange: async (stack) => {
    const name = { resourceType: ResourceTypes[resource], resourceName: prefix };
    const whom = {
      resourcePatternType: ResourcePatternTypes.PREFIXED,
      principal: 'User:ANONYMOUS',
      host: '*',
    };
    // Where there is a rule, nothing is allowed that has none.
    const rules = [
      { ...name, ...whom, operation: AclOperations.ALL, permissionType: AclPermissionTypes.ALLOW },
      { ...name, ...whom, operation: AclOperations[operation], permissionType: AclPermissionTypes.DENY },
    ];
    const admin = new Admin({
      clientId: 'twin',
      bootstrapBrokers: [output(stack, 'kafka-bootstrap-servers')],
    });
    await admin.createAcls({ creations: rules });
    return until(async () => {
      await admin.deleteAcls({ filters: rules });
      await admin.close();
    });
  },
});

const refused = /not authorized|authorization failed/i;

export const kafkaTwins: readonly CoreTwin[] = [
  without('create-topic', 'DESCRIBE_CONFIGS', 'TOPIC', 'smoke-create', 'no setting may be read', refused),
  without('auto-create', 'WRITE', 'TOPIC', 'smoke-auto', 'nobody may send to it', refused),
  without('records', 'WRITE', 'TOPIC', 'smoke-records', 'nobody may send', refused),
  without('consumer-group', 'READ', 'GROUP', 'smoke-group', 'no group may commit', refused),
  without('transactions', 'WRITE', 'TRANSACTIONAL_ID', 'smoke-transaction', 'no transactions', refused),
  without('in-network', 'WRITE', 'TOPIC', 'smoke-inside', 'no container may send', refused),
];
