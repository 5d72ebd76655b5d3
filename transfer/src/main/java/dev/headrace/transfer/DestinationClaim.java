package dev.headrace.transfer;

import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * The right to write to a destination within this process; the lock on the journal keeps other processes out. The map of claims is
 * shared by the whole process and holds running downloads only.
 */
final class DestinationClaim {

    private static final ConcurrentMap<Path, DestinationClaim> CLAIMS = new ConcurrentHashMap<>();

    private final Path destination;
    private final Sinks.Empty<Void> released = Sinks.empty();
    private volatile boolean leaving;

    private DestinationClaim(Path destination) {
        this.destination = destination;
    }

    /** Either a claim of ours, or the one that is in the way. */
    record Attempt(Optional<DestinationClaim> claim, Optional<DestinationClaim> owner) {}

    static Attempt take(Path destination) {
        DestinationClaim claim = new DestinationClaim(destination);
        DestinationClaim owner = CLAIMS.putIfAbsent(destination, claim);
        return new Attempt(owner == null ? Optional.of(claim) : Optional.empty(), Optional.ofNullable(owner));
    }

    /** Says that the owner was cancelled or has failed and only closes its files: it is worth waiting. */
    void leave() {
        leaving = true;
    }

    boolean isLeaving() {
        return leaving;
    }

    Mono<Void> released() {
        return released.asMono();
    }

    void release() {
        CLAIMS.remove(destination, this);
        released.tryEmitEmpty();
    }
}
