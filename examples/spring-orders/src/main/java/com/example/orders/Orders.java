package com.example.orders;

import org.springframework.data.mongodb.repository.MongoRepository;

interface Orders extends MongoRepository<Order, String> {}
