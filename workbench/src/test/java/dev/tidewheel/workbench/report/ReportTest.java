package dev.tidewheel.workbench.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewheel.workbench.report.Report.BookEntry;
import dev.tidewheel.workbench.report.Report.Day;
import dev.tidewheel.workbench.report.Report.Parity;
import dev.tidewheel.workbench.report.Report.Percentiles;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xml.sax.InputSource;

class ReportTest {
    private static final Pattern PICTURE = Pattern.compile("<svg.*?</svg>", Pattern.DOTALL);

    static Report sample() {
        return new Report(
                "demo",
                Report.Outcome.COMPLETE,
                new Report.Story(
                        Instant.parse("2001-02-01T00:00:00Z"),
                        Instant.parse("2001-03-01T00:00:00Z"),
                        Instant.parse("2001-03-01T00:00:00Z"),
                        60,
                        true),
                List.of(new Report.Phase("start", 8.25), new Report.Phase("replay", 180)),
                new Report.Events(214_000, 112_000, 98_765, 23_456.7, new Percentiles(9_000, 7.2, 9.9, 14, 30, 210)),
                new Report.Serving(101_557, 2, 640, new Percentiles(101_557, 2.3, 4.1, 9.5, 20.2, 88), 101_000),
                List.of(new BookEntry("flights sent = rows in raw.flights", 214_000, 214_000)),
                Optional.of(new Parity(101_557, 2_234_254, 0, 0, 0, 1_200, 3, 60, 0, Percentiles.NONE)),
                Optional.of(new Report.Models(
                        0.771,
                        0.728,
                        0.673,
                        0.727,
                        101_000,
                        86_000,
                        Instant.parse("2001-01-08T00:00:00Z"),
                        Instant.parse("2001-02-01T00:00:00Z"),
                        Optional.empty())),
                Optional.of(ControlReportTest.sample()),
                IntStream.range(0, 28)
                        .mapToObj(day -> new Day(
                                LocalDate.of(2001, 2, 1).plusDays(day),
                                3_600 + day,
                                0.2 + 0.15 * Math.sin(day),
                                0.22 + 0.1 * Math.sin(day)))
                        .toList(),
                Map.of("redis", 1),
                new Report.Machine(2, "17.0.15", "Linux amd64"));
    }

    @Test
    void jsonComesBackEqual(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("report.json"), ReportJson.render(sample()));

        assertThat(ReportJson.read(file)).isEqualTo(sample());
    }

    @Test
    void textSaysWhatWasMeasured() {
        assertThat(ReportText.render(sample()))
                .contains("Events     214,000 in, of which history 112,000 at 23,457/s")
                .contains("Requests   101,557 scored at 640/s, 2 asked again")
                .contains("p50 2.3 ms, p90 4.1 ms, p99 9.5 ms, max 88 ms")
                .contains("2,234,254 values in 101,557 vectors recomputed: 0 unexplained, 0 pending")
                .contains("0 rows never served, 1,200 reads of keys not known yet, 3 without freed changes")
                .contains("The naive join would have flattered the model by 0.043.")
                .endsWith("All books balance; every served value is explained.\n");
        assertThat(ReportText.render(sample()).lines())
                .allSatisfy(line -> assertThat(line).hasSizeLessThan(110));
    }

    @Test
    void anUnexplainedValueOrAWrongBookIsNotSound() {
        Report good = sample();
        assertThat(good.sound()).isTrue();
        assertThat(with(good, new BookEntry("a = b", 1, 2)).sound()).isFalse();
        assertThat(with(good, new Parity(1, 1, 0, 0, 0, 1, 1, 60, 0, Percentiles.NONE))
                        .sound())
                .isTrue();
        assertThat(List.of(
                        new Parity(1, 1, 1, 0, 0, 0, 0, 60, 0, Percentiles.NONE),
                        new Parity(1, 1, 0, 1, 0, 0, 0, 60, 0, Percentiles.NONE),
                        new Parity(1, 1, 0, 0, 1, 0, 0, 60, 0, Percentiles.NONE),
                        new Parity(1, 1, 0, 0, 0, 0, 0, 60, 1, Percentiles.NONE),
                        new Parity(1, 0, 0, 0, 0, 0, 0, 60, 0, Percentiles.NONE)))
                .allSatisfy(parity -> assertThat(with(good, parity).sound()).isFalse());
        assertThat(ReportText.render(with(good, new BookEntry("a = b", 1, 2))))
                .contains("WRONG a = b: 1 against 2")
                .contains("NOT SOUND");
    }

    @Test
    void htmlFetchesNothingAndItsPicturesAreWellFormed() throws Exception {
        String html = ReportHtml.render(sample());

        assertThat(html)
                .doesNotContain("{{")
                .doesNotContain("http:")
                .doesNotContain("https:")
                .doesNotContain("src=");
        assertThat(html).doesNotContain("<script").doesNotContain("@import").doesNotContain("url(");
        Matcher pictures = PICTURE.matcher(html);
        int found = 0;
        while (pictures.find()) {
            DocumentBuilderFactory.newInstance()
                    .newDocumentBuilder()
                    .parse(new InputSource(new StringReader(pictures.group())));
            assertThat(pictures.group()).contains("role=\"img\"").contains("aria-label=");
            found++;
        }
        assertThat(found).isEqualTo(3);
    }

    @Test
    void aRunThatWasStoppedEarlyHasAReportToo() {
        Report whole = sample();
        Report early = new Report(
                whole.run(),
                Report.Outcome.INTERRUPTED,
                whole.story(),
                whole.phases(),
                new Report.Events(10, 10, 0, 1, Percentiles.NONE),
                new Report.Serving(0, 0, 0, Percentiles.NONE, 0),
                List.of(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                List.of(),
                Map.of(),
                whole.machine());

        assertThat(ReportText.render(early)).contains("(stopped early)").contains("not measured");
        assertThat(ReportHtml.render(early)).contains("stopped early").doesNotContain("<svg");
    }

    private static Report with(Report report, BookEntry entry) {
        return new Report(
                report.run(),
                report.outcome(),
                report.story(),
                report.phases(),
                report.events(),
                report.serving(),
                List.of(entry),
                report.parity(),
                report.models(),
                report.control(),
                report.days(),
                report.restarts(),
                report.machine());
    }

    private static Report with(Report report, Parity parity) {
        return new Report(
                report.run(),
                report.outcome(),
                report.story(),
                report.phases(),
                report.events(),
                report.serving(),
                report.books(),
                Optional.of(parity),
                report.models(),
                report.control(),
                report.days(),
                report.restarts(),
                report.machine());
    }
}
