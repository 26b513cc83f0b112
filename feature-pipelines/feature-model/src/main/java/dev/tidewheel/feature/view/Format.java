package dev.tidewheel.feature.view;

import dev.tidewheel.feature.bytes.ByteReader;
import dev.tidewheel.feature.bytes.ByteWriter;

/** How both halves of a key's state begin: a format byte, and a fingerprint of the plan that wrote them. */
final class Format {
    static final int VERSION = 1;

    /** How many bytes it takes. */
    static final int BYTES = 5;

    private Format() {}

    static void write(ByteWriter out, ViewPlan plan) {
        out.writeByte(VERSION);
        out.writeFixedInt(plan.fingerprint());
    }

    static void check(ByteReader in, ViewPlan plan, String what) {
        int version = in.readByte();
        if (version != VERSION) {
            throw new IllegalArgumentException("the " + what + " has format " + version + ", this program reads "
                    + VERSION + ": upgrade it, or rebuild the view under a new lineage");
        }
        int written = in.readFixedInt();
        if (written != plan.fingerprint()) {
            throw new IllegalArgumentException(String.format(
                    "the %s was written by another definition of view %s (fingerprint %08x, not %08x): read it with that"
                            + " one, or under its own lineage",
                    what, plan.spec().name(), written, plan.fingerprint()));
        }
    }
}
