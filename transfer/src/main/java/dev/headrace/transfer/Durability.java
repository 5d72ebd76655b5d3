package dev.headrace.transfer;

/** What the progress of a download survives. The finished file is forced to the device in any case, before it gets its name. */
public enum Durability {
    /** The death of the process at any moment, {@code kill -9} included: the system keeps what was written. The default; costs next to nothing. */
    PROCESS,
    /**
     * A power cut as well: bytes, then journal, are forced to the device every 64 MiB or 5 seconds. Where the line is
     * faster than the device forces, it slows the download down.
     */
    POWER_LOSS
}
