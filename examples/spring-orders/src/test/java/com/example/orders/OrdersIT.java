package com.example.orders;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.example.orders.OrderController.NewOrder;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.StreamSupport;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.kafka.KafkaConnectionDetails;
import org.springframework.boot.test.web.client.TestRestTemplate;
import org.springframework.data.mongodb.core.MongoTemplate;
import org.springframework.data.redis.core.StringRedisTemplate;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;

@RunningService
class OrdersIT {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @Autowired private TestRestTemplate http;
  @Autowired private MongoTemplate mongo;
  @Autowired private StringRedisTemplate redis;
  @Autowired private KafkaConnectionDetails kafka;

  @Test
  void anOrderIsStoredAndItsEventMakesItAccepted() {
    ResponseEntity<OrderView> placed = place("anna");

    assertThat(placed.getStatusCode()).isEqualTo(HttpStatus.CREATED);
    URI location = placed.getHeaders().getLocation();
    assertThat(location).isNotNull();
    awaitStatus(location, "ACCEPTED");
    String id = placed.getBody().id();
    assertThat(mongo.findById(id, Order.class).customer()).isEqualTo("anna");
    assertThat(redis.opsForValue().get(OrderViews.key(id))).contains("\"ACCEPTED\"");
  }

  @Test
  void anOrderThatTheReadModelDoesNotHaveIsShownFromTheDatabase() {
    URI location = place("bert").getHeaders().getLocation();
    awaitStatus(location, "ACCEPTED");

    redis.delete(OrderViews.key(location.getPath().replaceFirst("/orders/", "")));

    assertThat(statusAt(location)).isEqualTo("PLACED");
  }

  @Test
  void otherServicesGetTheEventOfAnOrder() {
    String id = place("carla").getBody().id();

    ConsumerRecord<String, String> event = eventOf(id);

    assertThat(event.value()).contains("\"orderId\":\"" + id + "\"", "\"customer\":\"carla\"");
    assertThat(event.headers().lastHeader("traceparent")).as("the trace goes along").isNotNull();
  }

  @Test
  void anOrderThatNobodyHasPlacedIsNotFound() {
    UUID id = UUID.randomUUID();

    ResponseEntity<String> answer = http.getForEntity("/orders/{id}", String.class, id);

    assertThat(answer.getStatusCode()).isEqualTo(HttpStatus.NOT_FOUND);
  }

  private ResponseEntity<OrderView> place(String customer) {
    return http.postForEntity("/orders", new NewOrder(customer, "SKU-1", 2), OrderView.class);
  }

  private void awaitStatus(URI location, String status) {
    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(statusAt(location)).isEqualTo(status));
  }

  private String statusAt(URI location) {
    return http.getForObject(location.toString(), OrderView.class).status().name();
  }

  /** Reads the topic from its beginning as another service would, in a group of its own. */
  private ConsumerRecord<String, String> eventOf(String id) {
    Map<String, Object> settings =
        Map.of(
            "bootstrap.servers", kafka.getConsumerBootstrapServers(),
            "group.id", "test-" + UUID.randomUUID(),
            "auto.offset.reset", "earliest");
    StringDeserializer text = new StringDeserializer();
    try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(settings, text, text)) {
      consumer.subscribe(List.of(OrderPlaced.TOPIC));
      return await()
          .atMost(PATIENCE)
          .pollInSameThread()
          .until(() -> find(consumer.poll(Duration.ofSeconds(1)), id), Optional::isPresent)
          .get();
    }
  }

  private static Optional<ConsumerRecord<String, String>> find(
      ConsumerRecords<String, String> events, String id) {
    return StreamSupport.stream(events.spliterator(), false)
        .filter(event -> id.equals(event.key()))
        .findFirst();
  }
}
