package dev.headrace.resilience;

/** Marks failures with which a limit or a breaker of our own refuses an attempt: sending again at once would only ask it again. */
interface Refusal {}
