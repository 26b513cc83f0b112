package dev.tidewheel.history.warehouse;

import dev.tidewheel.history.scan.ScanFilter;
import dev.tidewheel.history.source.SourceColumns;
import org.apache.iceberg.Schema;
import org.apache.iceberg.expressions.Expression;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.types.Type;

/**
 * What of a filter the statistics of files can decide. A file without statistics of a column, or with nulls in it, is
 * read; a row that has no event time or no known time is no change, so it is not missed.
 */
final class RawPruning {
    private static final long MICROS = 1_000;

    private RawPruning() {}

    static Expression of(ScanFilter filter, SourceColumns columns, Schema schema) {
        String knownTime = columns.knownTime().orElse(RawTable.TIMESTAMP);
        Expression all = Expressions.alwaysTrue();
        if (filter.happenedFrom() > Long.MIN_VALUE) {
            all = Expressions.and(
                    all,
                    Expressions.greaterThanOrEqual(
                            columns.eventTime(), stored(filter.happenedFrom(), columns.eventTime(), schema)));
        }
        if (filter.happenedBefore() < Long.MAX_VALUE) {
            all = Expressions.and(
                    all,
                    Expressions.lessThan(
                            columns.eventTime(), stored(filter.happenedBefore(), columns.eventTime(), schema)));
        }
        if (filter.knownThrough() < Long.MAX_VALUE) {
            all = Expressions.and(
                    all, Expressions.lessThan(knownTime, stored(filter.knownThrough() + 1, knownTime, schema)));
        }
        return all;
    }

    /** A moment in the units of its column, held at the ends of their range. */
    private static long stored(long millis, String column, Schema schema) {
        Type type = schema.findField(column).type();
        if (type.typeId() != Type.TypeID.TIMESTAMP) {
            return millis;
        }
        long most = Long.MAX_VALUE / MICROS;
        return Math.max(-most, Math.min(most, millis)) * MICROS;
    }
}
