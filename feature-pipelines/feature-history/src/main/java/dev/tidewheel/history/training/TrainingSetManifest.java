package dev.tidewheel.history.training;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.tidewheel.history.questions.ColumnOf;
import dev.tidewheel.history.questions.LeftOut;
import dev.tidewheel.history.source.Erased;
import dev.tidewheel.history.source.FileDigest;
import dev.tidewheel.history.source.Origin;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a training set is, exactly enough to build the same bytes again. It holds no time of its making and no folder:
 * the same command gives the same manifest.
 *
 * @param format the version of this layout
 * @param code the version of the data's layout: where files and row groups end, what columns are called
 * @param asked what was asked for
 * @param views the definitions of the service's views, by name
 * @param data where the rows of each source that was read come from; {@link #QUESTIONS} and {@link #LABELS} where they come
 *     from elsewhere
 * @param from the first moment that could be asked, ISO-8601
 * @param to before which the last one lies
 * @param label the label's column; null if the questions have none
 * @param rows how many
 * @param leftOut questions in the range that became no rows
 * @param columns of the data files, in order
 * @param files in the order of their rows
 * @param profile the reference profile beside the data; null where none was made
 * @param digest {@code sha256:…} of the files' digests
 */
public record TrainingSetManifest(
        int format,
        int code,
        AskedFor asked,
        Map<String, ViewOf> views,
        Map<String, Data> data,
        String from,
        String to,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String label,
        long rows,
        LeftOut leftOut,
        List<ColumnOf> columns,
        List<SetFile> files,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable ProfileFile profile,
        String digest) {
    /** The file within a set's folder that it is. */
    public static final String FILE = "manifest.json";
    /**
     * The layout that this version writes. What a reader may do without is added within a layout: a field that it does not
     * know it passes over, and one that is missing says nothing. What it may not do without makes another.
     */
    public static final int FORMAT = 2;
    /** The layout of the data that this version writes. */
    public static final int CODE = 2;
    /** Under {@link #data()}, where questions of a file or table come from. */
    public static final String QUESTIONS = "@questions";
    /** Under {@link #data()}, where labels of their own come from. */
    public static final String LABELS = "@labels";

    private static final ObjectMapper JSON = new ObjectMapper()
            .enable(SerializationFeature.INDENT_OUTPUT)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

    public TrainingSetManifest {
        views = new TreeMap<>(views);
        data = new TreeMap<>(data);
        columns = List.copyOf(columns);
        files = List.copyOf(files);
    }

    /**
     * Where rows come from: a table with its snapshot and tag, or a file with its digest.
     *
     * @param name of the table or file
     * @param snapshotId of the table
     * @param tag that keeps the snapshot from expiring
     * @param digest of the file
     * @param computed columns that the file does not store: expressions, by name
     * @param erased what the snapshot had of entities that were erased before this was read; null if nothing
     * @param imports what the snapshot has of imported history, in the order of the imports; empty if it has none,
     *     or the set was made before manifests said so
     */
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    public record Data(
            String name,
            @Nullable Long snapshotId,
            @Nullable String tag,
            @Nullable String digest,
            Map<String, String> computed,
            @Nullable Erased erased,
            List<ImportOf> imports) {
        public Data {
            imports = imports == null ? List.of() : List.copyOf(imports);
            computed = computed == null ? Map.of() : new TreeMap<>(computed);
        }

        /** Where rows were read from, without a tag. */
        public static Data of(Origin origin) {
            if (origin instanceof Origin.Snapshot snapshot) {
                return new Data(snapshot.table(), snapshot.snapshotId(), null, null, Map.of(), null, List.of());
            }
            if (origin instanceof Origin.File file) {
                return new Data(file.name(), null, null, file.digest(), file.computed(), null, List.of());
            }
            return new Data(origin.describe(), null, null, null, Map.of(), null, List.of());
        }

        /** The same with the tag that keeps its snapshot. */
        Data tagged(String name) {
            return new Data(this.name, snapshotId, name, digest, computed, erased, imports);
        }

        /** The same without the rows of entities that were erased. */
        Data without(Erased rows) {
            return new Data(name, snapshotId, tag, digest, computed, rows, imports);
        }

        /** The same with what was imported. */
        Data imported(List<ImportOf> all) {
            return new Data(name, snapshotId, tag, digest, computed, erased, all);
        }
    }

    /**
     * Imported history, see docs/handover.md.
     *
     * @param number of the import, from 0
     * @param rows that it brought, refused ones too
     * @param digest of what was imported, and how
     */
    public record ImportOf(int number, long rows, String digest) {}

    /**
     * A reference profile.
     *
     * @param file its name within the set's folder
     * @param id its own digest
     */
    public record ProfileFile(String file, String id) {}

    /** The same with its profile. */
    public TrainingSetManifest with(ProfileFile made) {
        return new TrainingSetManifest(
                format, code, asked, views, data, from, to, label, rows, leftOut, columns, files, made, digest);
    }

    /** Whose questions and label the rows hold; null where no model asks. */
    public @Nullable String model() {
        return asked.model();
    }

    /** Whose vector the rows hold. */
    public String service() {
        return asked.service();
    }

    /** Of the service's definition, with its views' and sources'. */
    public String serviceHash() {
        return asked.serviceHash();
    }

    /** See {@link Knowledge}. */
    public Knowledge knowledge() {
        return asked.knowledge();
    }

    /** The ISO-8601 duration by which questions see less than was visible. */
    public String servingDelay() {
        return asked.servingDelay();
    }

    /** The lineages of the views that have one, by view. */
    public Map<String, Long> lineages() {
        Map<String, Long> lineages = new TreeMap<>();
        views.forEach((view, of) -> {
            if (of.lineage() != null) {
                lineages.put(view, of.lineage());
            }
        });
        return lineages;
    }

    /** How many rows were not read because they told of entities that had been erased. */
    public long erasedRows() {
        return data.values().stream()
                .map(Data::erased)
                .mapToLong(erased -> erased == null ? 0 : erased.rows())
                .sum();
    }

    /** Where the questions come from; null for every key, which nobody asked about. */
    public @Nullable Data questions() {
        return asked.questions().kind() == QuestionsOf.Kind.MODEL
                ? data.get(asked.questions().name())
                : data.get(QUESTIONS);
    }

    /** The digest of a set of files. */
    static String digestOf(List<SetFile> files) {
        return FileDigest.ofText(files.stream()
                .map(file -> file.name() + " " + file.digest() + "\n")
                .collect(Collectors.joining()));
    }

    /** Writes it into a set's folder, in one step: whoever is killed here leaves the old one or the new one. */
    public void write(Path folder) throws IOException {
        Path unfinished = folder.resolve(FILE + ".unfinished");
        Files.writeString(unfinished, toJson(), StandardCharsets.UTF_8);
        Files.move(unfinished, folder.resolve(FILE), StandardCopyOption.REPLACE_EXISTING);
    }

    /** As JSON, the same bytes for equal manifests. */
    public String toJson() {
        return write(this);
    }

    static String write(Object plain) {
        try {
            return JSON.writeValueAsString(plain) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a manifest is plain data", e);
        }
    }

    /**
     * Reads a manifest of any format that was ever written.
     *
     * @throws IOException if the file is missing or is no manifest
     */
    public static TrainingSetManifest read(Path file) throws IOException {
        return parse(Files.readString(file, StandardCharsets.UTF_8), file.toString());
    }

    /**
     * The same from its text.
     *
     * @param where it was found, for messages
     */
    public static TrainingSetManifest parse(String text, String where) throws IOException {
        JsonNode json = JSON.readTree(text);
        int format = json.path("format").asInt();
        if (format < 1 || format > FORMAT) {
            throw new IOException(where + " is a manifest of format " + json.path("format")
                    + ", and this version reads 1 to " + FORMAT + ": use a newer tidewheel");
        }
        return format == 1
                ? JSON.treeToValue(json, ManifestV1.class).current()
                : JSON.treeToValue(json, TrainingSetManifest.class);
    }
}
