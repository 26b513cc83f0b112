package dev.tidewheel.monitoring.ingest;

import dev.tidewheel.definitions.Monitor;
import dev.tidewheel.drift.histogram.Counts;
import dev.tidewheel.drift.histogram.Edges;
import dev.tidewheel.drift.profile.FeatureProfile;
import dev.tidewheel.drift.profile.Profile;
import dev.tidewheel.drift.profile.SegmentProfile;
import dev.tidewheel.monitoring.label.LabelInput;
import dev.tidewheel.monitoring.window.Cell;
import dev.tidewheel.monitoring.window.CellUpdate;
import dev.tidewheel.monitoring.window.Windowing;
import dev.tidewheel.records.Inference;
import dev.tidewheel.records.InferenceStatus;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Counts the rows of one version of a model, of one service, for all its monitors. Without a profile, drift has no
 * reference: values are counted without a histogram, and only as a whole, since segments come from the profile too. Not
 * thread-safe.
 */
final class VersionCounter {
    private final String model;
    private final String version;
    private final RowReader reader;
    private final List<Watch> watches;

    VersionCounter(String model, String version, RowReader reader, List<Monitor> monitors, Optional<Profile> profile) {
        this.model = model;
        this.version = version;
        this.reader = reader;
        this.watches = monitors.stream()
                .map(monitor -> new Watch(monitor, profile.orElse(null)))
                .toList();
    }

    /** Whether a row's values are those of the service's columns; one that is not cannot be counted. */
    boolean fits(Inference row) {
        return reader.fits(row);
    }

    /** Whether any monitor watches the model. */
    boolean isWatched() {
        return !watches.isEmpty();
    }

    /**
     * Counts a row.
     *
     * @param watermark windows that ended so long before it that their state is gone get nothing any more
     * @return what waits for its label, in all windows that the row belongs to; null if it came too late for all
     */
    @Nullable
    LabelInput count(Inference row, long watermark) {
        double prediction = RowReader.prediction(row);
        List<Place> places = new ArrayList<>();
        long keepUntil = Long.MIN_VALUE;
        for (Watch watch : watches) {
            long start = Windowing.windowOf(watch.monitor, row.getT());
            if (Windowing.keepUntil(watch.monitor, start) > watermark) {
                watch.count(row, start, prediction, places);
                keepUntil = Math.max(keepUntil, Windowing.keepUntil(watch.monitor, start));
            }
        }
        return places.isEmpty() ? null : waiting(row, prediction, keepUntil, places);
    }

    private LabelInput waiting(Inference row, double prediction, long keepUntil, List<Place> places) {
        return new LabelInput(
                LabelInput.Kind.ASKED,
                model,
                row.getRequestId(),
                row.getRow(),
                version,
                prediction,
                row.getT(),
                keepUntil,
                places.stream().map(Place::monitor).toArray(String[]::new),
                places.stream().map(Place::segment).toArray(String[]::new),
                places.stream().mapToLong(Place::start).toArray(),
                places.stream().mapToLong(Place::end).toArray());
    }

    /** Sends on and forgets the windows that end at or before a moment. */
    void flush(long endsBy, Consumer<CellUpdate> out) {
        watches.forEach(watch -> watch.flush(endsBy, out));
    }

    private record Place(String monitor, String segment, long start, long end) {}

    /** One monitor's view of the version. */
    private final class Watch {
        private final Monitor monitor;
        private final long windowMillis;
        private final List<String> features;
        private final List<Edges> edges;
        private final Edges prediction;
        private final List<SegmentProfile> segments;
        private final Map<String, Map<String, String>> segmentOf = new HashMap<>();
        private final TreeMap<Long, TreeMap<String, Partial>> windows = new TreeMap<>();

        Watch(Monitor monitor, @Nullable Profile profile) {
            this.monitor = monitor;
            this.windowMillis = monitor.window().toMillis();
            this.features = monitor.features().isEmpty() ? reader.numeric() : monitor.features();
            this.edges = features.stream().map(name -> edges(profile, name)).toList();
            this.prediction = edges(profile, Cell.PREDICTION);
            this.segments = profile == null
                    ? List.of()
                    : monitor.segments().stream()
                            .flatMap(name -> profile.segment(name).stream())
                            .map(segment -> top(segment, monitor.topSegments()))
                            .toList();
        }

        private static Edges edges(@Nullable Profile profile, String feature) {
            return profile == null
                    ? Edges.NONE
                    : profile.feature(feature).map(FeatureProfile::edges).orElse(Edges.NONE);
        }

        private static SegmentProfile top(SegmentProfile segment, int most) {
            return segment.top().size() <= most
                    ? segment
                    : new SegmentProfile(segment.name(), segment.top().subList(0, most), segment.other());
        }

        void count(Inference row, long start, double prediction, List<Place> places) {
            List<Partial> partials = new ArrayList<>(1 + segments.size());
            add(Cell.ALL, start, partials, places);
            for (SegmentProfile segment : segments) {
                add(segmentOf(segment, reader.text(row, segment.name())), start, partials, places);
            }
            List<Counts> into = new ArrayList<>(partials.size());
            for (int i = 0; i < features.size(); i++) {
                into.clear();
                for (Partial partial : partials) {
                    into.add(partial.feature(i));
                }
                reader.count(row, features.get(i), into);
            }
            boolean answered = row.getStatus() == InferenceStatus.OK;
            partials.forEach(partial -> partial.count(prediction, answered, row.getTotalMicros()));
        }

        private void add(String segment, long start, List<Partial> partials, List<Place> places) {
            partials.add(windows.computeIfAbsent(start, none -> new TreeMap<>())
                    .computeIfAbsent(segment, none -> new Partial(features, edges, prediction)));
            places.add(new Place(monitor.name(), segment, start, start + windowMillis));
        }

        private String segmentOf(SegmentProfile segment, @Nullable String value) {
            if (value == null) {
                return segment.segmentOf(null);
            }
            Map<String, String> known = segmentOf.computeIfAbsent(segment.name(), none -> {
                Map<String, String> byValue = new HashMap<>();
                segment.top().forEach(top -> byValue.put(top.value(), segment.segmentOf(top.value())));
                return byValue;
            });
            String found = known.get(value);
            return found == null ? segment.segmentOf(null) : found;
        }

        void flush(long endsBy, Consumer<CellUpdate> out) {
            while (!windows.isEmpty() && windows.firstKey() + windowMillis <= endsBy) {
                Map.Entry<Long, TreeMap<String, Partial>> window = windows.pollFirstEntry();
                long start = window.getKey();
                window.getValue()
                        .forEach((segment, partial) -> partial.emit(
                                new Cell(monitor.name(), model, version, Cell.HEALTH, segment),
                                start,
                                start + windowMillis,
                                out));
            }
        }
    }
}
