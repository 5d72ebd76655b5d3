package dev.headrace.server;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a server has done since its start. Requests that have ended are in one of {@code answered}, {@code refused}, {@code failed} and
 * {@code cancelled}; a snapshot that is taken while others come and go may be off by those.
 *
 * @param requests requests whose head has arrived, or could not be read
 * @param inFlight requests that are being served, until the system has taken all of their answers for the callers
 * @param answered with what was asked for, to the last byte, streams to their end included
 * @param refused by the server itself: a missing key, an unknown path, a malformed or too large body, too many at once
 * @param failed answered with a failure of the capability, or of the stream
 * @param cancelled whose callers have gone, or were cut off, before all of the answer had left
 * @param openConnections connections of callers, idle ones included
 * @param openStreams readings that are being written
 * @param messagesSent records, checkpoints, notices and errors of streams that the system has taken for the callers
 */
public record ServerStats(
        long requests,
        int inFlight,
        long answered,
        long refused,
        long failed,
        long cancelled,
        int openConnections,
        int openStreams,
        long messagesSent) {

    /**
     * The same as JSON, with names in the way of the envelope: {@code in_flight}, {@code open_connections}.
     *
     * @return a new object
     */
    public JsonNode json() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("requests", requests);
        json.put("in_flight", inFlight);
        json.put("answered", answered);
        json.put("refused", refused);
        json.put("failed", failed);
        json.put("cancelled", cancelled);
        json.put("open_connections", openConnections);
        json.put("open_streams", openStreams);
        json.put("messages_sent", messagesSent);
        return json;
    }
}
