/** The end of a broker's log whose earlier session is still in ZooKeeper. */
export const kafkaLog = `===> User
uid=1000(appuser) gid=1000(appuser) groups=1000(appuser)
===> Configuring ...
===> Running preflight checks ...
===> Check if /var/lib/kafka/data is writable ...
===> Check if Zookeeper is healthy ...
[2026-10-02 07:14:11,204] INFO Session: 0x100000c1a2b0000 closed (org.apache.zookeeper.ZooKeeper)
===> Launching ...
===> Launching kafka ...
[2026-10-02 07:14:12,310] INFO Registered kafka:type=kafka.Log4jController MBean (kafka.utils.Log4jControllerRegistration$)
[2026-10-02 07:14:12,874] INFO starting (kafka.server.KafkaServer)
[2026-10-02 07:14:12,875] INFO Connecting to zookeeper on zookeeper:2181 (kafka.server.KafkaServer)
[2026-10-02 07:14:12,902] INFO Socket connection established, initiating session (org.apache.zookeeper.ClientCnxn)
[2026-10-02 07:14:12,921] INFO [ZooKeeperClient Kafka server] Connected. (kafka.zookeeper.ZooKeeperClient)
[2026-10-02 07:14:13,180] INFO Cluster ID = 4tVnZ1bqTUuGm0DqQ9kPqw (kafka.server.KafkaServer)
[2026-10-02 07:14:13,604] INFO Loading logs from log dirs ArraySeq(/var/lib/kafka/data) (kafka.log.LogManager)
[2026-10-02 07:14:13,611] INFO No logs found to be loaded in /var/lib/kafka/data (kafka.log.LogManager)
[2026-10-02 07:14:13,745] INFO Awaiting socket connections on 0.0.0.0:9092. (kafka.network.DataPlaneAcceptor)
[2026-10-02 07:14:13,802] INFO Creating /brokers/ids/1 (is it secure? false) (kafka.zk.KafkaZkClient)
[2026-10-02 07:14:13,815] ERROR Error while creating ephemeral at /brokers/ids/1, node already exists and owner '72057606922010624' does not match current session '72057606922010625' (kafka.zk.KafkaZkClient$CheckedEphemeral)
[2026-10-02 07:14:13,824] ERROR [KafkaServer id=1] Fatal error during KafkaServer startup. Prepare to shutdown (kafka.server.KafkaServer)
org.apache.zookeeper.KeeperException$NodeExistsException: KeeperErrorCode = NodeExists
\tat org.apache.zookeeper.KeeperException.create(KeeperException.java:126)
\tat kafka.zk.KafkaZkClient.registerBroker(KafkaZkClient.scala:106)
\tat kafka.server.KafkaServer.startup(KafkaServer.scala:366)
[2026-10-02 07:14:13,829] INFO [KafkaServer id=1] shutting down (kafka.server.KafkaServer)
[2026-10-02 07:14:14,011] INFO [KafkaServer id=1] shut down completed (kafka.server.KafkaServer)`;
