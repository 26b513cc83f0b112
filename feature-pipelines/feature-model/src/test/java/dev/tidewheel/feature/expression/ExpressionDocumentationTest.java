package dev.tidewheel.feature.expression;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ExpressionDocumentationTest {
    static Stream<String> functions() {
        return Signatures.functions().stream();
    }

    @ParameterizedTest
    @MethodSource("functions")
    void everyFunctionIsExplained(String function) throws IOException {
        assertThat(Files.readString(Path.of("../../docs/expressions.md"))).contains(function + "(");
    }
}
