package dev.headrace.stream;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.NumericNode;

/** Numbers that keep every digit, from text and trees and back. */
final class Exact {

    static final int LONGEST_TEXT = 1000;
    // 1e999999999 is eleven bytes, and as a whole number 400 megabytes.
    private static final int MOST_DIGITS = 1000;

    private Exact() {}

    static BigDecimal number(JsonNode value) {
        if (value.isBoolean()) {
            return value.booleanValue() ? BigDecimal.ONE : BigDecimal.ZERO;
        }
        if (value.isNumber()) {
            return decimal(value);
        }
        if (!value.isString()) {
            throw MappingException.unexpected("a number", value);
        }
        String text = value.stringValue().strip();
        if (text.length() > LONGEST_TEXT) {
            throw new MappingException("expected a number but found text of over " + LONGEST_TEXT + " characters");
        }
        try {
            return new BigDecimal(text);
        } catch (NumberFormatException e) {
            throw new MappingException("expected a number but found text that is none");
        }
    }

    private static BigDecimal decimal(JsonNode value) {
        if (value.isDouble() && !Double.isFinite(value.doubleValue())
                || value.isFloat() && !Float.isFinite(value.floatValue())) {
            throw new MappingException("expected a number but found one that is not finite");
        }
        return value.decimalValue();
    }

    /** Cuts a number towards zero. Neither expands what has too many digits in front, nor what has zeros behind the point only. */
    static BigDecimal cut(BigDecimal number, int decimals) {
        long digitsInFront = number.precision() - (long) number.scale();
        if (number.signum() == 0 || digitsInFront < -decimals) {
            return BigDecimal.ZERO;
        }
        if (digitsInFront > MOST_DIGITS) {
            throw new MappingException(
                    "expected a number of at most " + MOST_DIGITS + " digits but found a longer one");
        }
        return number.setScale(decimals, RoundingMode.DOWN);
    }

    static NumericNode whole(BigInteger number) {
        JsonNodeFactory nodes = JsonNodeFactory.instance;
        // The smallest node that holds it, as a parser makes them, so that equal numbers are equal trees.
        if (number.bitLength() < Integer.SIZE) {
            return nodes.numberNode(number.intValue());
        }
        return number.bitLength() < Long.SIZE
                ? nodes.numberNode(number.longValue())
                : (NumericNode) nodes.numberNode(number);
    }
}
