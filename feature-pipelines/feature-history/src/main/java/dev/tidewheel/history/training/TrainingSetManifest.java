package dev.tidewheel.history.training;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.tidewheel.feature.row.ColumnType;
import dev.tidewheel.history.source.Origin;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a training set is, exactly enough to build the same bytes again. It holds no time of its making and no folder:
 * the same command gives the same manifest.
 *
 * @param format the version of this layout
 * @param model whose questions and label the rows hold
 * @param service whose vector the rows hold
 * @param serviceHash of the service's definition, with its views' and sources'
 * @param lineages by view
 * @param source the questions' source
 * @param data where the rows of each source that was read come from
 * @param knowledge see {@link Knowledge}
 * @param servingDelay ISO-8601 duration by which questions see less than was visible
 * @param from the first moment that could be asked, ISO-8601
 * @param to before which the last one lies
 * @param knownBy what became known later was left out, ISO-8601; null if nothing was
 * @param label the label's column
 * @param rows how many
 * @param leftOut events in the range that became no rows
 * @param columns of the data file, in order
 * @param digest {@code sha256:…} of the data file
 */
public record TrainingSetManifest(
        int format,
        String model,
        String service,
        String serviceHash,
        Map<String, Long> lineages,
        String source,
        Map<String, Data> data,
        Knowledge knowledge,
        String servingDelay,
        String from,
        String to,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String knownBy,
        String label,
        long rows,
        LeftOut leftOut,
        List<ColumnOf> columns,
        String digest) {
    /** The layout that this version writes. */
    public static final int FORMAT = 1;

    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    public TrainingSetManifest {
        lineages = new TreeMap<>(lineages);
        data = new TreeMap<>(data);
        columns = List.copyOf(columns);
    }

    /** What a column is for. */
    public enum Role {
        /** The event that the question comes from. */
        QUESTION,
        /** The moment asked. */
        TIME,
        /** Part of the key under which views were read. */
        ENTITY,
        /** A column of the service's vector: what a model may learn from. */
        VECTOR,
        /** What turned out to be true. */
        LABEL
    }

    /** One column of the data file. */
    public record ColumnOf(String name, ColumnType type, Role role) {}

    /**
     * Events in the range that became no rows.
     *
     * @param duplicate the same event again
     * @param noEntity an entity column is null
     * @param noLabel the label is null or failed
     */
    public record LeftOut(long duplicate, long noEntity, long noLabel) {}

    /**
     * Where rows come from: a table with its snapshot and tag, or a file with its digest.
     *
     * @param name of the table or file
     * @param snapshotId of the table
     * @param tag that keeps the snapshot from expiring
     * @param digest of the file
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Data(
            String name,
            @Nullable Long snapshotId,
            @Nullable String tag,
            @Nullable String digest) {

        static Data of(Origin origin, @Nullable String tag) {
            if (origin instanceof Origin.Snapshot snapshot) {
                return new Data(snapshot.table(), snapshot.snapshotId(), tag, null);
            }
            if (origin instanceof Origin.File file) {
                return new Data(file.name(), null, null, file.digest());
            }
            return new Data(origin.describe(), null, null, null);
        }
    }

    /** As JSON, the same bytes for equal manifests. */
    public String toJson() {
        try {
            return JSON.writeValueAsString(this) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a manifest is plain data", e);
        }
    }

    /**
     * @throws IOException if the file is missing or is no manifest
     */
    public static TrainingSetManifest read(Path file) throws IOException {
        return JSON.readValue(Files.readString(file, StandardCharsets.UTF_8), TrainingSetManifest.class);
    }
}
