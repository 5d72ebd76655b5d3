package dev.headrace.transfer;

import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * The right to keep a journal within this process; the lock on it keeps other processes out. The map of claims is
 * shared by the whole process and holds running uploads only.
 */
final class JournalClaim {

    private static final ConcurrentMap<Path, JournalClaim> CLAIMS = new ConcurrentHashMap<>();

    private final Path journal;
    private final Sinks.Empty<Void> released = Sinks.empty();
    private volatile boolean leaving;

    private JournalClaim(Path journal) {
        this.journal = journal;
    }

    /** Either a claim of ours, or the one that is in the way. */
    record Attempt(Optional<JournalClaim> claim, Optional<JournalClaim> owner) {}

    static Attempt take(Path journal) {
        JournalClaim claim = new JournalClaim(journal);
        JournalClaim owner = CLAIMS.putIfAbsent(journal, claim);
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
        CLAIMS.remove(journal, this);
        released.tryEmitEmpty();
    }
}
