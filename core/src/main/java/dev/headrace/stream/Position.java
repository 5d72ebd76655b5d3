package dev.headrace.stream;

import java.math.BigDecimal;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** How far a cursor has come: a time, a number, or a token of the remote. Only those of one kind have an order. */
sealed interface Position {

    /** As it stands in a state. */
    JsonNode json();

    /** Whether this one lies behind another. */
    boolean isAfter(Position other);

    /** The later of two, or the other where there is no one; of a token and another the first, for they have no order. */
    static Position later(@Nullable Position one, Position other) {
        return one == null || other.isAfter(one) ? other : one;
    }

    /** A moment. */
    record Time(Instant instant) implements Position {

        @Override
        public JsonNode json() {
            return JsonNodeFactory.instance.stringNode(instant.toString());
        }

        @Override
        public boolean isAfter(Position other) {
            return other instanceof Time time && instant.isAfter(time.instant);
        }
    }

    /** A number that grows; equal by its value, whatever its scale. */
    record Count(BigDecimal number) implements Position {

        public Count {
            number = number.signum() == 0 ? BigDecimal.ZERO : number.stripTrailingZeros();
        }

        @Override
        public JsonNode json() {
            return number.scale() <= 0
                    ? Exact.whole(number.toBigInteger())
                    : JsonNodeFactory.instance.numberNode(number);
        }

        @Override
        public boolean isAfter(Position other) {
            return other instanceof Count count && number.compareTo(count.number) > 0;
        }
    }

    /** What a remote gave to ask for changes with. */
    record Token(JsonNode json) implements Position {

        @Override
        public boolean isAfter(Position other) {
            return false;
        }
    }
}
