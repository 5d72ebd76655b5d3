package dev.headrace.http;

/**
 * How busy the pooled connections to one origin are, at the moment of asking. Event streams have connections of their own, which are not
 * counted.
 *
 * @param origin host and port, such as {@code api.example.com:443}
 * @param active connections in use; one that speaks HTTP/2 counts while it is open
 * @param idle open connections that wait for a request
 * @param pending exchanges that wait for a connection or, over HTTP/2, a stream
 * @param streams exchanges under way over HTTP/2; 0 with HTTP/1.1
 */
public record PoolState(String origin, int active, int idle, int pending, int streams) {

    PoolState plus(PoolState other) {
        return new PoolState(
                origin, active + other.active, idle + other.idle, pending + other.pending, streams + other.streams);
    }
}
