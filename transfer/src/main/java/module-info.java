/** Byte streams and downloads that survive a broken line and a killed process. */
module dev.headrace.transfer {
    requires transitive dev.headrace.core;
    requires io.netty.common;
    requires jdk.management;
    requires org.slf4j;
    requires static transitive org.jspecify;

    exports dev.headrace.transfer;
}
