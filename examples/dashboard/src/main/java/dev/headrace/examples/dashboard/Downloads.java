package dev.headrace.examples.dashboard;

import dev.headrace.connector.Connector;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/** The files that may be loaded. */
@Component
class Downloads {

    private final Map<String, DownloadTask> tasks = new LinkedHashMap<>();

    Downloads(@Qualifier("files") Connector connector, DashboardProperties properties) {
        for (URI file : properties.files()) {
            DownloadTask task = new DownloadTask(connector, file, properties.directory());
            if (tasks.put(task.name(), task) != null) {
                throw new IllegalArgumentException(
                        "dashboard.files must have names of their own, but two are " + task.name());
            }
        }
    }

    Optional<DownloadTask> find(String name) {
        return Optional.ofNullable(tasks.get(name));
    }

    List<DownloadTask.View> views() {
        return tasks.values().stream().map(DownloadTask::view).toList();
    }

    /** What came stays on the disk, and the next start goes on behind it. */
    @EventListener(ContextClosedEvent.class)
    void pauseAll() {
        tasks.values().forEach(DownloadTask::pause);
    }
}
