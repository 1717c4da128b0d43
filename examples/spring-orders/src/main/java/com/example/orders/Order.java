package com.example.orders;

import java.time.Instant;
import org.springframework.data.annotation.Id;
import org.springframework.data.mongodb.core.mapping.Document;

/** What a customer has ordered, as MongoDB keeps it. */
@Document("orders")
record Order(@Id String id, String customer, String sku, int quantity, Instant placedAt) {}
