package dev.tidewheel.workbench.control;

import dev.tidewheel.history.books.Books;
import dev.tidewheel.records.Alert;
import dev.tidewheel.records.AlertKind;
import dev.tidewheel.records.MetricRow;
import dev.tidewheel.workbench.report.ControlReport.AlertRule;
import dev.tidewheel.workbench.report.ControlReport.Watched;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The newest revision of every metric row, and every alert: feed it both topics, in any order; what is repeated counts
 * once. Keeps counts alone, no histograms. Not thread-safe.
 */
public final class MonitoringHistory {
    /** The feature of rows about volume, errors and latency: every window of a version has one of these. */
    private static final String HEALTH = "@health";

    private static final String ALL = "all";

    private record Window(String monitor, String version, long start) {}

    private record Place(String feature, String segment) {}

    private record Newest(int revision, boolean settled, long rows) {}

    private record RuleName(String monitor, String rule, String severity) implements Comparable<RuleName> {
        @Override
        public int compareTo(RuleName that) {
            return (monitor + "/" + rule + "/" + severity)
                    .compareTo(that.monitor + "/" + that.rule + "/" + that.severity);
        }
    }

    private static final class Said {
        private final Set<String> fired = new HashSet<>();
        private final Set<String> withdrawn = new HashSet<>();
        private final Set<LocalDate> days = new TreeSet<>();
    }

    private final Map<Window, Map<Place, Newest>> windows = new HashMap<>();
    /** By monitor, the end of its newest closed window. */
    private final Map<String, Long> ends = new TreeMap<>();

    private final Map<RuleName, Said> rules = new TreeMap<>();
    private final Set<String> fired = new HashSet<>();

    public void add(MetricRow row) {
        Window window = new Window(row.getMonitor(), row.getModelVersion(), row.getWindowStart());
        Place place = new Place(Objects.requireNonNullElse(row.getFeature(), ""), row.getSegment());
        Newest found =
                new Newest(row.getRevision(), row.getSettled(), row.getCounts().getRows());
        windows.computeIfAbsent(window, unseen -> new HashMap<>())
                .merge(place, found, (known, other) -> other.revision() >= known.revision() ? other : known);
        ends.merge(row.getMonitor(), row.getWindowEnd(), Math::max);
    }

    public void add(Alert alert) {
        Said said = rules.computeIfAbsent(
                new RuleName(
                        alert.getMonitor(), alert.getRule(), alert.getSeverity().name()),
                unseen -> new Said());
        if (alert.getKind() == AlertKind.FIRED) {
            fired.add(alert.getId());
            said.fired.add(alert.getId());
            said.days.add(LocalDate.ofInstant(Instant.ofEpochMilli(alert.getWindowStart()), ZoneOffset.UTC));
        } else if (alert.getKind() == AlertKind.WITHDRAWN) {
            said.withdrawn.add(alert.getId());
        }
    }

    /** How many alerts fired. */
    public long fired() {
        return fired.size();
    }

    /** By monitor, the end of its newest closed window, epoch milliseconds. */
    public Map<String, Long> ends() {
        return ends;
    }

    /** What was watched, by monitor. */
    public List<Watched> watched() {
        return ends.keySet().stream().map(this::watched).toList();
    }

    private Watched watched(String monitor) {
        Set<String> versions = new HashSet<>();
        long count = 0;
        long settled = 0;
        long revised = 0;
        for (Map.Entry<Window, Map<Place, Newest>> window : windows.entrySet()) {
            if (window.getKey().monitor().equals(monitor)) {
                versions.add(window.getKey().version());
                count++;
                settled += window.getValue().values().stream().allMatch(Newest::settled) ? 1 : 0;
                revised += window.getValue().values().stream().anyMatch(row -> row.revision() > 0) ? 1 : 0;
            }
        }
        return new Watched(monitor, versions.size(), count, rows(monitor), settled, revised);
    }

    /** What the rules said. */
    public List<AlertRule> rules() {
        List<AlertRule> list = new ArrayList<>();
        rules.forEach((name, said) -> list.add(new AlertRule(
                name.monitor(),
                name.rule(),
                name.severity(),
                said.fired.size(),
                said.withdrawn.size(),
                List.copyOf(said.days))));
        return list;
    }

    /** Rows in all closed windows of a monitor. */
    long rows(String monitor) {
        return windows.entrySet().stream()
                .filter(window -> window.getKey().monitor().equals(monitor))
                .mapToLong(window -> {
                    Newest health = window.getValue().get(new Place(HEALTH, ALL));
                    return health == null ? 0 : health.rows();
                })
                .sum();
    }

    /** Enters, for every name that splits a monitor's rows, that its segments sum to the total. */
    void enterSegments(Books books) {
        Map<String, long[]> sums = new TreeMap<>();
        windows.forEach((window, rows) -> rows.forEach((place, row) -> {
            int equals = place.segment().indexOf('=');
            Newest total = rows.get(new Place(place.feature(), ALL));
            if (equals > 0) {
                String name = window.monitor() + ", rows by " + place.segment().substring(0, equals);
                long[] sum = sums.computeIfAbsent(name, unseen -> new long[2]);
                sum[0] += row.rows();
                sum[1] += firstOf(rows, place, equals) && total != null ? total.rows() : 0;
            }
        }));
        sums.forEach((name, sum) -> books.equal("monitor " + name, "in segments", sum[0], "in total", sum[1]));
    }

    /** The total is counted with one of the segments of its name. */
    private static boolean firstOf(Map<Place, Newest> rows, Place place, int equals) {
        String name = place.segment().substring(0, equals + 1);
        return rows.keySet().stream()
                .filter(other -> other.feature().equals(place.feature()))
                .map(Place::segment)
                .filter(segment -> segment.startsWith(name))
                .min(String::compareTo)
                .filter(place.segment()::equals)
                .isPresent();
    }
}
