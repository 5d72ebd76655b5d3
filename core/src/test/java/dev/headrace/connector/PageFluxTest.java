package dev.headrace.connector;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;
import reactor.test.publisher.TestPublisher;
import reactor.test.subscriber.TestSubscriber;

class PageFluxTest {

    private static final int SIZE = 10;

    private final List<Integer> begun = new ArrayList<>();

    /** A page of ten numbers that names the next one as soon as it begins, or only when it has been delivered. */
    private final class NumberedPage implements PageFlux.Source<Integer> {

        private final int number;
        private final int pages;
        private final boolean namesEarly;
        private final Sinks.One<NumberedPage> next = Sinks.one();

        NumberedPage(int number, int pages, boolean namesEarly) {
            this.number = number;
            this.pages = pages;
            this.namesEarly = namesEarly;
        }

        @Override
        public Publisher<Integer> items() {
            return Flux.defer(() -> {
                begun.add(number);
                if (namesEarly) {
                    name();
                }
                return Flux.range((number - 1) * SIZE + 1, SIZE);
            });
        }

        private void name() {
            if (number == pages) {
                next.tryEmitEmpty();
            } else {
                next.tryEmitValue(new NumberedPage(number + 1, pages, namesEarly));
            }
        }

        Mono<NumberedPage> next() {
            return next.asMono();
        }

        @Override
        public long size() {
            return SIZE;
        }

        @Override
        public void delivered(long items) {
            assertThat(items).isEqualTo(SIZE);
            if (!namesEarly) {
                name();
            }
        }
    }

    private Flux<Integer> numbers(int pages, boolean namesEarly, int prefetch) {
        NumberedPage first = new NumberedPage(1, pages, namesEarly);
        return new PageFlux<>(Flux.just(first).expand(NumberedPage::next), prefetch);
    }

    @ParameterizedTest(name = "{0} items wanted begin {1} pages, or {2} with one ahead")
    @CsvSource({"0, 0, 0", "1, 1, 2", "9, 1, 2", "10, 1, 2", "11, 2, 3", "20, 2, 3", "21, 3, 4", "100, 10, 10"})
    void beginsAPageWhenMoreIsWantedThanThoseBeforeHold(int wanted, int pages, int pagesWithOneAhead) {
        assertThat(begunFor(wanted, numbers(10, true, 0))).hasSize(pages);
        assertThat(begunFor(wanted, numbers(10, false, 0))).hasSize(pages);
        assertThat(begunFor(wanted, numbers(10, true, 1))).hasSize(pagesWithOneAhead);
    }

    private List<Integer> begunFor(int wanted, Flux<Integer> numbers) {
        begun.clear();
        TestSubscriber<Integer> reader =
                TestSubscriber.builder().initialRequest(wanted).build();
        numbers.subscribe(reader);
        assertThat(reader.getReceivedOnNext()).hasSize(wanted);
        reader.cancel();
        return begun;
    }

    @Test
    void deliversAllPagesInOrder() {
        for (int prefetch : List.of(0, 1, 3, 100)) {
            for (boolean early : List.of(true, false)) {
                StepVerifier.create(numbers(7, early, prefetch).collectList())
                        .expectNext(IntStream.rangeClosed(1, 70).boxed().toList())
                        .verifyComplete();
            }
        }
    }

    @Test
    void beginsTheNextPageBeforeThisOneIsDeliveredWhenBothAreWanted() {
        AtomicInteger delivered = new AtomicInteger();
        AtomicInteger deliveredAtSecondPage = new AtomicInteger(-1);
        TestPublisher<Integer> first = TestPublisher.create();
        Flux<Integer> second = Flux.defer(() -> {
            deliveredAtSecondPage.set(delivered.get());
            return Flux.just(3);
        });

        StepVerifier.create(inOrder(first.flux(), second), 3)
                .then(() -> first.next(1))
                .expectNext(1)
                .then(() -> assertThat(deliveredAtSecondPage).hasValue(0))
                .then(() -> first.next(2).complete())
                .expectNext(2, 3)
                .verifyComplete();
    }

    /** Two pages, the first of two items, both named from the start. */
    private static Flux<Integer> inOrder(Flux<Integer> first, Flux<Integer> second) {
        return new PageFlux<>(Flux.just(page(first, 2), page(second, 1)), 0);
    }

    private static PageFlux.Source<Integer> page(Flux<Integer> items, long size) {
        return new PageFlux.Source<>() {
            @Override
            public Publisher<Integer> items() {
                return items;
            }

            @Override
            public long size() {
                return size;
            }

            @Override
            public void delivered(long items) {}
        };
    }

    @Test
    void holdsBackWhatAPageAheadHasUntilItsTurn() {
        TestPublisher<Integer> first = TestPublisher.create();
        TestPublisher<Integer> second = TestPublisher.create();

        StepVerifier.create(inOrder(first.flux(), second.flux()), 3)
                .then(() -> second.next(3))
                .then(() -> second.complete())
                .expectNoEvent(Duration.ofMillis(10))
                .then(() -> first.next(1, 2))
                .expectNext(1, 2)
                .then(first::complete)
                .expectNext(3)
                .verifyComplete();
    }

    @Test
    void asksAPageAheadForOneItemOnly() {
        TestPublisher<Integer> first = TestPublisher.create();
        TestPublisher<Integer> second = TestPublisher.create();
        AtomicLong asked = new AtomicLong();

        StepVerifier.create(inOrder(first.flux(), second.flux().doOnRequest(asked::addAndGet)), 100)
                .then(() -> assertThat(asked).hasValue(1))
                .then(() -> first.next(1, 2).complete())
                .expectNext(1, 2)
                .then(() -> second.next(3))
                .expectNext(3)
                .then(() -> assertThat(asked).hasValue(98))
                .thenCancel()
                .verify();
    }

    @Test
    void saysWhatWentWrongAheadOnlyAfterTheItemsBefore() {
        TestPublisher<Integer> first = TestPublisher.create();
        Flux<Integer> second = Flux.error(new IllegalStateException("page 2"));

        StepVerifier.create(inOrder(first.flux(), second))
                .then(() -> first.next(1, 2))
                .expectNext(1, 2)
                .then(first::complete)
                .verifyErrorMessage("page 2");
    }

    @Test
    void saysThatNoPageCouldBeNamedOnlyAfterTheItemsBefore() {
        TestPublisher<Integer> first = TestPublisher.create();
        Flux<PageFlux.Source<Integer>> pages =
                Flux.just(page(first.flux(), 2)).concatWith(Mono.error(new IllegalStateException("no page 2")));

        StepVerifier.create(new PageFlux<>(pages, 0))
                .then(() -> first.next(1))
                .expectNext(1)
                .then(() -> first.next(2).complete())
                .expectNext(2)
                .verifyErrorMessage("no page 2");
    }

    @Test
    void completesWithoutFurtherDemand() {
        StepVerifier.create(numbers(2, true, 0), 20).expectNextCount(20).verifyComplete();
        StepVerifier.create(numbers(2, false, 0), 20).expectNextCount(20).verifyComplete();
    }

    @Test
    void passesOverEmptyPages() {
        Flux<PageFlux.Source<Integer>> pages =
                Flux.just(page(Flux.empty(), 0), page(Flux.empty(), 0), page(Flux.just(1), 1), page(Flux.empty(), 0));

        for (int prefetch : List.of(0, 1, 2)) {
            StepVerifier.create(new PageFlux<>(pages, prefetch)).expectNext(1).verifyComplete();
        }
    }

    @Test
    void cancelsThePageInTurnThoseAheadAndTheNaming() {
        TestPublisher<Integer> first = TestPublisher.create();
        TestPublisher<Integer> second = TestPublisher.create();
        TestPublisher<PageFlux.Source<Integer>> pages = TestPublisher.create();
        List<Object> discarded = new ArrayList<>();

        StepVerifier.create(new PageFlux<>(pages.flux(), 0).doOnDiscard(Integer.class, discarded::add))
                .then(() -> pages.next(page(first.flux(), 2), page(second.flux(), 1)))
                .then(() -> second.next(3))
                .then(() -> first.next(1))
                .expectNext(1)
                .thenCancel()
                .verify();

        first.assertCancelled();
        second.assertCancelled();
        pages.assertCancelled();
        assertThat(discarded).containsExactly(3);
    }

    @Test
    void cancelsTheNamingWhenAPageFails() {
        TestPublisher<PageFlux.Source<Integer>> pages = TestPublisher.create();

        StepVerifier.create(new PageFlux<>(pages.flux(), 0))
                .then(() -> pages.next(page(Flux.error(new IllegalStateException("broken")), 1)))
                .verifyErrorMessage("broken");

        pages.assertCancelled();
    }

    @Test
    void readsManySynchronousPagesWithoutGrowingTheStack() {
        assertThat(numbers(100_000, true, 0).count().block()).isEqualTo(1_000_000);
        assertThat(numbers(100_000, false, 0).count().block()).isEqualTo(1_000_000);
    }

    @Test
    void keepsTheOrderWhenPagesComeOnOtherThreads() {
        for (int round = 0; round < 200; round++) {
            Flux<PageFlux.Source<Integer>> pages =
                    Flux.range(0, 20).map(n -> page(Flux.range(n * 5, 5).publishOn(Schedulers.parallel()), 5));
            Flux<Integer> items = new PageFlux<>(pages, round % 4);

            StepVerifier.create(items.limitRate(1 + round % 7).collectList())
                    .expectNext(IntStream.range(0, 100).boxed().toList())
                    .verifyComplete();
        }
    }
}
