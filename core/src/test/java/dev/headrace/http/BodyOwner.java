package dev.headrace.http;

import io.netty.buffer.ByteBuf;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import reactor.core.publisher.Flux;

/** What a body is told to ask and tell, in one line. */
record BodyOwner(
        Supplier<? extends Throwable> whenSilent,
        Function<? super Throwable, ? extends Throwable> translation,
        Runnable whenGivenUp,
        Consumer<BodyEnd> whenEnded)
        implements ResponseBody.Owner {

    /** One that does nothing. */
    static BodyOwner none() {
        return telling(end -> {});
    }

    static BodyOwner telling(Consumer<BodyEnd> whenEnded) {
        return new BodyOwner(IllegalStateException::new, error -> error, () -> {}, whenEnded);
    }

    @Override
    public Throwable silence() {
        return whenSilent.get();
    }

    @Override
    public Throwable translate(Throwable error) {
        return translation.apply(error);
    }

    @Override
    public void giveUp(Flux<ByteBuf> source) {
        whenGivenUp.run();
    }

    @Override
    public void ended(BodyEnd end) {
        whenEnded.accept(end);
    }
}
