package dev.tidewheel.jobs.route;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PaceTest {
    private static final long LEAST = 5;
    private static final long MOST = 1_000;
    private static final long START = 1_800_000_000_000L;
    private static final long NO_TIMESTAMP = -1;

    /** A reader that has worked without a break, the newest record so old: after how long is it marked? */
    @ParameterizedTest
    @CsvSource({
        "0, 0, 5",
        "10, 1000000, 5",
        "20, 1000000, 6",
        "30, 1000000, 9",
        "300, 1000000, 99",
        "3000, 1000000, 999",
        "1000000, 1000000, 1000",
        "1000000, 3000, 999",
        "1000000, 600, 199",
        "1000000, 15, 5",
        "1000000, 0, 5",
        "1000000, -60000, 5",
    })
    void waitsForAQuarterOfHowFarItIsBehind(long busy, long age, long expected) {
        Pace pace = new Pace(LEAST, MOST, START);
        long first = START + busy;
        pace.begin(first);
        pace.read(first - age);

        assertThat(delay(pace, first, 0)).isEqualTo(expected);
    }

    @Test
    void aReaderThatWaitsForRecordsIsSoonUpToDate() {
        Pace pace = new Pace(LEAST, MOST, START);
        long first = START + 1_000_000;
        pace.begin(first);
        pace.read(0);
        assertThat(pace.isDue(first + LEAST, 0)).as("behind").isFalse();

        assertThat(pace.isDue(first + LEAST + 320, 320))
                .as("it has waited for a third of a second")
                .isTrue();

        pace.begin(first + 1_000);
        pace.read(0);
        assertThat(delay(pace, first + 1_000, 700)).as("and goes on waiting").isEqualTo(LEAST);
    }

    @Test
    void aReaderThatWaitsForATenthOfTheTimeStaysUpToDate() {
        Pace pace = new Pace(LEAST, MOST, START);
        long waited = 0;
        for (long now = START; now < START + 100_000; now += 10) {
            pace.begin(now);
            pace.read(0);
            waited++;
            assertThat(pace.isDue(now + LEAST, waited)).isTrue();
        }
    }

    @Test
    void aReaderThatRarelyWaitsIsBehind() {
        Pace pace = new Pace(LEAST, MOST, START);
        long waited = 0;
        long markers = 0;
        pace.begin(START);
        pace.read(0);
        for (long now = START; now < START + 100_000; now += 10) {
            waited += now % 500 == 0 ? 10 : 0;
            if (pace.isDue(now, waited)) {
                markers++;
                pace.begin(now);
                pace.read(0);
            }
        }
        assertThat(markers).as("in 100 s, waiting for 2 % of it").isBetween(95L, 130L);
    }

    @Test
    void theNewestRecordTellsTheAge() {
        Pace pace = new Pace(LEAST, MOST, START);
        long first = START + 1_000_000;
        pace.begin(first);
        pace.read(first - 500_000);
        pace.read(first - 10);
        pace.read(first - 600_000);

        assertThat(delay(pace, first, 0)).isEqualTo(LEAST);

        pace.begin(first + 100);
        pace.read(first - 600_000);
        assertThat(delay(pace, first + 100, 0))
                .as("of those since the last marker")
                .isEqualTo(MOST);
    }

    @Test
    void recordsWithoutATimestampLeaveItToTheReader() {
        Pace pace = new Pace(LEAST, MOST, START);
        pace.begin(START + 1_000_000);
        pace.read(NO_TIMESTAMP);

        assertThat(delay(pace, START + 1_000_000, 0)).isEqualTo(MOST);
    }

    @Test
    void aClockThatIsSetBackHoldsNothingUp() {
        Pace pace = new Pace(LEAST, MOST, START);
        pace.begin(START + 1_000_000);

        assertThat(pace.isDue(START - 3_600_000, 0)).isTrue();

        pace.begin(START - 3_600_000);
        pace.read(0);
        assertThat(delay(pace, START - 3_600_000, 0)).isEqualTo(LEAST);
    }

    @Test
    void anIntervalThatIsLongAnywayIsTheOnlyOne() {
        Pace pace = new Pace(5_000, MOST, START);
        pace.begin(START + 1_000_000);
        pace.read(0);

        assertThat(delay(pace, START + 1_000_000, 0)).isEqualTo(5_000);
    }

    /** Whatever happens: no record waits for longer than the greatest interval, nor than by a third of its lag. */
    @Test
    void noDelayIsLongerThanItMayBe() {
        for (int seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            Pace pace = new Pace(LEAST, MOST, START);
            long now = START;
            long waited = 0;
            for (int marker = 0; marker < 200; marker++) {
                now += random.nextInt(10);
                long first = now;
                long lag = random.nextInt(5_000);
                pace.begin(first);
                pace.read(first - lag);
                boolean due = false;
                while (!due) {
                    now += LEAST;
                    waited += random.nextInt(40) == 0 ? 1 : 0;
                    due = pace.isDue(now, waited);
                }
                assertThat(now - first)
                        .as("seed %d, marker %d, lag %d", seed, marker, lag)
                        .isLessThan(MOST + LEAST)
                        .isLessThanOrEqualTo(2 * LEAST + lag / 3);
            }
        }
    }

    /** When it is marked, by whoever asks every millisecond. */
    private static long delay(Pace pace, long first, long waited) {
        long now = first;
        while (!pace.isDue(now, waited)) {
            now++;
        }
        return now - first;
    }
}
