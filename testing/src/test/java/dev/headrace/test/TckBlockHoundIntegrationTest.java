package dev.headrace.test;

import org.junit.jupiter.api.Test;
import org.reactivestreams.tck.TestEnvironment;
import org.reactivestreams.tck.TestEnvironment.ManualSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;

class TckBlockHoundIntegrationTest {

    @Test
    void signalsArriveAlsoWhereTheirQueueIsLocked() throws InterruptedException {
        TestEnvironment environment = ReactiveStreamsTck.environment();
        for (int i = 0; i < 5_000; i++) {
            ManualSubscriber<Integer> subscriber =
                    environment.newManualSubscriber(Flux.range(0, 3).publishOn(Schedulers.parallel()));

            for (int element = 0; element < 3; element++) {
                subscriber.requestNextElement();
            }
            subscriber.requestEndOfStream();
        }
        environment.verifyNoAsyncErrors();
    }
}
