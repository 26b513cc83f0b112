package dev.tidewheel.history.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewheel.definitions.Channels;
import dev.tidewheel.feature.row.EntityKeys;
import dev.tidewheel.feature.row.Row;
import dev.tidewheel.feature.view.ViewPlan;
import dev.tidewheel.history.Flights;
import dev.tidewheel.history.scan.ChangeBatch;
import dev.tidewheel.history.scan.ScanFilter;
import dev.tidewheel.history.source.KnownTimes;
import dev.tidewheel.history.spill.KeyHash;
import dev.tidewheel.history.values.AskedKeys;
import dev.tidewheel.history.values.Moments;
import dev.tidewheel.history.values.ViewPart;
import dev.tidewheel.history.values.ViewPart.Terms;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Changes that are dealt out arrive as they were, where the questions of their key are. */
class ChangeFramesTest {
    private static final int PARTS = 5;
    private static final int CHANGES = 3_000;
    private static final Channels CHANNELS = new Channels(List.of("one", "two"));
    private static final List<String> ORIGINS = List.of("ORD", "Zürich", "a|b", "007", "7", "-1", "", "\uD83D");

    @TempDir
    private Path folder;

    private final Random random = new Random(3);
    private final ViewPlan plan = Flights.service().reads().get(0).view();
    private final Terms terms = new Terms(plan, Flights.COLUMNS, KnownTimes.REAL);
    private final ScanFilter filter = ViewPart.filter(terms, new Moments(0, Long.MAX_VALUE));

    @Test
    void whatArrivesIsWhatWasDealt() throws Exception {
        AskedKeys asked = new AskedKeys();
        ORIGINS.subList(1, ORIGINS.size()).forEach(origin -> asked.add(EntityKeys.escape(origin)));
        asked.write(folder.resolve("asked"));
        ChangeFrameReader reader = new ChangeFrameReader(terms, filter);
        Map<String, Integer> partOf = new HashMap<>();
        List<String> arrived = new ArrayList<>();
        Frames frames = new Frames(PARTS, (part, frame) -> {
            ChangeBatch batch = reader.read(frame);
            assertThat(batch.channels()).isEqualTo(CHANNELS);
            for (int record = 0; record < batch.size(); record++) {
                String origin = batch.column(3).string(record);
                partOf.merge(origin, part, (one, other) -> one.equals(other) ? one : -1);
                arrived.add(text(batch, record));
            }
        });

        ChangeFrames changes = new ChangeFrames(terms, filter, AskedKeys.read(folder.resolve("asked")), frames);
        List<String> dealt = new ArrayList<>();
        for (int batches = 0; batches < 3; batches++) {
            ChangeBatch batch = batch();
            IntStream.range(0, batch.size())
                    .filter(record -> batch.isChange(record) && !batch.column(3).isNull(record))
                    .filter(record -> !batch.column(3).string(record).equals("ORD"))
                    .forEach(record -> dealt.add(text(batch, record)));
            changes.take(batch);
        }
        frames.flush();

        assertThat(arrived).containsExactlyInAnyOrderElementsOf(dealt).hasSizeGreaterThan(CHANGES / 2);
        assertThat(partOf).hasSize(ORIGINS.size() - 1);
        partOf.forEach((origin, part) -> assertThat(part)
                .as("of '%s'", origin)
                .isEqualTo(Parts.ofKey(KeyHash.of(EntityKeys.escape(origin)), PARTS)));
    }

    private ChangeBatch batch() {
        ChangeBatch batch = new ChangeBatch(Flights.COLUMNS).from(CHANNELS);
        for (Row row : Flights.randomRows(random, CHANGES / 2)) {
            row.setString(3, ORIGINS.get(random.nextInt(ORIGINS.size())));
            batch.append(random.nextInt(20) == 0 ? row.setNull(3) : row);
            int channel = CHANNELS.channel(random.nextInt(2), random.nextInt(9));
            long offset = random.nextLong() >>> 2 + random.nextInt(60);
            switch (random.nextInt(4)) {
                case 0 -> batch.taken(channel, offset, 7, true);
                case 1 -> batch.rejected(channel, offset, 7);
                default -> batch.record(channel, offset, 7);
            }
        }
        return batch;
    }

    /** All that a view may look at: its columns, the times, the id, the place. */
    private String text(ChangeBatch batch, int record) {
        StringBuilder text = new StringBuilder(batch.channel(record) + "@" + batch.offset(record));
        text.append(batch.isRetraction(record) ? " -" : " +").append(batch.eventTime(record));
        text.append(' ').append(batch.knownTime(record));
        for (int slot = 0; slot < Flights.SCHEMA.size(); slot++) {
            boolean isNeeded = slot == Flights.COLUMNS.eventIdSlot()
                    || filter.columns().contains(Flights.SCHEMA.column(slot).name());
            if (isNeeded && !batch.column(slot).isNull(record)) {
                text.append(' ')
                        .append(slot)
                        .append('=')
                        .append(batch.column(slot).text(record));
            }
        }
        return text.toString();
    }
}
