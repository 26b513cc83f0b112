package dev.tidewheel.benchmarks;

import java.nio.file.Path;
import java.util.List;

/** Where the peers' SQL differs, as far as {@link HistoryPlan} needs it. */
enum SqlDialect {
    /** DuckDB's. */
    DUCKDB("//", "read_parquet('%s')", List.of(HistoryPlan.values())),
    /** Spark's, which has no {@code ASOF} joins. */
    SPARK("div", "parquet.`%s`", List.of(HistoryPlan.RANGE_JOIN, HistoryPlan.UNION));

    private final String quotient;
    private final String file;
    private final List<HistoryPlan> plans;

    SqlDialect(String quotient, String file, List<HistoryPlan> plans) {
        this.quotient = quotient;
        this.file = file;
        this.plans = plans;
    }

    /** The operator of a division without a rest. */
    String quotient() {
        return quotient;
    }

    /** A Parquet file as a table. */
    String file(Path path) {
        return file.formatted(path);
    }

    /** The ways that it can say. */
    List<HistoryPlan> plans() {
        return plans;
    }
}
