package dev.tidewheel.history.served;

import dev.tidewheel.feature.view.FeatureValues;
import java.util.Objects;

/** Equality without tolerance: the same status and the same bits, or both null. */
public final class SameBits {
    private SameBits() {}

    public static boolean at(FeatureValues left, FeatureValues right, int slot) {
        if (left.statuses()[slot] != right.statuses()[slot]
                || left.row().isNull(slot) != right.row().isNull(slot)) {
            return false;
        }
        return left.row().isNull(slot)
                || left.row().getLong(slot) == right.row().getLong(slot)
                        && Objects.equals(
                                left.row().getString(slot), right.row().getString(slot));
    }
}
