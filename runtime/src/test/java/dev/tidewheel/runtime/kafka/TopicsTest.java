package dev.tidewheel.runtime.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.apache.avro.specific.SpecificData;
import org.junit.jupiter.api.Test;

/** The table in {@code docs/topics.md} says what the code does. */
class TopicsTest {
    private static final Pattern ROW =
            Pattern.compile("(?m)^\\| `(tidewheel\\.[a-z-]+)` \\| `(\\w+)` \\| ([^|]+) \\| (\\d+) \\| ([^|]+) \\|$");

    @Test
    void theTableNamesEveryTopicAsItIsCreated() throws IOException {
        List<String> documented = rows().stream()
                .map(row -> row.group(1) + " " + row.group(4) + " " + row.group(5))
                .toList();
        assertThat(Topics.all().stream().map(TopicsTest::summary)).containsExactlyElementsOf(documented);
    }

    @Test
    void everyRecordNamesItsTopicAndKey() throws Exception {
        for (MatchResult row : rows()) {
            Class<?> type = Class.forName("dev.tidewheel.records." + row.group(2));
            String doc = SpecificData.get().getSchema(type).getDoc();
            assertThat(doc).matches("(?s)Topic " + Pattern.quote(row.group(1)) + "[.,].*");
            assertThat(letters(doc)).contains(letters("Kafka key: " + row.group(3)));
        }
    }

    private static List<MatchResult> rows() throws IOException {
        return ROW.matcher(Files.readString(Path.of("../docs/topics.md")))
                .results()
                .toList();
    }

    private static String summary(TopicSpec topic) {
        boolean compacted = "compact".equals(topic.config().get("cleanup.policy"));
        return topic.name() + " " + topic.partitions() + " " + (compacted ? "compacted" : "for ever");
    }

    /** The table says "request id" and "version" where the schema says requestId and modelVersion. */
    private static String letters(String text) {
        return text.toLowerCase()
                .replace("modelversion", "version")
                .replaceAll("[^a-z]", "")
                .replace("alertid", "id");
    }
}
