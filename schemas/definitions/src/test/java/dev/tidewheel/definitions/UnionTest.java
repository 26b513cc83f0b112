package dev.tidewheel.definitions;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewheel.feature.change.EventId;
import dev.tidewheel.feature.row.Column;
import dev.tidewheel.feature.row.ColumnType;
import dev.tidewheel.feature.row.Row;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UnionTest {
    private static final Path ENGINE = Path.of("../../examples/engine");

    @TempDir
    private Path folder;

    private final Definitions engine = Definitions.load(ENGINE).orThrow();
    private final Source payments = engine.source("payments");

    @Test
    void theColumnsAreThoseOfAllMembersThenItsOwn() {
        assertThat(payments.columns().columns())
                .containsExactly(
                        new Column("customer", ColumnType.INT64),
                        new Column("amount", ColumnType.FLOAT64),
                        new Column("paid_with", ColumnType.STRING),
                        new Column("_source", ColumnType.STRING),
                        new Column("_event_time", ColumnType.TIMESTAMP),
                        new Column("_known_time", ColumnType.TIMESTAMP),
                        new Column("_event_id", ColumnType.STRING));
        assertThat(payments.topics()).containsExactly("card_payments", "wallet_payments");
        assertThat(payments.horizon()).isEqualTo(Duration.ofDays(2));
        assertThat(payments.eventTime()).isEqualTo("_event_time");
        assertThat(payments.knownTime()).contains("_known_time");
        assertThat(payments.isOfChanges()).isFalse();
    }

    /** The registry sorts what is selected, so that another order is no other definition. */
    @Test
    void theOrderOfWhatIsSelectedMeansNothing() throws IOException {
        copy(text -> text.replace(
                "{amount: double(cents) / 100.0, paid_with: \"'card ' + network\"}",
                "{paid_with: \"'card ' + network\", amount: double(cents) / 100.0}"));
        Definitions swapped = Definitions.load(folder).orThrow();

        assertThat(swapped.source("payments").columns()).isEqualTo(payments.columns());
    }

    @Test
    void aMembersRowBecomesTheUnions() {
        UnionRows rows = payments.inputs().get(0).rows(payments.columns());
        Row row = rows.empty();

        assertThat(rows.fill(card(7, 1250), row)).isNull();
        rows.stamp(row, 5, 6);

        assertThat(row)
                .isEqualTo(new Row(7)
                        .setLong(0, 1)
                        .setDouble(1, 12.5)
                        .setString(2, "card visa")
                        .setString(3, "card_payments")
                        .setLong(4, 5)
                        .setLong(5, 6)
                        .setString(6, "7"));
        assertThat(rows.id(row, "card_payments", 2, 3)).isEqualTo(new EventId("card_payments/", 0, 7));
        assertThat(UnionRows.id("card_payments", false, "7")).isEqualTo(new EventId("card_payments/", 0, 7));
        assertThat(UnionRows.id("wallet_payments", true, "7")).isEqualTo(new EventId("wallet_payments/7", 0, 0));
    }

    @Test
    void anExpressionThatFailsIsNamed() {
        UnionRows rows = payments.inputs().get(1).rows(payments.columns());
        Row wallet = new Row(5)
                .setString(0, "a")
                .setLong(1, 5)
                .setLong(2, 6)
                .setString(3, "one")
                .setDouble(4, 1);

        assertThat(rows.fill(wallet, rows.empty()))
                .startsWith("expression 'int(account)' gave ERROR on (a, 5, 6, one,");
    }

    @Test
    void idsOfAMemberKeepTheirOrder() {
        assertThat(UnionRows.id("cards", false, "9")).isLessThan(UnionRows.id("cards", false, "10"));
        assertThat(EventId.of("cards", 0, 7))
                .as("no topic is called like a member's ids")
                .isNotEqualTo(UnionRows.id("cards", false, "7"));
    }

    @Test
    void theRegistrysBodyNeedsNoOther() {
        RegistryEntry entry = entry(engine, "payments");

        Source read = Definitions.fromRegistry(List.of(entry.body())).orThrow().source("payments");

        assertThat(read).isEqualTo(payments);
        List<RegistryEntry> again =
                Definitions.fromRegistry(List.of(entry.body())).toRegistry();
        assertThat(again).containsExactly(entry);
    }

    @Test
    void onlyWhatItsMembersRecordsSayIsItsBusiness() throws IOException {
        String before = entry(engine, "payments").hash();

        assertThat(hashAfter(
                        "  knownTime: received\n  eventId: id\n  horizon: 1d",
                        "  knownTime: received\n  eventId: id\n  horizon: 3d"))
                .as("a member's own horizon")
                .isEqualTo(before);
        assertThat(hashAfter("double(cents) / 100.0", "double(cents) / 1000.0")).isNotEqualTo(before);
        assertThat(hashAfter("  knownTime: received\n", "")).isNotEqualTo(before);
    }

    @Test
    void aColumnThatIsNotTheUnionsDoesNotChangeItsChangelog() throws IOException {
        String chained = """
                ---
                apiVersion: tidewheel.dev/v1
                kind: FeatureView
                metadata: {name: most_spent}
                spec:
                  view: spending
                  entity: [customer]
                  features:
                    - {name: most, aggregate: max, of: amount_24h, windows: [7d]}
                """;
        copy(text -> text + chained);
        List<String> before =
                Definitions.load(folder).orThrow().source("spending_changelog").topics();

        String schema = Files.readString(folder.resolve("card_payment.avsc"));
        Files.writeString(
                folder.resolve("card_payment.avsc"),
                schema.replace("[\n", "[\n{\"name\": \"shop\", \"type\": [\"null\", \"string\"], \"default\": null},"));
        assertThat(Definitions.load(folder)
                        .orThrow()
                        .source("spending_changelog")
                        .topics())
                .isEqualTo(before);

        copy(text -> (text + chained).replace("/ 100.0", "/ 1000.0"));
        assertThat(Definitions.load(folder)
                        .orThrow()
                        .source("spending_changelog")
                        .topics())
                .as("other amounts are other values")
                .isNotEqualTo(before);
    }

    private String hashAfter(String from, String to) throws IOException {
        copy(text -> {
            assertThat(text).contains(from);
            return text.replace(from, to);
        });
        return entry(Definitions.load(folder), "payments").hash();
    }

    private void copy(UnaryOperator<String> change) throws IOException {
        for (String schema : List.of("card_payment.avsc", "wallet_payment.avsc")) {
            Files.writeString(folder.resolve(schema), Files.readString(ENGINE.resolve(schema)));
        }
        String text = Files.readString(ENGINE.resolve("payments.yaml"));
        Files.writeString(folder.resolve("payments.yaml"), change.apply(text));
    }

    private static RegistryEntry entry(Definitions definitions, String source) {
        return definitions.toRegistry().stream()
                .collect(Collectors.toMap(RegistryEntry::key, entry -> entry))
                .get("Source/" + source);
    }

    private static Row card(long id, long cents) {
        return new Row(5)
                .setLong(0, id)
                .setLong(1, 5)
                .setLong(2, 1)
                .setLong(3, cents)
                .setString(4, "visa");
    }

    @Test
    void membersThatDeclareNoIdAreIdentifiedByTheirPlace() {
        SourceInput input = payments.inputs().get(0);
        UnionRows rows = new UnionRows("cards", input.columns(), null, input.select(), payments.columns());
        Row row = rows.empty();
        rows.fill(card(7, 1), row);

        assertThat(Optional.ofNullable(row.getString(6))).isEmpty();
        assertThat(rows.id(row, "card_payments", 2, 3)).isEqualTo(EventId.of("card_payments", 2, 3));
    }
}
