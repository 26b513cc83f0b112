package dev.tidewheel.history.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExchangeFolderTest {
    @TempDir
    private Path parent;

    @Test
    void nobodyElseLooksIntoIt() throws IOException {
        ExchangeFolder folder = ExchangeFolder.in(parent.resolve("made"));
        folder.begin();
        Files.writeString(folder.config(), "warehouse: …");

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.path())))
                .isEqualTo("rwxrwx---");
        folder.remove();
        assertThat(folder.path()).doesNotExist();
    }
}
