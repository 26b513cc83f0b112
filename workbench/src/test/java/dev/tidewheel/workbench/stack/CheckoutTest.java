package dev.tidewheel.workbench.stack;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckoutTest {
    @TempDir
    private Path root;

    @Test
    void jarsOfFunctionsStandBehindEverythingOfOurs() throws Exception {
        Path target =
                Files.createDirectories(root.resolve("trainer/target/classes")).getParent();
        Files.writeString(target.resolve("classpath.txt"), "a.jar\n");
        String jars = "/functions/one.jar" + File.pathSeparator + "/functions/two.jar";

        assertThat(new Checkout(root).classPath("trainer"))
                .startsWith(target.resolve("classes") + File.pathSeparator + "a.jar");
        assertThat(Checkout.functions(Map.of(Checkout.FUNCTIONS, " " + jars + " ")))
                .isEqualTo(File.pathSeparator + jars);
        assertThat(Checkout.functions(Map.of())).isEmpty();
        assertThat(Checkout.functions(Map.of(Checkout.FUNCTIONS, ""))).isEmpty();
    }
}
