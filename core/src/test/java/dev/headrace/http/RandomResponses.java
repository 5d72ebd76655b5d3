package dev.headrace.http;

import io.netty.handler.codec.http.HttpMethod;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/**
 * Responses of every framing one after the other on a connection.
 *
 * @param wire as they come from the server
 * @param methods of the requests
 */
record RandomResponses(String wire, List<HttpMethod> methods) {

    static RandomResponses of(Random random) {
        StringBuilder wire = new StringBuilder();
        List<HttpMethod> methods = new ArrayList<>();
        int responses = 1 + random.nextInt(4);
        for (int i = 0; i < responses; i++) {
            while (random.nextInt(4) == 0) {
                wire.append("HTTP/1.1 ")
                        .append(100 + random.nextInt(3) * 2)
                        .append(" Interim\r\nLink: </")
                        .append(i)
                        .append(">\r\n\r\n");
            }
            boolean head = random.nextInt(10) == 0;
            methods.add(head ? HttpMethod.HEAD : HttpMethod.GET);
            int kind = random.nextInt(12);
            if (kind == 0) {
                wire.append("HTTP/1.1 204 No Content\r\n\r\n");
            } else if (kind == 1) {
                wire.append("HTTP/1.1 304 Not Modified\r\nTransfer-Encoding: chunked\r\nETag: \"a\"\r\n\r\n");
            } else if (kind == 2) {
                String body = text(random, random.nextInt(500));
                wire.append("HTTP/1.1 404 Not Found\r\nContent-Length: ")
                        .append(body.length())
                        .append("\r\n\r\n")
                        .append(head ? "" : body);
            } else if (kind == 3) {
                String body = text(random, random.nextInt(500));
                wire.append("HTTP/1.1 200 OK\r\n\r\n").append(head ? "" : body);
            } else {
                wire.append("HTTP/1.1 200 OK\r\nX-Some: ")
                        .append(text(random, 40).replaceAll("[^a-z]", ""))
                        .append("\r\ntransfer-encoding: Chunked\r\n\r\n");
                if (!head) {
                    chunks(wire, random);
                }
            }
        }
        return new RandomResponses(wire.toString(), methods);
    }

    private static void chunks(StringBuilder wire, Random random) {
        int count = random.nextInt(80);
        int longest = random.nextInt(5) == 0 ? 3000 : 1 + random.nextInt(200);
        int plain = random.nextInt(3);
        for (int i = 0; i < count; i++) {
            int size = 1 + random.nextInt(longest);
            wire.append(size(random, size, plain))
                    .append("\r\n")
                    .append(text(random, size))
                    .append("\r\n");
        }
        wire.append(random.nextInt(4) == 0 ? "000" : "0").append("\r\n");
        for (int i = random.nextInt(6); i > 3; i--) {
            wire.append("X-Trailer: ").append(i).append("\r\n");
        }
        wire.append("\r\n");
    }

    private static String size(Random random, int size, int plain) {
        String hex = Integer.toHexString(size);
        if (plain > 0) {
            return hex;
        }
        return switch (random.nextInt(60)) {
            case 0 -> hex + ";name=value";
            case 1 -> hex + ";name=\"quoted; value\"";
            case 2 -> "000000000" + hex;
            case 3 -> hex + " ";
            case 4, 5, 6, 7 -> "00" + hex;
            case 8, 9, 10, 11 -> hex.toUpperCase(Locale.ROOT);
            default -> hex;
        };
    }

    /** Bytes that look like framing are frequent. */
    private static String text(Random random, int length) {
        StringBuilder text = new StringBuilder(length);
        for (int i = 0; i < length; i++) {
            text.append(
                    random.nextInt(5) == 0
                            ? "\r\n\n05a;".charAt(random.nextInt(7))
                            : (char) ('a' + random.nextInt(26)));
        }
        return text.toString();
    }

    /** With one byte changed, lost or put in. */
    RandomResponses damaged(Random random) {
        if (wire.isEmpty()) {
            return this;
        }
        int at = random.nextInt(wire.length());
        // Framing is little of the whole, and where it matters.
        for (int i = 0; i < 10 && wire.charAt(at) >= 'g'; i++) {
            at = random.nextInt(wire.length());
        }
        String put = random.nextInt(4) == 0 ? "" : "" + "\r\n05ag; \0\u00ff".charAt(random.nextInt(10));
        int until = random.nextInt(4) == 0 ? at : at + 1;
        return new RandomResponses(wire.substring(0, at) + put + wire.substring(until), methods);
    }

    /** As the reads of a socket, by a size that is chosen once: some connections are slow. */
    List<String> cut(Random random) {
        int longest = List.of(1, 7, 60, 400, 3000, 70_000).get(random.nextInt(6));
        List<String> reads = new ArrayList<>();
        for (int from = 0; from < wire.length(); ) {
            int to = Math.min(wire.length(), from + 1 + random.nextInt(longest));
            reads.add(wire.substring(from, to));
            from = to;
        }
        return reads;
    }
}
