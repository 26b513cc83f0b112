package dev.tidewheel.feature.aggregate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewheel.feature.row.ColumnType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The table of aggregates in {@code docs/values.md} is written by hand, and says of each what its code says. */
class ValuesTableTest {
    private static final Path PAGE = Path.of("../../docs/values.md");
    private static final String HEADER = "| name | input | result | empty | class | takes rows away |";

    private record Line(String names, String input, String result, String empty, String promise, String retracts) {
        static Line of(String line) {
            // A bar inside of a cell is written \|.
            List<String> cells = Arrays.stream(line.split("(?<!\\\\)\\|"))
                    .map(String::strip)
                    .skip(1)
                    .toList();
            return new Line(cells.get(0), cells.get(1), cells.get(2), cells.get(3), cells.get(4), cells.get(5));
        }

        boolean isOf(Aggregate aggregate) {
            return names.contains("`" + aggregate.name() + "`");
        }
    }

    private static List<Line> table = List.of();

    @BeforeAll
    static void read() throws IOException {
        table = Files.readString(PAGE)
                .lines()
                .dropWhile(line -> !line.equals(HEADER))
                .skip(2)
                .takeWhile(line -> line.startsWith("|"))
                .map(Line::of)
                .toList();
    }

    static Stream<Aggregate> aggregates() {
        return Aggregates.all().stream();
    }

    @Test
    void hasNothingThatDoesNotExist() {
        long named = table.stream()
                .mapToLong(line -> line.names().chars().filter(c -> c == '`').count() / 2)
                .sum();
        long twice = 1; // sum, of integers and of doubles
        assertThat(named).isEqualTo(Aggregates.all().size() + twice);
    }

    @ParameterizedTest
    @MethodSource("aggregates")
    void saysWhatTheCodeSays(Aggregate aggregate) {
        for (Operands operands : aggregate.operands()) {
            Line line = line(aggregate, operands);
            Partial<?> partial = aggregate.example(operands).partial();
            assertThat(line.empty()).as("%s, empty", operands).isEqualTo(aggregate.empty());
            assertThat(promise(line, operands)).as("class of %s", operands).isEqualTo(partial.promise());
            assertThat(line.retracts())
                    .as("%s, takes rows away", operands)
                    .isEqualTo(partial.retracts() ? "yes" : "no");
        }
    }

    /** The one of its lines that has the input's type; else its only one. */
    private static Line line(Aggregate aggregate, Operands operands) {
        List<Line> lines = table.stream().filter(line -> line.isOf(aggregate)).toList();
        assertThat(lines).as(aggregate.name()).isNotEmpty();
        return lines.stream()
                .filter(line -> operands.of().map(ColumnType::name).equals(Optional.of(line.input())))
                .findFirst()
                .orElse(lines.get(0));
    }

    private static Promise promise(Line line, Operands operands) {
        if (!line.promise().equals("as `sum`")) {
            return Promise.valueOf(line.promise());
        }
        boolean rounds = Stream.of(operands.of(), operands.by())
                .flatMap(Optional::stream)
                .anyMatch(type -> type == ColumnType.FLOAT64);
        return rounds ? Promise.REPRODUCIBLE : Promise.EXACT;
    }
}
