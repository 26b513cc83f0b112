package dev.tidewheel.records;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.avro.specific.SpecificRecordBase;

/** One instance of each record, with every field set to something that tells it from the others. Never changed. */
final class Examples {
    private static final String HASH = "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
    private static final long T = 981_030_600_000L;

    private Examples() {}

    static Stream<SpecificRecordBase> all() {
        return Stream.of(
                alert(),
                clockTick(),
                deadLetter(),
                deadLetterMark(),
                definition(),
                desired(),
                frontier(),
                inference(),
                label(),
                lifecycleDecision(),
                lifecycleEvent(),
                metricRow(),
                observation());
    }

    private static Alert alert() {
        return Alert.newBuilder()
                .setId("5f70bf18a086007016e948b04aed3b82103a36bea41755b6cddfaf10ace3c6ef")
                .setKind(AlertKind.FIRED)
                .setSeverity(Severity.WARNING)
                .setMonitor("late_drift")
                .setRule("psi")
                .setModel("late")
                .setModelVersion("3")
                .setFeature("origin_mean_3h")
                .setSegment("origin=ORD")
                .setWindowStart(T)
                .setWindowEnd(T + 86_400_000)
                .setRevision(2)
                .setMeasure("psi")
                .setValue(0.31)
                .setThreshold(0.25)
                .setFalseAlarmsPerYear(2.0)
                .setSummary("origin_mean_3h has shifted: PSI 0.31 is above 0.25")
                .setJudgedAt(T + 86_460_000)
                .build();
    }

    private static ClockTick clockTick() {
        return new ClockTick(T, "replay", 42L);
    }

    private static DeadLetter deadLetter() {
        return DeadLetter.newBuilder()
                .setTopic("flights")
                .setPartition(3)
                .setOffset(12_345L)
                .setTimestamp(T)
                .setStage("view")
                .setView("origin_delays")
                .setReason(DeadLetterReason.LATE)
                .setDetail("known 9 d after it happened; the horizon is 8 d")
                .setEntityKey("ORD")
                .setEventTime(T - 777_600_000)
                .setKnownTime(T)
                .setKey(bytes("k"))
                .setValue(bytes("\u0001\u0002\u0003"))
                .build();
    }

    private static DeadLetterMark deadLetterMark() {
        return DeadLetterMark.newBuilder()
                .setTopic("flights")
                .setPartition(3)
                .setOffset(12_345L)
                .setStage("view")
                .setView("origin_delays")
                .setAction(DeadLetterAction.REPLAYED)
                .setMarkedAt(T)
                .setWhy("the schema was wrong")
                .setNewPartition(3)
                .setNewOffset(99_999L)
                .build();
    }

    private static Definition definition() {
        return new Definition(
                "FeatureService",
                "late_inputs",
                HASH,
                "{\"kind\":\"FeatureService\"}",
                1L,
                List.of(new DefinedColumn("origin_mean_3h", "FLOAT64"), new DefinedColumn("hour", "INT64")),
                T);
    }

    private static Desired desired() {
        return new Desired(
                "late", "training/7", 4L, DesiredState.PRESENT, "training", "{\"gpus\":1}", HASH, HASH, 1, 99L, T);
    }

    private static Frontier frontier() {
        return Frontier.newBuilder()
                .setJob("flights")
                .setStage("origin+destination")
                .setViews(List.of(new ViewLineage("route_delays", 1L)))
                .setAttempt(T + 5)
                .setSubtask(1)
                .setParallelism(2)
                .setFirstKeyGroup(64)
                .setLastKeyGroup(127)
                .setFlush(1_000L)
                .setPhase(FrontierPhase.ACKNOWLEDGED)
                .setPartitions(
                        List.of(new PartitionFrontier("flights", 0, 500L), new PartitionFrontier("flights", 1, 0L)))
                .setKeysWritten(17)
                .setRegistry(321L)
                .setImports(List.of(new PartitionFrontier("flights", 64_512, 900L)))
                .build();
    }

    private static Inference inference() {
        return Inference.newBuilder()
                .setT(T)
                .setRequestId("7d444840-9dc0-11d1-b245-5ffdce74fad2")
                .setTraceId("4bf92f3577b34da6a3ce929d0e0e4736")
                .setRow(1)
                .setArm("champion")
                .setModel("late")
                .setModelVersion("3")
                .setArtifactDigest(HASH)
                .setService("late_inputs")
                .setServiceHash(HASH)
                .setConfigHash(HASH)
                .setEntityNames(List.of("origin", "destination"))
                .setEntityKeys(List.of("ORD", "LAX"))
                .setEntityKeyDigest("hmac-2001")
                .setNumbers(List.of(12.5, 0.0, -0.0, Double.MIN_VALUE))
                .setIntegers(List.of(23L, Long.MIN_VALUE))
                .setStrings(List.of("ORD"))
                .setNulls(bytes("\u0002"))
                .setStatuses(bytes("\u0000\u0001\u0000\u0000\u0000\u0000\u0000"))
                .setCuts(List.of(new ViewCut("origin_delays", 1L, T + 5, 1, 1_000L, T - 60_000, 321L)))
                .setPrediction(List.of(0.25))
                .setPredictionNames(List.of("probability"))
                .setStatus(InferenceStatus.OK)
                .setError("none")
                .setAdmittedAt(T + 1)
                .setFeatureMicros(120L)
                .setModelMicros(340L)
                .setServerMicros(6L)
                .setTotalMicros(512L)
                .build();
    }

    private static Label label() {
        return new Label("7d444840-9dc0-11d1-b245-5ffdce74fad2", 1, "late", "late15", 1.0, T + 7_200_000);
    }

    private static LifecycleDecision lifecycleDecision() {
        return new LifecycleDecision(
                "late",
                1,
                99L,
                "trigger-1",
                T,
                DecisionOutcome.CHANGED,
                "drift alarm, cool-down is over",
                List.of(new DecisionNumber("champion log loss", 0.475)),
                "Serving",
                "Training",
                "{\"state\":\"Training\"}",
                List.of(new DesiredChange("training/7", 4L)));
    }

    private static LifecycleEvent lifecycleEvent() {
        return LifecycleEvent.newBuilder()
                .setId("trigger-1")
                .setModel("late")
                .setNow(T)
                .setSender("monitoring")
                .setKind(LifecycleEventKind.TRIGGER)
                .setTrigger(new Trigger(
                        TriggerReason.ALERT, "weekly", "5f70bf18", "late_drift", "psi", "3", "PSI 0.31 is above 0.25"))
                .setObservation(observation())
                .setApproval(new Approval("rollout", 5L, true, "ada", "go"))
                .setDefinition(new DefinitionChange("Retraining", "weekly", HASH, "{}"))
                .setHealth(new ServingHealth("late_health", "3", T - 3_600_000, T, 1, 1_000L, 2L, 12.5))
                .build();
    }

    private static MetricRow metricRow() {
        return MetricRow.newBuilder()
                .setMonitor("late_drift")
                .setMonitorHash(HASH)
                .setModel("late")
                .setModelVersion("3")
                .setFeature("origin_mean_3h")
                .setSegment("origin=ORD")
                .setWindowStart(T)
                .setWindowEnd(T + 86_400_000)
                .setRevision(2)
                .setSettled(true)
                .setReference(new Reference(ReferenceKind.TRAINING_PROFILE, "profile-1"))
                .setCounts(new CountBlock(1_000L, 100L, 1L, 2L, 3L, 894L))
                .setHistogram(new Histogram("edges-1", 4L, List.of(400L, 300L, 180L), 10L))
                .setSketch(new Sketch("ddsketch", bytes("sketch")))
                .setMeasures(List.of(new Measure("psi", 0.31, 0.29, 0.33, 0.25, Verdict.ALARM)))
                .setLabelled(950L)
                .setUnassigned(5L)
                .setComputedAt(T + 86_460_000)
                .build();
    }

    private static Observation observation() {
        return new Observation(
                "late",
                "training/7",
                4L,
                12L,
                "agent-0",
                ObservedPhase.SUCCEEDED,
                "",
                new ObservedResource("batch/v1", "Job", "ml", "late-7", "uid-1", "1001"),
                Map.of("modelVersion", "4"),
                T + 600_000);
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1));
    }
}
