package dev.tidewheel.workbench.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidewheel.definitions.Source;
import dev.tidewheel.definitions.SourceInput;
import dev.tidewheel.records.DeadLetter;
import dev.tidewheel.records.DeadLetterMark;
import dev.tidewheel.records.Definition;
import dev.tidewheel.runtime.config.KafkaConfig;
import dev.tidewheel.workbench.apply.Applier;
import dev.tidewheel.workbench.dead.LetterFilter;
import dev.tidewheel.workbench.dead.Letters;
import dev.tidewheel.workbench.dead.OriginalRecords;
import dev.tidewheel.workbench.dead.ReplayDecision;
import dev.tidewheel.workbench.terminal.ExitCode;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** All about one record. */
@Command(
        name = "show",
        description = "Shows all letters about one record, what was done about them, and the record itself.",
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:there are letters", "1:there is none about that record"})
final class DeadLettersShowCommand implements Callable<Integer> {
    private static final Duration DEADLINE = Duration.ofSeconds(30);
    private static final int SHOWN_BYTES = 4_096;
    private static final ObjectMapper JSON = new ObjectMapper();

    @Parameters(index = "0", paramLabel = "TOPIC/PARTITION/OFFSET", description = "Where the record stands.")
    private String position = "";

    @Mixin
    private KafkaOption kafka = new KafkaOption();

    @Mixin
    private WarehouseOption warehouse = new WarehouseOption();

    @Option(names = "--output", description = "${COMPLETION-CANDIDATES} (default: text).")
    private OutputFormat output = OutputFormat.TEXT;

    @Spec
    @SuppressWarnings("NullAway.Init") // Set by picocli.
    private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        KafkaConfig config = kafka.config();
        Map<String, Definition> registry = new Applier(config).inForce();
        List<Source> sources = LetterOptions.sources(registry);
        Map<String, SourceInput> inputs = LetterOptions.inputs(sources);
        Letters letters = new Letters(config, DEADLINE);
        Map<String, DeadLetterMark> marks = letters.marksOf(position);
        LetterFilter one =
                new LetterFilter(Set.of(), Optional.empty(), Set.of(), Optional.empty(), Optional.of(position), true);
        ObjectNode root = JSON.createObjectNode();
        ArrayNode found = root.putArray("letters");
        DeadLetter[] last = new DeadLetter[1];
        letters.visit(one, (letter, writtenAt) -> {
            ObjectNode node = LetterJson.of(letter, writtenAt);
            node.put("handled", handled(marks.get(Letters.identity(letter))));
            node.put("replay", replay(letter, inputs.get(letter.getTopic())));
            found.add(node);
            last[0] = letter;
        });
        if (last[0] != null) {
            try (OriginalRecords originals = new OriginalRecords(config, warehouse.bytes(sources), DEADLINE)) {
                describe(root, originals.find(last[0]));
            }
        }
        print(root, found);
        return found.isEmpty() ? ExitCode.NOT_SOUND : ExitCode.OK;
    }

    private static @Nullable String handled(@Nullable DeadLetterMark mark) {
        return mark == null
                ? null
                : mark.getAction() + " at " + Instant.ofEpochMilli(mark.getMarkedAt()) + ": " + mark.getWhy()
                        + (mark.getNewOffset() == null
                                ? ""
                                : " (now at " + mark.getTopic() + "/" + mark.getNewPartition() + "/"
                                        + mark.getNewOffset() + ")");
    }

    private static String replay(DeadLetter letter, @Nullable SourceInput source) {
        if (source == null) {
            return "no: the topic is no source's";
        }
        ReplayDecision decision = ReplayDecision.of(letter, source, false, List.of());
        return decision instanceof ReplayDecision.Refuse refuse
                ? "no: " + refuse.reason()
                : "yes" + prefixed(((ReplayDecision.Send) decision).note());
    }

    private static String prefixed(String note) {
        return note.isEmpty() ? "" : "; " + note;
    }

    private static void describe(ObjectNode root, Optional<OriginalRecords.Original> original) {
        if (original.isEmpty()) {
            root.putNull("record");
            return;
        }
        byte[] value = original.get().value();
        ObjectNode record = root.putObject("record");
        record.put("valueBytes", value.length);
        record.put("value", HexFormat.of().formatHex(value, 0, Math.min(value.length, SHOWN_BYTES)));
        byte[] key = original.get().key();
        record.put("key", key == null ? null : HexFormat.of().formatHex(key, 0, Math.min(key.length, SHOWN_BYTES)));
    }

    private void print(ObjectNode root, ArrayNode found) throws Exception {
        PrintWriter out = spec.commandLine().getOut();
        if (output == OutputFormat.JSON) {
            out.println(JSON.writerWithDefaultPrettyPrinter().writeValueAsString(root));
        } else {
            found.forEach(letter -> {
                out.println(LetterJson.line((ObjectNode) letter));
                out.println("    event " + letter.path("eventTime").asText() + ", known "
                        + letter.path("knownTime").asText());
                out.println("    handled: " + letter.path("handled").asText("no"));
                out.println("    replay: " + letter.path("replay").asText());
            });
            out.println(
                    found.isEmpty()
                            ? "There is no letter about " + position + "."
                            : "record: "
                                    + root.path("record").path("valueBytes").asText("gone") + " bytes "
                                    + root.path("record").path("value").asText(""));
        }
        out.flush();
    }
}
