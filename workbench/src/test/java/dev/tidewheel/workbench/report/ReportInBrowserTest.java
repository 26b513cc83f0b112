package dev.tidewheel.workbench.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Opens the report in a real browser, where one is installed. */
class ReportInBrowserTest {
    private static final Path BROWSER = Path.of("/usr/bin/chromium");

    @Test
    void isLaidOutAndFetchesNothing(@TempDir Path folder) throws Exception {
        assumeTrue(
                Files.isExecutable(BROWSER), BROWSER + " is not installed: the report is not looked at in a browser");
        Path page = Files.writeString(folder.resolve("report.html"), ReportHtml.render(ReportTest.sample()));
        Path picture = folder.resolve("report.png");
        Path output = folder.resolve("output.txt");

        Process browser = new ProcessBuilder(
                        BROWSER.toString(),
                        "--headless",
                        "--no-sandbox",
                        "--disable-gpu",
                        "--user-data-dir=" + folder.resolve("profile"),
                        "--window-size=800,3200",
                        "--enable-logging=stderr",
                        "--screenshot=" + picture,
                        page.toUri().toString())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            assertThat(browser.waitFor(60, TimeUnit.SECONDS))
                    .as(() -> read(output))
                    .isTrue();
        } finally {
            browser.destroyForcibly();
        }

        assertThat(picture).as(() -> read(output)).exists();
        assertThat(Files.size(picture)).isGreaterThan(20_000);
        assertThat(read(output)).doesNotContain("CONSOLE");
    }

    private static String read(Path file) {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
        } catch (java.io.IOException e) {
            return e.toString();
        }
    }
}
