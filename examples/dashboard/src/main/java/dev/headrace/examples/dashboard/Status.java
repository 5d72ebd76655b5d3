package dev.headrace.examples.dashboard;

import java.util.List;

/**
 * How everything is at one moment.
 *
 * @param time in milliseconds since 1970
 * @param state of the connection to the feed
 * @param demo whether the feed is the demo's own, whose line can be cut
 * @param rate events a second, of late
 * @param events so far
 * @param reconnects so far
 * @param dropped for all browsers together, so far
 * @param browsers that look
 * @param downloads each
 */
record Status(
        long time,
        String state,
        boolean demo,
        double rate,
        long events,
        long reconnects,
        long dropped,
        int browsers,
        List<DownloadTask.View> downloads) {}
