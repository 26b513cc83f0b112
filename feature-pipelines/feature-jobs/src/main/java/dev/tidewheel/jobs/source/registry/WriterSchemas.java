package dev.tidewheel.jobs.source.registry;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongConsumer;
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
 * found is kept.
 *
 * <p>That there is none may mean that the registry's replica has not heard of it yet: it is asked again for as long as it
 * may lag. If that was in vain the id is refused, and asked again after {@link #UNKNOWN_FOR}; as long are others that it
 * does not know refused at once. So a topic full of garbage waits for one lag in that time, not for one per record, and
 * takes no place from schemas that there are. Not thread-safe.
 */
public final class WriterSchemas {
    /** A topic has a handful of writers' schemas; the bound is against ids that are garbage. Of either sort. */
    static final int MOST = 1_000;

    /** How long an id that the registry does not know is refused without asking again. */
    static final Duration UNKNOWN_FOR = Duration.ofSeconds(30);

    private static final long NANOS_PER_MILLI = 1_000_000;

    private final Source registry;
    private final UnaryOperator<Schema> readers;
    private final long lagNanos;
    private final LongSupplier nanoTime;
    private final LongConsumer pause;
    private final Map<Integer, Writer> known = leastRecentlyUsedFirst();
    private final Map<Integer, Long> unknownSince = leastRecentlyUsedFirst();
    private @Nullable Long waitedInVain;

    private static <V> Map<Integer, V> leastRecentlyUsedFirst() {
        return new LinkedHashMap<>(16, 0.75f, true) {
            @Override
            protected boolean removeEldestEntry(Map.Entry<Integer, V> eldest) {
                return size() > MOST;
            }
        };
    }

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
     */
    public record Writer(@Nullable DatumReader<GenericRecord> reader, String refusal) {
        static final Writer UNKNOWN = refused("there is none with this id");

        static Writer refused(String refusal) {
            return new Writer(null, refusal);
        }
    }

    /**
     * @param lag how long the registry may not know yet what a producer has registered
     * @param readers gives the schema to read by for a writer's
     */
    public WriterSchemas(Source registry, Duration lag, UnaryOperator<Schema> readers) {
        this(registry, lag, readers, System::nanoTime, Pauses::sleep);
    }

    /** @param pause waits so many milliseconds */
    WriterSchemas(
            Source registry, Duration lag, UnaryOperator<Schema> readers, LongSupplier nanoTime, LongConsumer pause) {
        this.registry = registry;
        this.lagNanos = lag.toNanos();
        this.readers = readers;
        this.nanoTime = nanoTime;
        this.pause = pause;
    }

    /**
     * What an id stands for.
     *
     * @throws RegistryUnavailableException if it is not known and the registry does not answer
     */
    public Writer of(int id) {
        Writer found = known.get(id);
        if (found != null) {
            return found;
        }
        if (isFresh(unknownSince.get(id))) {
            return Writer.UNKNOWN;
        }
        Optional<Writer> asked = ask(id);
        if (asked.isPresent()) {
            unknownSince.remove(id);
            known.put(id, asked.get());
        } else {
            unknownSince.put(id, nanoTime.getAsLong());
        }
        return asked.orElse(Writer.UNKNOWN);
    }

    private boolean isFresh(@Nullable Long since) {
        return since != null && nanoTime.getAsLong() - since <= UNKNOWN_FOR.toNanos();
    }

    /** Empty if the registry does not know the id, and has had the time that it may lag. */
    private Optional<Writer> ask(int id) {
        long end = nanoTime.getAsLong() + (isFresh(waitedInVain) ? 0 : lagNanos);
        Pauses pauses = new Pauses();
        for (Optional<Writer> answer = answer(id); ; answer = answer(id)) {
            long left = end - nanoTime.getAsLong();
            if (answer.isPresent()) {
                return answer;
            }
            if (left <= 0) {
                waitedInVain = isFresh(waitedInVain) ? waitedInVain : Long.valueOf(nanoTime.getAsLong());
                return answer;
            }
            pause.accept(Math.min(pauses.next(), 1 + left / NANOS_PER_MILLI));
        }
    }

    private Optional<Writer> answer(int id) {
        try {
            return registry.schema(id).map(text -> resolved(new Schema.Parser().parse(text)));
        } catch (UnusableSchemaException unusable) {
            return Optional.of(Writer.refused(String.valueOf(unusable.getMessage())));
        } catch (AvroRuntimeException broken) {
            return Optional.of(Writer.refused("it is no Avro schema by itself: " + broken.getMessage()));
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
            return new Writer(new GenericDatumReader<>(writer, reader), "");
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
