package dev.tidewheel.monitoring.window;

import dev.tidewheel.definitions.Monitor;
import dev.tidewheel.drift.measure.Measure;
import dev.tidewheel.drift.verdict.Alerts;
import dev.tidewheel.drift.verdict.Level;
import dev.tidewheel.drift.verdict.Persistence;
import dev.tidewheel.records.Alert;
import dev.tidewheel.records.AlertKind;
import dev.tidewheel.records.Severity;
import dev.tidewheel.records.Verdict;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Holds a window's figures against the rules of its cell. A rule has its say once per window, in the order of windows;
 * what it fired is withdrawn if a later revision no longer supports it, and nothing is fired by a later revision alone.
 * Keeps nothing between calls.
 */
final class Judge {
    /** What rules remember of the cell. */
    interface Memory {
        RuleState get(String rule) throws Exception;

        void put(String rule, RuleState state) throws Exception;
    }

    /**
     * What is said of a measure.
     *
     * @param threshold NaN where there is none
     */
    record Said(double threshold, Verdict verdict) {}

    private final Cell cell;
    private final List<Ruling> rulings;
    private final Memory memory;
    private final long now;
    private final Consumer<Alert> alerts;

    /** @param now by the clock that runs the job, epoch milliseconds */
    Judge(Cell cell, List<Ruling> rulings, Memory memory, long now, Consumer<Alert> alerts) {
        this.cell = cell;
        this.rulings = rulings;
        this.memory = memory;
        this.now = now;
        this.alerts = alerts;
    }

    /**
     * Judges a window, or looks at one again that was judged before.
     *
     * @param start the window's, epoch milliseconds
     * @param due whether it is to be judged now, if it has not been yet
     * @param revision of the row that the figures go into
     * @return by measure what the first rule of that measure says
     */
    Map<Measure, Said> judge(long start, CellWindow window, Figures figures, boolean due, int revision)
            throws Exception {
        Map<Measure, Said> said = new EnumMap<>(Measure.class);
        List<String> fired = new ArrayList<>(Arrays.asList(window.fired));
        for (Ruling ruling : rulings) {
            Finding finding = new Finding(ruling, start, window, figures, revision);
            Verdict verdict;
            if (window.judged) {
                verdict = finding.again(fired);
            } else if (due) {
                verdict = finding.first(fired);
            } else {
                verdict = Verdict.NOT_JUDGED;
            }
            said.putIfAbsent(ruling.measure(), new Said(finding.level.enter(), verdict));
        }
        window.judged |= due;
        window.fired = fired.toArray(String[]::new);
        return said;
    }

    /** One rule, one window. */
    private final class Finding {
        private final Ruling ruling;
        private final String rule;
        private final long start;
        private final CellWindow window;
        private final int revision;
        private final Level level;
        private final double value;
        private final boolean enough;

        Finding(Ruling ruling, long start, CellWindow window, Figures figures, int revision) {
            this.ruling = ruling;
            this.rule = ruling.rule().name();
            this.start = start;
            this.window = window;
            this.revision = revision;
            this.level = ruling.level(start);
            this.value = figures.measures().getOrDefault(ruling.measure(), Double.NaN);
            this.enough = figures.judgedRows() >= ruling.minRows();
        }

        Verdict first(List<String> fired) throws Exception {
            if (Double.isNaN(level.enter())) {
                return Verdict.NOT_JUDGED;
            }
            if (!enough) {
                return Verdict.NOT_ENOUGH_DATA;
            }
            if (Double.isNaN(value)) {
                return Verdict.UNDEFINED;
            }
            RuleState before = memory.get(rule);
            Persistence.Step step = ruling.persistence().step(before.state(), value, level, window.end);
            long firedStart = before.firedStart();
            switch (step.outcome()) {
                case FIRED -> {
                    firedStart = start;
                    fired.add(rule);
                    alerts.accept(alert(AlertKind.FIRED, start, window.end, before.firing() ? "is still" : "is"));
                }
                case RESOLVED ->
                    alerts.accept(alert(
                            AlertKind.RESOLVED, firedStart, firedStart + (window.end - start), "is back to normal:"));
                case NONE -> {}
            }
            memory.put(rule, RuleState.of(step.state(), firedStart));
            return step.state().firing() ? Verdict.ALARM : level.entered(value) ? Verdict.WARNING : Verdict.OK;
        }

        /** The rule has had its say; a later revision can only take back what it said. */
        Verdict again(List<String> fired) throws Exception {
            if (Double.isNaN(level.enter())) {
                return Verdict.NOT_JUDGED;
            }
            if (enough && level.entered(value)) {
                return fired.contains(rule) ? Verdict.ALARM : Verdict.WARNING;
            }
            if (fired.remove(rule)) {
                alerts.accept(alert(AlertKind.WITHDRAWN, start, window.end, "after further labels or rows is"));
                RuleState state = memory.get(rule);
                if (state.firing() && state.firedStart() == start) {
                    memory.put(rule, new RuleState(state.recent(), false, state.quietUntil(), start));
                }
            }
            return enough ? Double.isNaN(value) ? Verdict.UNDEFINED : Verdict.OK : Verdict.NOT_ENOUGH_DATA;
        }

        private Alert alert(AlertKind kind, long alertStart, long alertEnd, String verb) {
            Monitor.Rule definition = ruling.rule();
            String id = Alerts.id(
                    cell.monitor(), rule, cell.model(), cell.version(), cell.feature(), cell.segment(), alertStart);
            return Alert.newBuilder()
                    .setId(id)
                    .setKind(kind)
                    .setSeverity(Severity.valueOf(definition.severity().name()))
                    .setMonitor(cell.monitor())
                    .setRule(rule)
                    .setModel(cell.model())
                    .setModelVersion(cell.version())
                    .setFeature(cell.feature())
                    .setSegment(cell.segment())
                    .setWindowStart(alertStart)
                    .setWindowEnd(alertEnd)
                    .setRevision(revision)
                    .setMeasure(ruling.measure().key())
                    .setValue(Figures.orNull(value))
                    .setThreshold(level.enter())
                    .setFalseAlarmsPerYear(null)
                    .setSummary(summary(verb))
                    .setJudgedAt(now)
                    .build();
        }

        private String summary(String verb) {
            return String.format(
                    Locale.ROOT,
                    "%s of %s (%s) for %s %s %s %.4g, %s threshold %s %.4g, in the window that ended at %s.",
                    ruling.measure().key(),
                    cell.feature(),
                    cell.segment(),
                    cell.model(),
                    cell.version(),
                    verb,
                    value,
                    ruling.calibrated() == null ? "fixed" : "calibrated",
                    ruling.rule().direction() == Monitor.Direction.ABOVE ? "from above" : "from below",
                    level.enter(),
                    java.time.Instant.ofEpochMilli(window.end));
        }
    }
}
