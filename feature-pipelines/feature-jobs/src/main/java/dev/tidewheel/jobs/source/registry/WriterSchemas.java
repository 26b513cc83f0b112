package dev.tidewheel.jobs.source.registry;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.Incompatibility;
import org.apache.avro.SchemaCompatibility.SchemaCompatibilityResult;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.DatumReader;
import org.jspecify.annotations.Nullable;

/**
 * What writers wrote with, by schema id, resolved to what this job reads. Schemas never change under their id, so what was
 * found is kept; that there is none is asked again after a while. Not thread-safe.
 */
public final class WriterSchemas {
    /** A topic has a handful of writers' schemas; the bound is against ids that are garbage. */
    static final int MOST = 1_000;

    /** How long an id that the registry does not know is refused without asking again. */
    static final Duration UNKNOWN_FOR = Duration.ofSeconds(30);

    private final Source registry;
    private final UnaryOperator<Schema> readers;
    private final LongSupplier nanoTime;
    private final Map<Integer, Writer> known = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Integer, Writer> eldest) {
            return size() > MOST;
        }
    };

    /** A registry. */
    public interface Source {
        /**
         * The text of the Avro schema with an id; empty if there is no such id.
         *
         * @throws UnusableSchemaException if there is something else
         * @throws RegistryUnavailableException if nothing can be said
         */
        Optional<String> schema(int id) throws UnusableSchemaException;
    }

    /** The registry has the id, but nothing that this job can read by. */
    public static final class UnusableSchemaException extends Exception {
        private static final long serialVersionUID = 1L;

        public UnusableSchemaException(String message) {
            super(message);
        }
    }

    /**
     * What is known of an id.
     *
     * @param reader reads what was written with it; null if that cannot be
     * @param refusal why it cannot be; empty if it can
     * @param unknownSince {@link System#nanoTime()} of when the registry said that it does not have the id; null if it has
     */
    public record Writer(
            @Nullable DatumReader<GenericRecord> reader,
            String refusal,
            @Nullable Long unknownSince) {
        static Writer refused(String refusal) {
            return new Writer(null, refusal, null);
        }
    }

    /**
     * @param readers gives the schema to read by for a writer's
     */
    public WriterSchemas(Source registry, UnaryOperator<Schema> readers) {
        this(registry, readers, System::nanoTime);
    }

    WriterSchemas(Source registry, UnaryOperator<Schema> readers, LongSupplier nanoTime) {
        this.registry = registry;
        this.readers = readers;
        this.nanoTime = nanoTime;
    }

    /**
     * What an id stands for.
     *
     * @throws RegistryUnavailableException if it is not known and the registry does not answer
     */
    public Writer of(int id) {
        Writer found = known.get(id);
        if (found == null || isStale(found)) {
            found = ask(id);
            known.put(id, found);
        }
        return found;
    }

    private boolean isStale(Writer writer) {
        return writer.unknownSince() != null && nanoTime.getAsLong() - writer.unknownSince() > UNKNOWN_FOR.toNanos();
    }

    private Writer ask(int id) {
        try {
            Optional<String> text = registry.schema(id);
            return text.isPresent()
                    ? resolved(new Schema.Parser().parse(text.get()))
                    : new Writer(null, "there is none with this id", nanoTime.getAsLong());
        } catch (UnusableSchemaException unusable) {
            return Writer.refused(String.valueOf(unusable.getMessage()));
        } catch (AvroRuntimeException broken) {
            return Writer.refused("it is no Avro schema by itself: " + broken.getMessage());
        }
    }

    private Writer resolved(Schema writer) {
        if (writer.getType() != Schema.Type.RECORD) {
            return Writer.refused("it is no record but " + writer.getType().getName());
        }
        Schema reader = readers.apply(writer);
        SchemaCompatibilityResult result = SchemaCompatibility.checkReaderWriterCompatibility(reader, writer)
                .getResult();
        if (result.getIncompatibilities().isEmpty()) {
            return new Writer(new GenericDatumReader<>(writer, reader), "", null);
        }
        return Writer.refused(result.getIncompatibilities().stream()
                .map(each -> "the definition cannot read it: " + described(each, reader))
                .collect(Collectors.joining("; ")));
    }

    /** Avro names the place as a path of indices, such as {@code /fields/3/type}. */
    private static String described(Incompatibility wrong, Schema reader) {
        String[] path = wrong.getLocation().split("/", -1);
        boolean field = path.length > 2 && path[1].equals("fields");
        String where = field
                ? "field '" + reader.getFields().get(Integer.parseInt(path[2])).name() + "'"
                : wrong.getLocation();
        return where + ": " + wrong.getMessage() + " (" + wrong.getType() + ")";
    }
}
