package dev.tidewheel.feature.bytes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import org.junit.jupiter.api.Test;

class BytesTest {

    @Test
    void numbersOfAllSizesComeBack() {
        Random random = new Random(3);
        for (int i = 0; i < 10_000; i++) {
            long number = random.nextLong() >> random.nextInt(64);
            ByteWriter out = new ByteWriter();
            out.writeSigned(number);
            out.writeUnsigned(number);
            out.writeFixedInt((int) number);
            out.writeDouble(number * 0.3);
            ByteReader in = new ByteReader(out.toByteArray());
            assertThat(in.readSigned()).isEqualTo(number);
            assertThat(in.readUnsigned()).isEqualTo(number);
            assertThat(in.readFixedInt()).isEqualTo((int) number);
            assertThat(in.readDouble()).isEqualTo(number * 0.3);
            in.expectEnd();
        }
    }

    @Test
    void numbersArePassedOver() {
        Random random = new Random(4);
        ByteWriter out = new ByteWriter();
        for (int i = 0; i < 1_000; i++) {
            out.writeUnsigned(random.nextLong() >> random.nextInt(64));
        }
        ByteReader in = new ByteReader(out.toByteArray());
        for (int i = 0; i < 1_000; i++) {
            in.skipNumber();
        }
        in.expectEnd();
    }

    @Test
    void textsOfAnyUnitsComeBack() {
        for (String text : new String[] {"", "a", "aßb", "ßab", "ab\uD800", "\u007F\u0080", "日本 2"}) {
            ByteWriter out = new ByteWriter(0);
            out.writeString(text);
            ByteReader in = new ByteReader(out.toByteArray());
            assertThat(in.readString()).isEqualTo(text);
            in.expectEnd();
        }
    }

    @Test
    void theLayoutIsPinned() {
        ByteWriter out = new ByteWriter();
        out.writeUnsigned(300);
        out.writeSigned(-2);
        out.writeFixedInt(0x0102_0304);
        out.writeString("aß");
        out.writeBytes(new byte[] {9});
        assertThat(out.toByteArray()).containsExactly(0xAC, 0x02, 3, 1, 2, 3, 4, 2, 'a', 0xDF, 0x01, 1, 9);
    }

    @Test
    void brokenBytesAreNamed() {
        assertThatThrownBy(() -> new ByteReader(new byte[] {(byte) 0x80}).readUnsigned())
                .hasMessage("the bytes end at 1, within a value");
        assertThatThrownBy(() -> new ByteReader(new byte[] {5, 1}).readString())
                .hasMessage("a length of 5 before byte 1, but only 1 bytes are left");
        assertThatThrownBy(() -> new ByteReader(new byte[] {0}).expectEnd())
                .hasMessage("1 bytes follow the last value");
        byte[] endless = new byte[11];
        java.util.Arrays.fill(endless, (byte) 0xFF);
        assertThatThrownBy(() -> new ByteReader(endless).readUnsigned())
                .hasMessage("a number before byte 10 is longer than 64 bits");
        assertThatThrownBy(() -> new ByteReader(endless).skipNumber())
                .hasMessage("a number before byte 10 is longer than 64 bits");
        assertThatThrownBy(() -> new ByteReader(new byte[] {(byte) 0x80}).skipNumber())
                .hasMessage("the bytes end at 1, within a value");
    }
}
