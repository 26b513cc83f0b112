package dev.tidewheel.store;

import dev.tidewheel.feature.view.Version;
import org.jspecify.annotations.Nullable;

/**
 * What the store holds for one key, or is to hold.
 *
 * @param version accepted if it is at least the stored one
 * @param flush which flush wrote it
 * @param base bytes of {@code KeyState.encodeBase()}; when writing, null leaves the stored base as it is
 * @param head bytes of {@code KeyState.encodeHead()}
 */
@SuppressWarnings("ArrayRecordComponent") // Flat on purpose: the bytes go to the wire as they are.
public record StoredState(Version version, FlushId flush, byte @Nullable [] base, byte[] head) {}
