package dev.tidewheel.workbench.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidewheel.records.DeadLetter;
import dev.tidewheel.workbench.dead.Letters;
import java.time.Instant;

/** One letter for people and for programs. */
final class LetterJson {
    private static final ObjectMapper JSON = new ObjectMapper();

    private LetterJson() {}

    static ObjectNode of(DeadLetter letter, long writtenAt) {
        ObjectNode node = JSON.createObjectNode();
        node.put("position", Letters.position(letter));
        node.put("reason", letter.getReason().name());
        node.put("stage", letter.getStage());
        node.put("view", letter.getView());
        node.put("entityKey", letter.getEntityKey());
        node.put("recordTime", time(letter.getTimestamp()));
        node.put("eventTime", letter.getEventTime() == null ? null : time(letter.getEventTime()));
        node.put("knownTime", letter.getKnownTime() == null ? null : time(letter.getKnownTime()));
        node.put("refusedAt", time(writtenAt));
        node.put("detail", letter.getDetail());
        return node;
    }

    private static String time(long epochMillis) {
        return Instant.ofEpochMilli(epochMillis).toString();
    }

    static String line(ObjectNode letter) {
        return letter.path("refusedAt").asText() + "  "
                + letter.path("position").asText() + "  "
                + letter.path("reason").asText() + "  "
                + (letter.path("view").isTextual()
                        ? letter.path("view").asText()
                        : letter.path("stage").asText())
                + (letter.path("entityKey").isTextual()
                        ? "  " + letter.path("entityKey").asText()
                        : "") + "\n    "
                + letter.path("detail").asText();
    }
}
