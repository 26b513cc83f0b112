package dev.tidewheel.history.backfill;

import dev.tidewheel.definitions.Channels;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.apache.iceberg.Table;

/**
 * What an import brought, as the properties of the raw table say it for ever.
 *
 * @param number of the import, from 0: it stands in {@link Channels#importPartition}, from offset 0 on
 * @param digest of what was imported, and how
 * @param rows refused ones too
 * @param refused of them
 * @param firstKnown the least known time of the others, epoch milliseconds, whether they count or not: another handover
 *     decides otherwise. If there are none {@link Long#MAX_VALUE}
 * @param lastKnown the greatest; if there are none {@link Long#MIN_VALUE}
 */
public record Imported(int number, String digest, long rows, long refused, long firstKnown, long lastKnown) {
    private static final String PROPERTY = "tidewheel.import.";

    public Imported {
        Objects.requireNonNull(digest, "digest");
    }

    /** The partition that it stands in. */
    public int partition() {
        return Channels.importPartition(number);
    }

    /** All of a table, in their order. */
    public static List<Imported> of(Table table) {
        List<Imported> imports = new ArrayList<>();
        String text = table.properties().get(PROPERTY + 0);
        while (text != null) {
            imports.add(parse(imports.size(), text));
            text = table.properties().get(PROPERTY + imports.size());
        }
        return List.copyOf(imports);
    }

    /** The one that brought the same, if there is one. */
    static Optional<Imported> same(List<Imported> imports, String digest) {
        return imports.stream().filter(each -> each.digest().equals(digest)).findFirst();
    }

    private static Imported parse(int number, String text) {
        String[] parts = text.split(" ", -1);
        return new Imported(
                number,
                parts[0],
                Long.parseLong(parts[1]),
                Long.parseLong(parts[2]),
                Long.parseLong(parts[3]),
                Long.parseLong(parts[4]));
    }

    /** The property's name. */
    String property() {
        return PROPERTY + number;
    }

    /** The property's value. */
    String text() {
        return String.join(
                " ",
                digest,
                Long.toString(rows),
                Long.toString(refused),
                Long.toString(firstKnown),
                Long.toString(lastKnown));
    }

    /** Whether something may have become known between the first and the last of both. */
    boolean overlaps(Imported that) {
        return firstKnown <= that.lastKnown && that.firstKnown <= lastKnown;
    }
}
