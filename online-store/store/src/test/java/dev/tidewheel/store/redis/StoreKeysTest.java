package dev.tidewheel.store.redis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.tidewheel.store.ViewKey;
import org.junit.jupiter.api.Test;

final class StoreKeysTest {
    private static final int ORD_LAX = 409;

    private final StoreKeys keys = new StoreKeys("flights");

    /** As Python's {@code zlib.crc32(b'...') % 1024}. */
    @Test
    void bucketsArePinned() {
        assertThat(StoreKeys.bucket("123456789")).isEqualTo((int) (0xCBF43926L % 1024));
        assertThat(StoreKeys.bucket("")).isZero();
        assertThat(StoreKeys.bucket("ORD|LAX")).isEqualTo(ORD_LAX);
    }

    @Test
    void namesArePinned() {
        ViewKey key = new ViewKey("route_delays", 3, "ORD|LAX");
        assertThat(new String(keys.head(key), UTF_8))
                .isEqualTo("tw:{" + ORD_LAX + "}:flights:route_delays:3:ORD|LAX:h");
        assertThat(new String(keys.base(key), UTF_8))
                .isEqualTo("tw:{" + ORD_LAX + "}:flights:route_delays:3:ORD|LAX:b");
    }

    @Test
    void namesThatWouldMixUpKeysAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new StoreKeys("a:b"))
                .withMessageContaining("'a:b'");
        assertThatIllegalArgumentException().isThrownBy(() -> new StoreKeys(""));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> keys.head(new ViewKey("v{1}", 1, "e")))
                .withMessageContaining("view 'v{1}'");
    }
}
