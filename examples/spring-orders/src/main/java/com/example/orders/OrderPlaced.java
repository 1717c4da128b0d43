package com.example.orders;

import java.time.Instant;

/** The event that tells other services of a new order. */
record OrderPlaced(String orderId, String customer, String sku, int quantity, Instant placedAt) {

  static final String TOPIC = "orders.placed";

  static OrderPlaced of(Order order) {
    return new OrderPlaced(
        order.id(), order.customer(), order.sku(), order.quantity(), order.placedAt());
  }
}
