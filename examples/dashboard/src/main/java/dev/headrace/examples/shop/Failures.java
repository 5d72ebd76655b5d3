package dev.headrace.examples.shop;

import dev.headrace.error.HeadraceException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;

/** What callers get to read when a remote has failed: neither its address nor its words. */
@RestControllerAdvice
class Failures {

    private static final Logger LOG = LoggerFactory.getLogger(Failures.class);

    @ExceptionHandler
    ResponseEntity<ProblemDetail> failed(HeadraceException failure) {
        LOG.warn("A remote has failed", failure); // names the request, and no secret
        ProblemDetail problem = ProblemDetail.forStatusAndDetail(statusOf(failure), "What this needs is not to be had");
        problem.setProperty("kind", failure.kind().name());
        HttpHeaders headers = new HttpHeaders();
        failure.retryAt().ifPresent(moment -> headers.setInstant(HttpHeaders.RETRY_AFTER, moment.plusSeconds(1)));
        return ResponseEntity.status(problem.getStatus()).headers(headers).body(problem);
    }

    /** Whoever calls can do nothing about it, but come back where that may help. */
    private static HttpStatus statusOf(HeadraceException failure) {
        return switch (failure.kind()) {
            case TRANSIENT, LOCAL -> HttpStatus.SERVICE_UNAVAILABLE;
            case CONFIGURATION, PERMANENT, UNTRUSTED_DATA -> HttpStatus.BAD_GATEWAY;
        };
    }
}
