package dev.tidewheel.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewheel.workbench.report.Report.Parity;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The detector is detected: errors made on purpose must show as what they are. */
@Tag("processes")
class InjectionTest {
    @TempDir
    private Path folder;

    @Test
    void eventsThatAreDroppedAreUnexplained() throws Exception {
        Parity parity = played("drop", Slice.in(folder).options(2, "--inject=drop=1e-3"), 1);

        assertThat(parity.unexplained()).isPositive();
    }

    @Test
    void eventsThatCountTwiceAreUnexplained() throws Exception {
        Parity parity = played("double", Slice.in(folder).options(2, "--inject=double=1e-3"), 1);

        assertThat(parity.unexplained()).isPositive();
    }

    @Test
    void aWindowThatIncludesItsEndIsUnexplained() throws Exception {
        List<String> options = Slice.withEventsAtTheTimeAsked(folder).options(2, "--inject=boundary=le");
        Parity parity = played("boundary", options, 1);

        assertThat(parity.unexplained()).isPositive();
    }

    @Test
    void valuesOutOfAnOldCacheAreUntimelyAndExplained() throws Exception {
        Parity parity = played("stale", Slice.in(folder).options(2, "--inject=stale=5s"), 1);

        assertThat(parity.untimely()).isPositive();
        assertThat(parity.unexplained()).isZero();
    }

    private static Parity played(String name, List<String> options, int exitCode) throws Exception {
        try (DemoProcess demo = DemoProcess.start("inject-" + name, options)) {
            assertThat(demo.awaitExit()).as(demo::said).isEqualTo(exitCode);
            Parity parity = demo.report().parity().orElseThrow();
            assertThat(parity.vectors()).isGreaterThan(3_000);
            assertThat(parity.pending()).isZero();
            return parity;
        }
    }
}
