package com.example.orders;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.example.orders.OrderController.NewOrder;
import java.time.Duration;
import java.util.UUID;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.test.web.client.TestRestTemplate;
import org.springframework.http.RequestEntity;
import org.springframework.web.client.RestClient;

/** One order, whose trace ID the test has chosen, is seen in Tempo, Loki and Prometheus. */
@RunningService
class ObservabilityIT {

  private static final String TRACE = UUID.randomUUID().toString().replace("-", "");

  @Value("${TEMPO_URL}")
  private String tempo;

  @Value("${LOKI_URL}")
  private String loki;

  @Value("${PROMETHEUS_URL}")
  private String prometheus;

  private final RestClient systems = RestClient.create();

  @BeforeAll
  static void placeOneOrder(@Autowired TestRestTemplate http) {
    RequestEntity<NewOrder> request =
        RequestEntity.post("/orders")
            .header("traceparent", "00-" + TRACE + "-00f067aa0ba902b7-01")
            .body(new NewOrder("dora", "SKU-2", 1));
    assertThat(http.exchange(request, OrderView.class).getStatusCode().is2xxSuccessful()).isTrue();
  }

  @Test
  void theTraceLeadsFromTheRequestThroughKafkaToTheListener() {
    eventually(
        () ->
            assertThat(ask(tempo + "/api/traces/{id}", TRACE))
                .contains("http post /orders", "orders.placed send", "orders.placed receive"));
  }

  @Test
  void theLinesOfBothEndsCarryTheTrace() {
    String query = "{service_name=\"orders\"} |= \"trace_id=" + TRACE + "\"";
    eventually(
        () ->
            assertThat(ask(loki + "/loki/api/v1/query_range?query={query}", query))
                .contains("placed by dora", " accepted "));
  }

  @Test
  void theMetricIsScraped() {
    String query = "orders_placed_total{application=\"orders\"} > 0";
    eventually(
        () ->
            assertThat(ask(prometheus + "/api/v1/query?query={query}", query))
                .contains("\"job\":\"orders\""));
  }

  private String ask(String url, String question) {
    return systems.get().uri(url, question).retrieve().body(String.class);
  }

  private static void eventually(ThrowingRunnable assertion) {
    await()
        .atMost(Duration.ofSeconds(60))
        .pollInterval(Duration.ofMillis(250))
        // Tempo answers 404 as long as it has no such trace.
        .ignoreExceptions()
        .untilAsserted(assertion);
  }
}
