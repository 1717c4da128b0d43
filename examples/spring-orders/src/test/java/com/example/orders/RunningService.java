package com.example.orders;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.boot.test.autoconfigure.actuate.observability.AutoConfigureObservability;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;

/**
 * The whole service, started once for all tests. No address stands here: every system is found by
 * the names that the infra-action exports.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@SpringBootTest(
    webEnvironment = WebEnvironment.RANDOM_PORT,
    properties = {
      // Otherwise a free one, too, and Prometheus has been told to ask at this one.
      "management.server.port=8081",
      // Five seconds by default: a test would wait as long for its trace.
      "management.tracing.opentelemetry.export.schedule-delay=500ms"
    })
@AutoConfigureObservability // metrics and traces are off in Spring's tests by default
@interface RunningService {}
