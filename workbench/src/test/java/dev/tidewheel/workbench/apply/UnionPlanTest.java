package dev.tidewheel.workbench.apply;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewheel.definitions.Definitions;
import dev.tidewheel.definitions.RegistryEntry;
import dev.tidewheel.records.Definition;
import dev.tidewheel.records.Frontier;
import dev.tidewheel.records.PartitionFrontier;
import dev.tidewheel.runtime.registry.ViewLineages;
import dev.tidewheel.workbench.apply.PlannedChange.Action;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a change of a union does while its job runs. */
class UnionPlanTest {
    private static final Path ENGINE = Path.of("../examples/engine");
    private static final JobProgress RUNS = new JobProgress() {
        @Override
        public boolean hasRun(String source) {
            return true;
        }

        @Override
        public Optional<String> behind(String source, String view, long lineage) {
            return Optional.of("is under way");
        }

        @Override
        public Extent extent(String topic) {
            return topic.equals("card_payments") ? new Extent(10, 2) : new Extent(5, 0);
        }
    };

    @TempDir
    Path folder;

    private final Map<String, Definition> inForce = new HashMap<>();

    @BeforeEach
    void apply() throws IOException {
        for (String file : List.of("payments.yaml", "card_payment.avsc", "wallet_payment.avsc")) {
            Files.writeString(folder.resolve(file), Files.readString(ENGINE.resolve(file)));
        }
        ApplyPlan first = ApplyPlan.of(entries(), inForce, JobProgress.NONE);
        for (PlannedChange change : first.changes()) {
            change.computes().forEach(lineage -> keep(ViewLineages.computed(lineage, 0)));
            RegistryEntry entry = change.entry();
            keep(new Definition(
                    entry.kind(), entry.name(), entry.hash(), entry.body(), change.lineage(), List.of(), 0L));
        }
    }

    private void keep(Definition record) {
        inForce.put(record.getKind() + "/" + record.getName(), record);
    }

    @Test
    void whatIsNotChangedIsKept() throws IOException {
        assertThat(plan().changes())
                .extracting(PlannedChange::action)
                .containsOnly(Action.KEEP)
                .hasSize(4);
    }

    @Test
    void anotherSelectionIsAnotherUnion() throws IOException {
        change("payments.yaml", "double(cents) / 100.0", "double(cents) / 1000.0");

        assertThat(source().action()).isEqualTo(Action.HOLD);
        assertThat(source().reasons().get(0))
                .startsWith("source member card_payments select: ")
                .contains("double(cents) / 1000.0")
                .endsWith("give the changed union another name, the raw table has rows as they were made");
        assertThat(view().action()).isEqualTo(Action.HOLD);
    }

    /** The version of a function stands in the hash alone. */
    @Test
    void anotherVersionOfAFunctionIsAnotherUnion() throws IOException {
        Definition union = Objects.requireNonNull(inForce.get("Source/payments"));
        union.setHash("sha256:of-another-version");

        assertThat(source().action()).isEqualTo(Action.HOLD);
        assertThat(source().reasons().get(0)).startsWith("a function that it selects by has another version: give");
    }

    @Test
    void anotherMemberIsAnotherUnion() throws IOException {
        change("payments.yaml", "  horizon: 2d\n---", """
                    - source: vouchers
                  horizon: 2d
                ---
                apiVersion: tidewheel.dev/v1
                kind: Source
                metadata: {name: vouchers}
                spec:
                  kafka: {topic: vouchers, format: json}
                  schema:
                    type: record
                    name: V
                    fields:
                      - {name: at, type: {type: long, logicalType: timestamp-millis}}
                      - {name: customer, type: long}
                      - {name: amount, type: double}
                      - {name: paid_with, type: string}
                  eventTime: at
                  horizon: 1d
                ---""");

        assertThat(source().action()).isEqualTo(Action.HOLD);
        assertThat(source().reasons().get(0))
                .startsWith("source members: [card_payments, wallet_payments], now [card_payments, wallet_payments,"
                        + " vouchers]: give the changed union another name");
    }

    @Test
    void anotherKnownTimeOfAMemberIsAnotherUnion() throws IOException {
        change("payments.yaml", "  knownTime: received\n", "");

        assertThat(source().reasons().get(0))
                .startsWith("source member wallet_payments knownTime: received, now none: give");
    }

    @Test
    void anotherHorizonBeginsALineageThatReadsAllTopics() throws IOException {
        change("payments.yaml", "  horizon: 2d", "  horizon: 3d");

        assertThat(view().action()).isEqualTo(Action.BEGIN);
        assertThat(view().reasons())
                .anyMatch(reason -> reason.startsWith("source horizon"))
                .anyMatch(
                        reason -> reason.contains("reads all 15 records of source payments; the topic has lost the 2"));
        assertThat(source().reasons().get(0)).startsWith("comes into force with the last of its views");
    }

    @Test
    void aColumnThatAllMembersGetIsNew() throws IOException {
        for (String file : List.of("card_payment.avsc", "wallet_payment.avsc")) {
            change(
                    file,
                    "\"fields\": [",
                    "\"fields\": [{\"name\": \"shop\", \"type\": [\"null\", \"string\"], \"default\": null},");
        }

        assertThat(source().action()).isEqualTo(Action.CHANGE);
        assertThat(source().reasons()).containsExactly("every record becomes the same change as before");
        assertThat(view().action()).isEqualTo(Action.CHANGE);
        assertThat(view().reasons()).contains("source column shop is new: null in records that came before");
    }

    @Test
    void aMembersOwnHorizonIsNotTheUnions() throws IOException {
        change("payments.yaml", "  horizon: 7d", "  horizon: 8d");

        assertThat(source().action()).isEqualTo(Action.KEEP);
        assertThat(view().action()).isEqualTo(Action.KEEP);
    }

    @Test
    void aStageHasComeAsFarAsItSaysOfEachTopic() {
        StageFrontiers stages = new StageFrontiers();
        Frontier frontier = PlayedJob.frontier("payments", "customer", 1, 1, 1, 7, "spending@1");
        frontier.setPartitions(List.of(
                new PartitionFrontier("card_payments", 0, 7L), new PartitionFrontier("wallet_payments", 0, 3L)));
        stages.accept(frontier);

        assertThat(stages.cut("payments", "customer"))
                .isEqualTo(Map.of(
                        new TopicPartition("card_payments", 0), 7L, new TopicPartition("wallet_payments", 0), 3L));
        assertThat(stages.greatest("payments")).hasSize(2);
    }

    private PlannedChange source() throws IOException {
        return of("Source/payments");
    }

    private PlannedChange view() throws IOException {
        return of("FeatureView/spending");
    }

    private PlannedChange of(String key) throws IOException {
        return plan().changes().stream()
                .filter(change -> change.entry().key().equals(key))
                .findFirst()
                .orElseThrow();
    }

    private ApplyPlan plan() throws IOException {
        return ApplyPlan.of(entries(), inForce, RUNS);
    }

    private List<RegistryEntry> entries() throws IOException {
        return Definitions.load(folder).orThrow().toRegistry();
    }

    private void change(String file, String from, String to) throws IOException {
        String text = Files.readString(folder.resolve(file));
        assertThat(text).contains(from);
        Files.writeString(folder.resolve(file), text.replaceFirst(Pattern.quote(from), Matcher.quoteReplacement(to)));
    }
}
