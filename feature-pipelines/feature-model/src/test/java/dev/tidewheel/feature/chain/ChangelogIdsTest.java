package dev.tidewheel.feature.chain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewheel.feature.change.Change;
import dev.tidewheel.feature.change.EventId;
import dev.tidewheel.feature.oracle.NaiveChangelog;
import dev.tidewheel.feature.oracle.NaiveOracle;
import dev.tidewheel.feature.row.Column;
import dev.tidewheel.feature.row.ColumnType;
import dev.tidewheel.feature.row.Row;
import dev.tidewheel.feature.row.RowSchema;
import dev.tidewheel.feature.view.FeatureSpec;
import dev.tidewheel.feature.view.KeyState;
import dev.tidewheel.feature.view.ViewPlan;
import dev.tidewheel.feature.view.ViewSpec;
import dev.tidewheel.feature.window.Window;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Records sort as the changes that they tell of, so that a tie means the same in a view and in what is chained to it. */
class ChangelogIdsTest {

    /** A record's id, and what it has to sort by. */
    private record Told(EventId id, EventId upstream, boolean added, String key) {
        static Told of(EventId upstream, boolean added, String key) {
            Change change = new Change(!added, upstream, 0, 0, new Row(0));
            return new Told(ChangelogIds.of(change, key), upstream, added, key);
        }
    }

    @Test
    void theySortAsTheUpstreamDoes() {
        long seed = 11;
        Random random = new Random(seed);
        List<Told> told = new ArrayList<>();
        for (int i = 0; i < 3_000; i++) {
            told.add(Told.of(id(random), random.nextBoolean(), "k" + random.nextInt(3)));
        }
        List<Told> bySelf =
                told.stream().sorted(Comparator.comparing(Told::id)).distinct().toList();
        List<Told> byUpstream = told.stream()
                .sorted(Comparator.comparing(Told::upstream)
                        .thenComparing(Told::added)
                        .thenComparing(Told::key))
                .distinct()
                .toList();
        assertThat(bySelf).as("seed %d", seed).isEqualTo(byUpstream);
        assertThat(bySelf.stream().map(Told::id).distinct()).as("seed %d", seed).hasSameSizeAs(bySelf);
    }

    private static EventId id(Random random) {
        return switch (random.nextInt(3)) {
            case 0 -> EventId.of(number(random));
            case 1 -> EventId.of(text(random));
            default -> EventId.of(text(random), random.nextInt(12), number(random));
        };
    }

    private static long number(Random random) {
        return switch (random.nextInt(4)) {
            case 0 -> random.nextInt(120);
            case 1 -> random.nextLong();
            case 2 -> -random.nextInt(20);
            default -> List.of(Long.MIN_VALUE, Long.MAX_VALUE, 9L, 10L).get(random.nextInt(4));
        };
    }

    private static String text(Random random) {
        StringBuilder text = new StringBuilder();
        for (int length = random.nextInt(4); length > 0; length--) {
            text.append("\0 !\"-.09az~\u00e9\ud83d\ude00".charAt(random.nextInt(14)));
        }
        return text.toString();
    }

    /** By the oracle, too: of two cards that spent at one moment, the last is the one with the greater upstream id. */
    @Test
    void aTieMeansTheSameInAChainedView() {
        RowSchema source = new RowSchema(List.of(
                new Column("card", ColumnType.STRING),
                new Column("shop", ColumnType.STRING),
                new Column("amount", ColumnType.INT64)));
        ViewPlan spending = plan("spending", List.of("shop", "card"), "spent", "sum", "amount", source);
        ViewPlan last = plan("last", List.of("shop"), "last", "last", "card", new ChangelogRecords(spending).schema());
        List<Change> told =
                NaiveChangelog.records(spending, List.of(spend(10, "ten"), spend(9, "nine"), spend(2, "two")));
        KeyState state = new KeyState(last);
        told.forEach(record -> state.route(record, false));

        assertThat(told).hasSize(3);
        assertThat(state.read(2_000).row().getString(0)).isEqualTo("ten");
        assertThat(new NaiveOracle(last, told).valuesAt(2_000).row().getString(0))
                .isEqualTo("ten");
    }

    private static Change spend(long id, String card) {
        Row row = new Row(3).setString(0, card).setString(1, "s").setLong(2, 5);
        return new Change(false, EventId.of(id), 1_000, 1_000, row);
    }

    private static ViewPlan plan(
            String name, List<String> entity, String feature, String aggregate, String of, RowSchema source) {
        FeatureSpec spec =
                new FeatureSpec(feature, aggregate, Map.of(), Optional.of(of), Optional.empty(), new Window.Lifetime());
        return ViewPlan.compile(
                new ViewSpec(name, entity, Optional.empty(), List.of(), List.of(spec), 86_400_000, 600_000, 10_000, 8),
                source);
    }
}
