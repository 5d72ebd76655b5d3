package dev.headrace.test;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Finds HTTP/1.1 requests in the bytes of one connection, however they are cut. */
final class RequestReader {

    private static final int END_OF_HEAD = 0x0D0A0D0A;

    private final Traffic traffic;
    private final int connection;
    private final ByteArrayOutputStream head = new ByteArrayOutputStream();
    private int lastFour;

    /** The request whose body is being read; null while reading a head. */
    private Traffic.@Nullable Arrival current;

    private long bodyLeft;

    RequestReader(Traffic traffic, int connection) {
        this.traffic = traffic;
        this.connection = connection;
    }

    /** Takes the next bytes and gives the requests they complete. */
    List<RecordedRequest> read(byte[] bytes) {
        List<RecordedRequest> complete = new ArrayList<>();
        int at = 0;
        while (at < bytes.length) {
            if (current == null) {
                head.write(bytes[at]);
                lastFour = (lastFour << 8) | (bytes[at] & 0xFF);
                at++;
                if (lastFour == END_OF_HEAD) {
                    current = begin(head.toString(StandardCharsets.ISO_8859_1));
                    head.reset();
                    lastFour = 0;
                }
            } else {
                int part = (int) Math.min(bodyLeft, bytes.length - at);
                current.append(Arrays.copyOfRange(bytes, at, at + part), part);
                bodyLeft -= part;
                at += part;
            }
            if (current != null && bodyLeft == 0) {
                complete.add(current.snapshot());
                current = null;
            }
        }
        return complete;
    }

    private Traffic.Arrival begin(String text) {
        List<String> lines = text.strip().lines().toList();
        List<String> start = List.of(lines.get(0).split(" ", -1));
        Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        for (String line : lines.subList(1, lines.size())) {
            int colon = line.indexOf(':');
            if (colon > 0) {
                headers.computeIfAbsent(line.substring(0, colon), name -> new ArrayList<>())
                        .add(line.substring(colon + 1).strip());
            }
        }
        bodyLeft = Long.parseLong(
                headers.getOrDefault("Content-Length", List.of("0")).get(0));
        return traffic.arrived(start.get(0), start.size() > 1 ? start.get(1) : "", headers, connection);
    }
}
