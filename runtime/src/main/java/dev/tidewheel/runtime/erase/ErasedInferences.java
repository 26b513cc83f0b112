package dev.tidewheel.runtime.erase;

import dev.tidewheel.feature.view.Status;
import dev.tidewheel.records.Inference;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * What is logged of a request about an erased entity: that it was asked, when, of whom and how it went. Keys, columns, cuts,
 * answer and error are not said, so a reader finds as many values as the service has columns, and none of them known.
 */
public final class ErasedInferences {
    private static final byte ALL_BITS = -1;

    private ErasedInferences() {}

    /** Whether a row was logged like that. Pure. */
    public static boolean isOne(Inference row) {
        return row.getEntityKeyDigest() != null && row.getEntityKeys().stream().allMatch(String::isEmpty);
    }

    /**
     * Takes out of a record what it says of its entities, before it is written.
     *
     * @param keyId of the list's key, see {@link dev.tidewheel.runtime.config.ErasureKey#id}
     */
    public static void empty(Inference row, String keyId) {
        row.setEntityKeys(Collections.nCopies(row.getEntityKeys().size(), ""));
        row.setEntityKeyDigest(keyId);
        row.setTraceId(null);
        row.setNumbers(Collections.nCopies(row.getNumbers().size(), 0.0));
        row.setIntegers(Collections.nCopies(row.getIntegers().size(), 0L));
        row.setStrings(Collections.nCopies(row.getStrings().size(), ""));
        row.setNulls(filled(row.getNulls(), ALL_BITS));
        row.setStatuses(filled(row.getStatuses(), Status.UNAVAILABLE.code()));
        row.setCuts(List.of());
        row.setPrediction(List.of());
        row.setPredictionNames(List.of());
        row.setError(null);
    }

    private static ByteBuffer filled(ByteBuffer like, byte value) {
        byte[] bytes = new byte[like.remaining()];
        Arrays.fill(bytes, value);
        return ByteBuffer.wrap(bytes);
    }
}
