package com.example.orders;

/** What is shown of an order. It is accepted as soon as its event has gone round through Kafka. */
record OrderView(String id, String customer, String sku, int quantity, Status status) {

  enum Status {
    PLACED,
    ACCEPTED
  }

  static OrderView placed(Order order) {
    return new OrderView(
        order.id(), order.customer(), order.sku(), order.quantity(), Status.PLACED);
  }

  static OrderView accepted(OrderPlaced event) {
    return new OrderView(
        event.orderId(), event.customer(), event.sku(), event.quantity(), Status.ACCEPTED);
  }
}
