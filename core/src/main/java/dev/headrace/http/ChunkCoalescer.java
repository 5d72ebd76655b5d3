package dev.headrace.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;
import reactor.netty.NettyPipeline;

/**
 * Rewrites the many small chunks (RFC 9112 §7.1) of one socket read as one chunk, before the HTTP codec. A server of events sends a chunk
 * for each event; the codec, and everything behind it, then runs once for each read and not once for each event.
 *
 * <p><b>Why nobody can tell.</b> The codec gets the bytes of the wire but for two changes. They may be cut elsewhere, which no reader of a
 * stream can rely on. And chunks that are complete and spelled in the plainest way, {@code 1*8HEXDIG CRLF data CRLF}, are replaced by one
 * with the same data. Any other spelling, an extension included, ends the rewriting on this connection: those bytes and all that follow
 * pass unchanged, and the codec alone decides whether it accepts them. So nothing is accepted here that it would refuse, or refused that it
 * would accept. The last chunk and the trailers are never rewritten.
 *
 * <p><b>Where chunks begin</b> is not for this class to know: it depends on the request's method, the status, and headers that contradict
 * each other. It asks the codec. A head ends at an empty line, so the bytes of a head are cut behind each empty line, and {@link Decoded},
 * right behind the codec, hears at once whether the piece completed a head and what body follows. With a head that was completed anywhere
 * else, or a body without chunks, or another protocol, rewriting is over. Trailers end at an empty line too, and with them the response.
 *
 * <p><b>Nothing waits</b> for a later read; there is no buffer between reads, only the place in the framing. What is cut by the end of a
 * read is passed on as it is and completed as it is by the next read, with one exception: if a read is rewritten and ends within the data
 * of a chunk, that part joins the new chunk, and the rest of its length is <em>owed</em>: the codec has not been told yet. The next read
 * begins with that many bytes; they join a new chunk again or get a size line of their own. The end of a chunk whose data has been passed
 * on is left to the codec, so that a missing CRLF fails there.
 *
 * <p><b>A copy has to pay.</b> A read with one or two complete chunks goes on as it came, and so does one with chunks of more than 1 KiB
 * on average: to copy that much takes about as long as the codec and what is behind it need for a chunk.
 *
 * <p>Not shared. Lives on the event loop of its connection.
 */
final class ChunkCoalescer extends ChannelInboundHandlerAdapter {

    private static final String NAME = "headrace.coalescer";
    /** Bytes to copy that cost what a chunk less saves. */
    private static final long WORTH_COPYING = 1024;
    /** So many chunks less pay for the new buffer. */
    private static final int FOR_THE_BUFFER = 2;

    private static final int MAX_DIGITS = 8;
    private static final int SIZE_LINE = MAX_DIGITS + 2;
    private static final int CRLF = '\r' << 8 | '\n';

    private enum State {
        /** In or before a head, or in trailers. */
        LINES,
        /** A head was read whose body has no chunks, if it has one. */
        UNCHUNKED,
        SIZE,
        SIZE_LF,
        DATA,
        DATA_CR,
        DATA_LF,
        /** Everything passes from here on. */
        PASS
    }

    private State state = State.LINES;
    /** Bytes of the line so far; from 2 on the number does not matter. */
    private int lineLength;
    /** The piece under way to the codec ends with an empty line. */
    private boolean atEmptyLine;

    private int digits;
    /** What the size line says, then what is left of the data. */
    private long left;
    /** The codec does not know of what is left. */
    private boolean owed;

    private boolean reading;
    private @Nullable Queue<Object> waiting;

    private ChunkCoalescer() {}

    /** Puts one into the pipeline of a request that is about to be sent, unless it has one; does nothing where HTTP/1.1 is not spoken. */
    static void install(ChannelPipeline pipeline) {
        if (pipeline.get(NAME) == null && pipeline.get(NettyPipeline.HttpCodec) != null) {
            ChunkCoalescer coalescer = new ChunkCoalescer();
            pipeline.addBefore(NettyPipeline.HttpCodec, NAME, coalescer);
            pipeline.addAfter(NettyPipeline.HttpCodec, NAME + ".decoded", coalescer.new Decoded());
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (reading) {
            // Somebody behind has asked for more in the middle of a read, and somebody before had it at hand.
            if (waiting == null) {
                waiting = new ArrayDeque<>(2);
            }
            waiting.add(message);
            return;
        }
        reading = true;
        try {
            handle(context, message);
            while (waiting != null) {
                Object next = waiting.poll();
                if (next == null) {
                    waiting = null;
                } else {
                    handle(context, next);
                }
            }
        } finally {
            reading = false;
            if (waiting != null) {
                waiting.forEach(ReferenceCountUtil::release);
                waiting = null;
            }
        }
    }

    private void handle(ChannelHandlerContext context, Object message) {
        if (!(message instanceof ByteBuf read)) {
            context.fireChannelRead(message);
            return;
        }
        ByteBuf rest = read;
        try {
            do {
                rest = switch (state) {
                    case PASS, UNCHUNKED -> pass(context, rest, rest.readableBytes());
                    case LINES -> lines(context, rest);
                    default -> chunks(context, rest);
                };
            } while (rest != null);
        } finally {
            if (rest != null) {
                rest.release();
            }
        }
    }

    /** Passes on the next bytes of a read: the read itself if that is all of it, and then returns null. */
    private static @Nullable ByteBuf pass(ChannelHandlerContext context, ByteBuf read, int length) {
        if (length == read.readableBytes()) {
            context.fireChannelRead(read);
            return null;
        }
        if (length > 0) {
            context.fireChannelRead(read.readRetainedSlice(length));
        }
        return read;
    }

    /** Passes on all up to an empty line, or all if there is none. */
    private @Nullable ByteBuf lines(ChannelHandlerContext context, ByteBuf read) {
        int end = read.writerIndex();
        int line = read.readerIndex() - lineLength;
        int from = read.readerIndex();
        int lf;
        while ((lf = read.indexOf(from, end, (byte) '\n')) >= 0) {
            // Empty, or a CR: where the codec does not insist on it, a line ends without one.
            if (lf - line <= 1) {
                lineLength = 0;
                atEmptyLine = true;
                ByteBuf rest = pass(context, read, lf + 1 - read.readerIndex());
                atEmptyLine = false;
                if (state == State.UNCHUNKED) {
                    state = State.PASS;
                }
                return rest;
            }
            line = lf + 1;
            from = line;
        }
        lineLength = Math.min(2, end - line);
        return pass(context, read, read.readableBytes());
    }

    /** Passes on all up to the last chunk's size line, or all if there is none. */
    private @Nullable ByteBuf chunks(ChannelHandlerContext context, ByteBuf read) {
        ByteBuffer bytes = read.nioBuffer();
        int owing = owed ? (int) left : 0;
        owed = false;
        int boundary = betweenChunks() ? 0 : walk(bytes, 0);
        int first = boundary;
        int last = boundary;
        int complete = 0;
        if (betweenChunks()) {
            if (owing > 0) {
                first = 0;
                complete = 1;
            }
            for (int next = endOfChunk(bytes, last); next > 0; next = endOfChunk(bytes, last)) {
                last = next;
                complete++;
            }
        }
        int stop = betweenChunks() ? walk(bytes, last) : boundary;

        if (last - first > (complete - FOR_THE_BUFFER) * WORTH_COPYING) {
            if (owing > 0) {
                context.fireChannelRead(sizeLine(context.alloc().buffer(SIZE_LINE), owing));
            }
            return pass(context, read, stop);
        }
        int cut = state == State.DATA ? stop - (last + digits + 2) : 0;
        owed = cut > 0 && cut <= WORTH_COPYING;
        ByteBuf chunk = context.alloc().buffer(SIZE_LINE + stop - first + 2);
        int size = copy(bytes, first, owing, last, owed ? stop : last, chunk.nioBuffer(SIZE_LINE, stop - first));
        sizeLine(chunk, size).writerIndex(SIZE_LINE + size).writeShort(CRLF);

        int rest = stop - (owed ? stop : last);
        pass(context, read, first);
        read.skipBytes((owed ? stop : last) - first);
        context.fireChannelRead(chunk);
        if (!read.isReadable()) {
            read.release();
            return null;
        }
        return pass(context, read, rest);
    }

    private boolean betweenChunks() {
        return state == State.SIZE && digits == 0;
    }

    /** Goes on until it is between two chunks, or at the end of the bytes, or there are no more chunks. */
    private int walk(ByteBuffer bytes, int from) {
        int end = bytes.limit();
        int at = from;
        while (at < end) {
            if (state == State.DATA) {
                int part = (int) Math.min(left, end - at);
                at += part;
                left -= part;
                if (left == 0) {
                    state = State.DATA_CR;
                }
                continue;
            }
            byte b = bytes.get(at++);
            switch (state) {
                case SIZE -> {
                    int digit = hex(b);
                    if (digit >= 0 && digits < MAX_DIGITS) {
                        left = left << 4 | digit;
                        digits++;
                    } else {
                        state = b == '\r' && digits > 0 && left <= Integer.MAX_VALUE ? State.SIZE_LF : State.PASS;
                    }
                }
                case SIZE_LF -> state = b != '\n' ? State.PASS : left == 0 ? State.LINES : State.DATA;
                case DATA_CR -> state = b == '\r' ? State.DATA_LF : State.PASS;
                default -> {
                    state = b == '\n' ? State.SIZE : State.PASS;
                    digits = 0;
                }
            }
            if (state == State.LINES) {
                lineLength = 0;
                return at;
            }
            if (state == State.PASS) {
                return end;
            }
            if (betweenChunks()) {
                return at;
            }
        }
        return at;
    }

    /** Where a chunk ends; negative if it does not end within these bytes, is the last one or is not spelled in the plainest way. */
    private static int endOfChunk(ByteBuffer bytes, int from) {
        int end = bytes.limit();
        int at = from;
        long size = 0;
        int digit;
        while (at < end && (digit = hex(bytes.get(at))) >= 0 && at - from < MAX_DIGITS) {
            size = size << 4 | digit;
            at++;
        }
        long next = at + 2 + size + 2;
        return size > 0 && next <= end && isCrlf(bytes, at) && isCrlf(bytes, (int) next - 2) ? (int) next : -1;
    }

    private static boolean isCrlf(ByteBuffer bytes, int at) {
        return bytes.get(at) == '\r' && bytes.get(at + 1) == '\n';
    }

    /** Copies the data of what is owed, of complete chunks up to {@code last}, and of a chunk that is cut by {@code stop}. */
    private static int copy(ByteBuffer bytes, int first, int owing, int last, int stop, ByteBuffer target) {
        int length = owing;
        target.put(0, bytes, first, owing);
        int at = owing > 0 ? first + owing + 2 : first;
        while (at < stop) {
            int size = 0;
            int digit;
            while ((digit = hex(bytes.get(at++))) >= 0) {
                size = size << 4 | digit;
            }
            at++;
            if (at > last) {
                size = stop - at;
            }
            target.put(length, bytes, at, size);
            length += size;
            at += size + 2;
        }
        return length;
    }

    /** Of fixed length, so that it can be written when the size is known. */
    private static ByteBuf sizeLine(ByteBuf target, int size) {
        for (int shift = 28; shift >= 0; shift -= 4) {
            target.writeByte(Character.forDigit(size >>> shift & 15, 16));
        }
        return target.writeShort(CRLF);
    }

    private static int hex(byte b) {
        if (b >= '0' && b <= '9') {
            return b - '0';
        }
        int letter = b | 0x20;
        return letter >= 'a' && letter <= 'f' ? letter - 'a' + 10 : -1;
    }

    /** Hears what the codec made of the bytes it was given. */
    private final class Decoded extends ChannelInboundHandlerAdapter {

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            if (message instanceof HttpResponse response) {
                begins(response);
            }
            if (message instanceof LastHttpContent) {
                ends();
            }
            context.fireChannelRead(message);
        }

        private void begins(HttpResponse response) {
            if (state != State.LINES
                    || !atEmptyLine
                    || response.decoderResult().isFailure()
                    || response.status().code() == HttpResponseStatus.SWITCHING_PROTOCOLS.code()) {
                state = State.PASS;
            } else if (HttpUtil.isTransferEncodingChunked(response)) {
                state = State.SIZE;
                digits = 0;
                left = 0;
            } else {
                state = State.UNCHUNKED;
            }
        }

        private void ends() {
            boolean expected = atEmptyLine && (state == State.LINES || state == State.UNCHUNKED);
            state = expected ? State.LINES : State.PASS;
        }
    }
}
