package dev.headrace.test;

import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import reactor.blockhound.BlockHound;

/**
 * Has BlockHound fail whatever blocks a thread that must not be blocked, in every test of the process.
 *
 * <p>A JUnit extension. With {@code junit.jupiter.extensions.autodetection.enabled=true} it is there without being asked; otherwise
 * {@code @ExtendWith(BlockingCheck.class)}. The process needs {@code -XX:+AllowRedefinitionToAddDeleteMethods}. BlockHound's own listener
 * of the JUnit platform would do as well, but it starts wherever tests are looked for, which is in Maven's process when there are several
 * to run them.
 */
public final class BlockingCheck implements BeforeAllCallback {

    static {
        BlockHound.install();
    }

    /** For JUnit. */
    public BlockingCheck() {}

    /** Nothing: it is installed with the class. */
    @Override
    public void beforeAll(ExtensionContext context) {}
}
