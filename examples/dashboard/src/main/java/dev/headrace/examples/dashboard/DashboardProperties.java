package dev.headrace.examples.dashboard;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What the dashboard shows.
 *
 * @param feed where the events come from
 * @param files what may be downloaded
 * @param directory where downloads go; {@code application.yaml} has the default, since {@code @DefaultValue} knows no placeholders
 * @param waiting how many events wait for a browser that is slow, before the oldest are dropped
 * @param shown how many characters of an event's data are shown
 * @param kept how many events a browser that comes gets at once
 */
@ConfigurationProperties("dashboard")
record DashboardProperties(
        URI feed,
        @DefaultValue List<URI> files,
        Path directory,
        @DefaultValue("100") int waiting,
        @DefaultValue("300") int shown,
        @DefaultValue("20") int kept) {}
