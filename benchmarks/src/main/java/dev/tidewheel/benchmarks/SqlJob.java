package dev.tidewheel.benchmarks;

import dev.tidewheel.jobs.FeatureJobConfig;
import dev.tidewheel.jobs.JobSettings;
import java.net.URI;
import java.util.List;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.table.api.StatementSet;
import org.apache.flink.table.api.bridge.java.StreamTableEnvironment;

/** The peer: Flink SQL from Kafka to Redis, one query per window, all in one job so that the source is read once. */
final class SqlJob {
    private SqlJob() {}

    static JobClient start(String run, FeatureJobConfig config, List<SqlQuery> queries, URI redis) {
        Configuration settings = JobSettings.of(config);
        // The planner names its operators itself.
        settings.set(PipelineOptions.AUTO_GENERATE_UIDS, true);
        StreamTableEnvironment tables =
                StreamTableEnvironment.create(StreamExecutionEnvironment.getExecutionEnvironment(settings));
        tables.getConfig().set("table.local-time-zone", "UTC");
        // The peer may take its time to gather a batch: a second, as its sink does.
        tables.getConfig().set("table.exec.mini-batch.enabled", "true");
        tables.getConfig().set("table.exec.mini-batch.allow-latency", "1 s");
        tables.getConfig().set("table.exec.mini-batch.size", "5000");
        tables.executeSql(source(config));
        StatementSet statements = tables.createStatementSet();
        for (SqlQuery query : queries) {
            tables.executeSql(sink(run, query, redis));
            statements.addInsertSql("INSERT INTO `" + query.name() + "` " + query.select());
        }
        return statements.execute().getJobClient().orElseThrow();
    }

    private static String source(FeatureJobConfig config) {
        StringBuilder properties = new StringBuilder();
        config.kafka()
                .properties()
                .forEach((name, value) -> properties
                        .append(", 'properties.")
                        .append(name)
                        .append("' = '")
                        .append(value)
                        .append("'"));
        return "CREATE TABLE events (ts TIMESTAMP(3) NOT NULL, user_id STRING NOT NULL, amount BIGINT NOT NULL,"
                + " WATERMARK FOR ts AS ts - INTERVAL '0.001' SECOND) WITH ('connector' = 'kafka', 'topic' = '"
                + config.source() + "', 'properties.bootstrap.servers' = '"
                + config.kafka().bootstrap()
                + "', 'properties.group.id' = 'sql', 'scan.startup.mode' = 'earliest-offset', 'format' = 'avro'"
                + properties + ")";
    }

    private static String sink(String run, SqlQuery query, URI redis) {
        return "CREATE TABLE `" + query.name() + "` (user_id STRING, stamp TIMESTAMP(3), number BIGINT, total BIGINT,"
                + " average DOUBLE, biggest BIGINT) WITH ('connector' = 'redis-values', 'run' = '" + run
                + "', 'name' = '" + query.name() + "', 'redis' = '" + redis + "')";
    }
}
