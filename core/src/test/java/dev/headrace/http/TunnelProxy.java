package dev.headrace.http;

import java.io.Closeable;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** A proxy for tests that tunnels by CONNECT or SOCKS 5, on threads of its own, and remembers what it was asked for. */
final class TunnelProxy implements AutoCloseable {

    private final ServerSocket listener;
    private final @Nullable String credentials;
    private final String refusal;
    private final List<String> targets = new CopyOnWriteArrayList<>();
    private final List<String> heads = new CopyOnWriteArrayList<>();
    private final Set<Closeable> open = ConcurrentHashMap.newKeySet();

    private TunnelProxy(@Nullable String credentials, String refusal) {
        this.credentials = credentials;
        this.refusal = refusal;
        try {
            this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        start("accept", this::accept);
    }

    static TunnelProxy open() {
        return new TunnelProxy(null, "");
    }

    /** Lets only these through, as user:password. */
    static TunnelProxy asking(String credentials) {
        return new TunnelProxy(credentials, "");
    }

    /** Answers every CONNECT with this status line's end. */
    static TunnelProxy refusing(String status) {
        return new TunnelProxy(null, status);
    }

    int port() {
        return listener.getLocalPort();
    }

    /** Host and port of each tunnel asked for. */
    List<String> targets() {
        return targets;
    }

    /** The head of each CONNECT. */
    List<String> heads() {
        return heads;
    }

    @Override
    public void close() {
        close(listener);
        open.forEach(TunnelProxy::close);
    }

    private void accept() throws IOException {
        while (true) {
            Socket client = listener.accept();
            open.add(client);
            start("tunnel", () -> serve(client));
        }
    }

    private void serve(Socket client) throws IOException {
        DataInputStream in = new DataInputStream(client.getInputStream());
        int first = in.read();
        Socket origin = first == 5 ? socks(in, client.getOutputStream()) : connect(first, in, client.getOutputStream());
        if (origin == null) {
            close(client);
            return;
        }
        open.add(origin);
        start("back", () -> copy(origin, client));
        copy(client, origin);
    }

    private @Nullable Socket connect(int first, InputStream in, OutputStream out) throws IOException {
        StringBuilder head = new StringBuilder().append((char) first);
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            if (next < 0) {
                return null;
            }
            head.append((char) next);
        }
        heads.add(head.toString());
        String target = head.substring("CONNECT ".length(), head.indexOf(" HTTP/1.1"));
        targets.add(target);
        String expected = credentials == null
                ? ""
                : "Basic " + Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8));
        if (!refusal.isEmpty()
                || head.toString()
                                .toLowerCase(java.util.Locale.ROOT)
                                .indexOf(expected.toLowerCase(java.util.Locale.ROOT))
                        < 0) {
            String status = refusal.isEmpty() ? "407 Proxy Authentication Required" : refusal;
            out.write(("HTTP/1.1 " + status + "\r\nContent-Length: 0\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
            return null;
        }
        int colon = target.lastIndexOf(':');
        Socket origin = new Socket(target.substring(0, colon), Integer.parseInt(target.substring(colon + 1)));
        out.write("HTTP/1.1 200 Connected\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        return origin;
    }

    private @Nullable Socket socks(DataInputStream in, OutputStream out) throws IOException {
        in.readNBytes(in.readUnsignedByte());
        out.write(new byte[] {5, (byte) (credentials == null ? 0 : 2)});
        if (credentials != null) {
            in.readUnsignedByte();
            String user = new String(in.readNBytes(in.readUnsignedByte()), StandardCharsets.UTF_8);
            String password = new String(in.readNBytes(in.readUnsignedByte()), StandardCharsets.UTF_8);
            boolean right = credentials.equals(user + ":" + password);
            out.write(new byte[] {1, (byte) (right ? 0 : 1)});
            if (!right) {
                return null;
            }
        }
        in.readNBytes(3);
        String host = in.readUnsignedByte() == 1
                ? InetAddress.getByAddress(in.readNBytes(4)).getHostAddress()
                : new String(in.readNBytes(in.readUnsignedByte()), StandardCharsets.US_ASCII);
        int port = in.readUnsignedShort();
        targets.add(host + ":" + port);
        Socket origin = new Socket(host, port);
        out.write(new byte[] {5, 0, 0, 1, 0, 0, 0, 0, 0, 0});
        return origin;
    }

    private static void copy(Socket from, Socket to) throws IOException {
        try (from;
                to) {
            from.getInputStream().transferTo(to.getOutputStream());
        }
    }

    private static void close(Closeable each) {
        try {
            each.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void start(String name, Talk talk) {
        Thread thread = new Thread(
                () -> {
                    try {
                        talk.run();
                    } catch (IOException e) {
                        // The test closed the sockets, or one side left: that ends the conversation.
                    }
                },
                "tunnel-proxy-" + name);
        thread.setDaemon(true);
        thread.start();
    }

    @FunctionalInterface
    private interface Talk {
        void run() throws IOException;
    }
}
