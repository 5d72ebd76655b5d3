package dev.headrace.test;

import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import reactor.blockhound.BlockHound;

/**
 * Has BlockHound fail whatever blocks a thread that must not be blocked, in every test of the process.
 *
 * <p>A JUnit extension. With {@code junit.jupiter.extensions.autodetection.enabled=true} it is there without being asked; otherwise
 * {@code @ExtendWith(BlockingCheck.class)}. The process needs {@code -XX:+AllowRedefinitionToAddDeleteMethods}; without it every class of
 * tests fails and says so. BlockHound's own listener of the JUnit platform would do as well, but it starts wherever tests are looked for,
 * which is in Maven's process when there are several to run them.
 */
public final class BlockingCheck implements BeforeAllCallback {

    private static final String FLAG = "-XX:+AllowRedefinitionToAddDeleteMethods";

    /** For JUnit. */
    public BlockingCheck() {}

    /**
     * Installs BlockHound, once in a process.
     *
     * @throws IllegalStateException if this process does not allow it
     */
    @Override
    public void beforeAll(ExtensionContext context) {
        try {
            Installation.check();
        } catch (LinkageError | RuntimeException e) {
            throw new IllegalStateException(
                    "BlockHound cannot watch this process. Start the tests with " + FLAG
                            + ", with Maven in the argLine of maven-surefire-plugin; or switch off the detection of extensions",
                    e);
        }
    }

    private static final class Installation {

        static {
            BlockHound.install();
        }

        /** The class is initialised, or says why not. */
        static void check() {}
    }
}
