package dev.headrace.server;

/**
 * Lines that are written at once.
 *
 * @param bytes all of them, one behind the other
 * @param lines how many
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record LineBatch(byte[] bytes, int lines) {}
