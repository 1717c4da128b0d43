package com.example.orders;

import io.micrometer.core.instrument.MeterRegistry;
import java.net.URI;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/orders")
class OrderController {

  record NewOrder(String customer, String sku, int quantity) {}

  private static final Logger log = LoggerFactory.getLogger(OrderController.class);

  private final Orders orders;
  private final OrderEvents events;
  private final OrderViews views;
  private final MeterRegistry metrics;

  OrderController(Orders orders, OrderEvents events, OrderViews views, MeterRegistry metrics) {
    this.orders = orders;
    this.events = events;
    this.views = views;
    this.metrics = metrics;
  }

  @PostMapping
  ResponseEntity<OrderView> place(@RequestBody NewOrder wish) {
    // MongoDB keeps milliseconds; the event should tell the same time.
    Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
    String id = UUID.randomUUID().toString();
    Order order = orders.insert(new Order(id, wish.customer(), wish.sku(), wish.quantity(), now));
    events.publish(OrderPlaced.of(order));
    metrics.counter("orders.placed").increment();
    log.info("order {} placed by {}", order.id(), order.customer());
    return ResponseEntity.created(URI.create("/orders/" + id)).body(OrderView.placed(order));
  }

  @GetMapping("/{id}")
  ResponseEntity<OrderView> show(@PathVariable String id) {
    return ResponseEntity.of(views.find(id).or(() -> orders.findById(id).map(OrderView::placed)));
  }
}
