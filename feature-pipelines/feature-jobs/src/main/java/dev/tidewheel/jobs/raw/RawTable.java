package dev.tidewheel.jobs.raw;

import dev.tidewheel.definitions.Channels;
import dev.tidewheel.feature.row.RowSchema;
import dev.tidewheel.jobs.source.ColumnsSince;
import dev.tidewheel.runtime.config.WarehouseConfig;
import dev.tidewheel.runtime.warehouse.LocalFileIO;
import dev.tidewheel.runtime.warehouse.RawSchema;
import dev.tidewheel.runtime.warehouse.RawTables;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.apache.hadoop.conf.Configuration;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.Catalog;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.flink.CatalogLoader;
import org.apache.iceberg.flink.TableLoader;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.jdbc.JdbcCatalog;
import org.apache.iceberg.types.Conversions;
import org.apache.iceberg.types.Types.NestedField;
import org.jspecify.annotations.Nullable;

/**
 * The Iceberg table {@code raw.<source>} that keeps every record of a source, refused ones too: what training sets,
 * parity and explanations read, and what the books of a source are checked against.
 */
public final class RawTable {
    private RawTable() {}

    /** The table's name in the catalog. */
    public static TableIdentifier name(String source) {
        return RawTables.name(source);
    }

    /** Opens the table where the job runs. */
    public static TableLoader loader(WarehouseConfig warehouse, String source) {
        return TableLoader.fromCatalog(catalog(warehouse), name(source));
    }

    private static CatalogLoader catalog(WarehouseConfig warehouse) {
        return CatalogLoader.custom(
                WarehouseConfig.CATALOG_NAME,
                warehouse.catalogProperties(LocalFileIO.class.getName()),
                new Configuration(false),
                JdbcCatalog.class.getName());
    }

    /**
     * The table as it is.
     *
     * @param schema its columns, in its order
     * @param written how far each partition is written already: channel to next offset, empty for a new table
     */
    record Ensured(Schema schema, Map<Integer, Long> written) {}

    /**
     * Creates the table if it is missing, and has it follow its source if the columns have changed.
     *
     * @param topicsFollow whether other topics than these may be in the table: those of former definitions
     * @throws IllegalStateException if it cannot follow, see {@link RawEvolution}
     */
    static Ensured ensure(
            WarehouseConfig warehouse, String source, Channels channels, boolean topicsFollow, Schema schema) {
        Catalog catalog = catalog(warehouse).loadCatalog();
        try (AutoCloseable closing = closing(catalog)) {
            Table table = RawTables.createOrLoad(
                    catalog, source, topicsFollow || channels.topics().size() > 1, schema);
            Map<Integer, Long> written = written(table, channels);
            // Of topics that follow each other, each is written by one definition: no column comes later in it.
            RawEvolution.follow(source, table, schema, topicsFollow ? Map.of() : written);
            return new Ensured(table.schema(), written);
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException("cannot close the catalog " + warehouse, e);
        }
    }

    /** From where on a source's table has the columns that came later; nothing of a table that is not there. */
    public static ColumnsSince since(WarehouseConfig warehouse, String source) {
        Catalog catalog = catalog(warehouse).loadCatalog();
        try (AutoCloseable closing = closing(catalog)) {
            return catalog.tableExists(name(source))
                    ? RawEvolution.since(catalog.loadTable(name(source)))
                    : ColumnsSince.NONE;
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException("cannot close the catalog " + warehouse, e);
        }
    }

    /**
     * What a source's table has of a partition.
     *
     * @param first offset
     * @param next the offset after the last
     */
    record Extent(long first, long next) {
        private Extent with(Extent that) {
            return new Extent(Math.min(first, that.first), Math.max(next, that.next));
        }
    }

    /** What a source's table has, by channel; nothing of a table that is not there. */
    static Map<Integer, Extent> extents(WarehouseConfig warehouse, String source, Channels channels) {
        Catalog catalog = catalog(warehouse).loadCatalog();
        try (AutoCloseable closing = closing(catalog)) {
            Map<Integer, Extent> extents = new TreeMap<>();
            if (catalog.tableExists(name(source))) {
                Table table = catalog.loadTable(name(source));
                forEachFile(
                        table,
                        channels,
                        (channel, file) -> extents.merge(
                                channel, new Extent(first(file, table), next(file, table)), Extent::with));
            }
            return extents;
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException("cannot close the catalog " + warehouse, e);
        }
    }

    /**
     * Looks whether a source's table, if there is one, has its columns.
     *
     * @throws IllegalStateException if one is missing: only the source's own job may say from where on it is there
     */
    public static void requireColumns(WarehouseConfig warehouse, String source, RowSchema columns) {
        Catalog catalog = catalog(warehouse).loadCatalog();
        try (AutoCloseable closing = closing(catalog)) {
            if (!catalog.tableExists(name(source))) {
                return;
            }
            Schema known = catalog.loadTable(name(source)).schema();
            columns.columns().stream()
                    .filter(column -> known.findField(column.name()) == null)
                    .findFirst()
                    .ifPresent(column -> {
                        throw new IllegalStateException("table " + name(source) + " has no column '" + column.name()
                                + "' yet; start the job of source " + source + " first, then this one");
                    });
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException("cannot close the catalog " + warehouse, e);
        }
    }

    private static AutoCloseable closing(Catalog catalog) {
        return catalog instanceof AutoCloseable closeable ? closeable : () -> {};
    }

    /** Channel to next offset, from the upper bounds of the data files. */
    static Map<Integer, Long> written(Table table, Channels channels) {
        Map<Integer, Long> next = new TreeMap<>();
        forEachFile(table, channels, (channel, file) -> next.merge(channel, next(file, table), Math::max));
        return next;
    }

    /** The smallest offset in a file. */
    static long first(DataFile file, Table table) {
        return bound(file.lowerBounds(), file, table.schema().findField(RawSchema.OFFSET));
    }

    private static long next(DataFile file, Table table) {
        return bound(file.upperBounds(), file, table.schema().findField(RawSchema.OFFSET)) + 1;
    }

    private static void forEachFile(Table table, Channels channels, BiConsumer<Integer, DataFile> visitor) {
        try (CloseableIterable<FileScanTask> files =
                table.newScan().includeColumnStats().planFiles()) {
            for (FileScanTask task : files) {
                DataFile file = task.file();
                String topic = topic(file, channels);
                if (channels.topics().contains(topic)) {
                    visitor.accept(channels.channel(topic, file.partition().get(0, Integer.class)), file);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the manifests of " + table.name(), e);
        }
    }

    private static String topic(DataFile file, Channels channels) {
        return file.partition().size() == 1
                ? channels.topics().get(0)
                : String.valueOf(file.partition().get(1, CharSequence.class));
    }

    private static long bound(@Nullable Map<Integer, ByteBuffer> bounds, DataFile file, NestedField offset) {
        ByteBuffer bound = bounds == null ? null : bounds.get(offset.fieldId());
        if (bound == null) {
            throw new IllegalStateException(
                    file.location() + " has no bounds of " + offset.name() + ": it was not written by this job");
        }
        return Conversions.<Long>fromByteBuffer(offset.type(), bound);
    }
}
