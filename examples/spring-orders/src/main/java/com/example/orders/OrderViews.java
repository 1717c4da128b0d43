package com.example.orders;

import java.time.Duration;
import java.util.Optional;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.core.RedisTemplate;
import org.springframework.data.redis.serializer.Jackson2JsonRedisSerializer;
import org.springframework.data.redis.serializer.StringRedisSerializer;
import org.springframework.stereotype.Component;

/** The read model, kept in Redis for a day. */
@Component
class OrderViews {

  private static final Duration KEPT = Duration.ofDays(1);

  private final RedisTemplate<String, OrderView> redis = new RedisTemplate<>();

  OrderViews(RedisConnectionFactory connections) {
    redis.setConnectionFactory(connections);
    redis.setKeySerializer(new StringRedisSerializer());
    redis.setValueSerializer(new Jackson2JsonRedisSerializer<>(OrderView.class));
    redis.afterPropertiesSet();
  }

  void put(OrderView view) {
    redis.opsForValue().set(key(view.id()), view, KEPT);
  }

  Optional<OrderView> find(String id) {
    return Optional.ofNullable(redis.opsForValue().get(key(id)));
  }

  static String key(String id) {
    return "order:" + id;
  }
}
