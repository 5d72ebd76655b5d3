package dev.headrace.resilience;

import dev.headrace.http.HttpException;
import dev.headrace.http.Request;
import dev.headrace.http.Verdict;

/** A failure of which an {@link ErrorRule} says what it means: its kind and message are the rule's, its cause is the failure itself. */
public final class ErrorRuleException extends HttpException {

    private static final long serialVersionUID = 1L;

    ErrorRuleException(Request request, Verdict.Fail rule, Throwable cause) {
        super(rule.kind(), request, rule.reason(), cause);
    }
}
