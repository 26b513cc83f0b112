package dev.tidewheel.store.redis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidewheel.feature.view.Version;
import dev.tidewheel.store.FlushId;
import dev.tidewheel.store.StoreFormatException;
import dev.tidewheel.store.StoredState;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** The bytes in the store are pinned: programs of different ages share them. */
final class EnvelopeTest {
    private static final StoredState STATE = new StoredState(
            new Version(981_014_400_000L, 3),
            new FlushId(0x1122334455667788L, 5, 6),
            "base".getBytes(UTF_8),
            "head".getBytes(UTF_8));

    private static final String HEAD = "01" // format
            + "00" // a state
            + "800000e46903cc00" // knownTime, sign bit flipped
            + "8000000000000003" // routed, sign bit flipped
            + "1122334455667788" // attempt
            + "00000005" // subtask
            + "0000000000000006" // flush
            + "cae662172fd450bb" // digest of the base
            + "68656164"; // head

    private static final String BASE = "01" // format
            + "cae662172fd450bb" // digest
            + "62617365"; // base

    private static final String TOMBSTONE = "01" // format
            + "01" // a tombstone
            + "0000000000000000" // the least knownTime
            + "ffffffffffffffff" // the greatest routed
            + "0000000000000000" // no attempt
            + "ffffffff" // subtask -1
            + "0000000000000000" // no flush
            + "0000000000000000"; // no base

    @Test
    void headHasTheseBytes() {
        assertThat(HexFormat.of().formatHex(Envelope.head(STATE))).isEqualTo(HEAD);
    }

    @Test
    void baseHasTheseBytes() {
        assertThat(HexFormat.of().formatHex(Envelope.base(STATE.base()))).isEqualTo(BASE);
        assertThat(Envelope.base(new byte[0])).isEmpty();
    }

    @Test
    void tombstoneHasTheseBytes() {
        byte[] tombstone = Envelope.tombstone(new Version(Long.MIN_VALUE, Long.MAX_VALUE), new FlushId(0, -1, 0));
        assertThat(HexFormat.of().formatHex(tombstone)).isEqualTo(TOMBSTONE);
        assertThat(Envelope.isTombstone(tombstone)).isTrue();
        assertThat(Envelope.isTombstone(bytes(HEAD))).isFalse();
    }

    @Test
    void readsWhatItPins() {
        assertThat(Envelope.state(bytes(HEAD), bytes(BASE)))
                .usingRecursiveComparison()
                .isEqualTo(STATE);
    }

    @Test
    void knowsWhichBaseAHeadIsOf() {
        byte[] baseless = Envelope.head(new StoredState(STATE.version(), STATE.flush(), new byte[0], STATE.head()));
        byte[] other = Envelope.base("another".getBytes(UTF_8));
        assertThat(Envelope.belongTogether(bytes(HEAD), bytes(BASE))).isTrue();
        assertThat(Envelope.belongTogether(bytes(HEAD), other)).isFalse();
        assertThat(Envelope.belongTogether(bytes(HEAD), null)).isFalse();
        assertThat(Envelope.belongTogether(baseless, null)).isTrue();
        assertThat(Envelope.belongTogether(baseless, other)).isFalse();
    }

    @Test
    void refusesForeignBytes() {
        for (String foreign : new String[] {"", "01", "02" + HEAD.substring(2), HEAD.substring(0, 90)}) {
            assertThatThrownBy(() -> Envelope.state(bytes(foreign), null))
                    .isInstanceOf(StoreFormatException.class)
                    .hasMessageContaining("head of " + foreign.length() / 2 + " bytes");
        }
        assertThatThrownBy(() -> Envelope.state(bytes(HEAD), bytes("0102")))
                .isInstanceOf(StoreFormatException.class)
                .hasMessageContaining("base of 2 bytes");
    }

    private static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex);
    }
}
