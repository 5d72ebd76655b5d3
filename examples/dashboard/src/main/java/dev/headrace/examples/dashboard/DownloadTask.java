package dev.headrace.examples.dashboard;

import dev.headrace.connector.Connector;
import dev.headrace.http.Redactor;
import dev.headrace.http.Request;
import dev.headrace.transfer.Download;
import dev.headrace.transfer.ExistingFile;
import dev.headrace.transfer.TransferProgress;
import java.net.URI;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;

/** One file: started, paused and resumed by hand. Pausing leaves what came on the disk, and resuming goes on behind it. */
final class DownloadTask {

    private final String name;
    private final Download download;
    private State state = State.WAITING;
    private @Nullable TransferProgress progress;
    private String trouble = "";
    private @Nullable Disposable running;

    enum State {
        WAITING,
        RUNNING,
        PAUSED,
        DONE,
        FAILED
    }

    /**
     * What a browser gets of it.
     *
     * @param name the file's name
     * @param state in lower case
     * @param done bytes that are there
     * @param total bytes of the file; -1 while nobody knows
     * @param rate bytes a second
     * @param resumedFrom where the last request went on
     * @param trouble what is wrong, or was
     */
    record View(String name, String state, long done, long total, long rate, long resumedFrom, String trouble) {}

    DownloadTask(Connector connector, URI file, Path directory) {
        name = nameOf(file);
        download = Download.from(connector, Request.of("GET", file))
                .to(directory.resolve(name))
                .onExisting(ExistingFile.REPLACE);
    }

    private static String nameOf(URI file) {
        String path = file.getPath();
        String name = path == null ? "" : path.substring(path.lastIndexOf('/') + 1);
        if (name.isEmpty()) {
            throw new IllegalArgumentException(
                    "dashboard.files must name files, but " + Redactor.uri(file) + " names none");
        }
        return name;
    }

    String name() {
        return name;
    }

    /** Begins, or goes on behind what is there. */
    synchronized void resume() {
        if (state == State.RUNNING) {
            return;
        }
        state = State.RUNNING;
        trouble = "";
        running = download.progress().subscribe(this::note, this::failed, this::done);
    }

    synchronized void pause() {
        if (state == State.RUNNING && running != null) {
            state = State.PAUSED;
            running.dispose();
        }
    }

    synchronized View view() {
        TransferProgress now = progress;
        return now == null
                ? new View(name, state.name().toLowerCase(Locale.ROOT), 0, -1, 0, 0, trouble)
                : new View(
                        name,
                        state.name().toLowerCase(Locale.ROOT),
                        now.bytesDone(),
                        now.totalBytes(),
                        state == State.RUNNING ? now.bytesPerSecond() : 0,
                        now.resumedFrom(),
                        trouble);
    }

    private synchronized void note(TransferProgress now) {
        progress = now;
        String said = now.trouble();
        trouble = said == null ? "" : said;
    }

    private synchronized void failed(Throwable failure) {
        state = State.FAILED;
        trouble = String.valueOf(failure.getMessage());
    }

    private synchronized void done() {
        state = State.DONE;
    }
}
