package com.example.orders;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.kafka.annotation.KafkaListener;
import org.springframework.kafka.config.TopicBuilder;
import org.springframework.kafka.core.KafkaAdmin.NewTopics;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.stereotype.Component;

/** Tells Kafka of new orders, and listens to what it tells. */
@Component
class OrderEvents {

  private static final Logger log = LoggerFactory.getLogger(OrderEvents.class);

  private final KafkaTemplate<String, OrderPlaced> kafka;
  private final OrderViews views;

  OrderEvents(KafkaTemplate<String, OrderPlaced> kafka, OrderViews views) {
    this.kafka = kafka;
    this.views = views;
  }

  /** Returns when Kafka has the event. */
  void publish(OrderPlaced event) {
    kafka.send(OrderPlaced.TOPIC, event.orderId(), event).join();
  }

  @KafkaListener(topics = OrderPlaced.TOPIC)
  void accept(OrderPlaced event) {
    views.put(OrderView.accepted(event));
    log.info("order {} accepted", event.orderId());
  }

  @Configuration
  static class Topics {

    @Bean
    NewTopics orderTopics() {
      return new NewTopics(TopicBuilder.name(OrderPlaced.TOPIC).partitions(3).replicas(1).build());
    }
  }
}
