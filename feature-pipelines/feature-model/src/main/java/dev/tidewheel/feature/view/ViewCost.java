package dev.tidewheel.feature.view;

import dev.tidewheel.feature.window.Window;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * What one key under a view costs, from the plan alone. An estimate for a busy key: one that has every tile of every
 * window, each partial at its typical size, every exact window and every list of rows full, and as many raw changes as the
 * head holds. A key with few events costs a fraction. Strings longer or shorter than about eight characters, and partials
 * that grow with what they see (distinct, quantile), move the truth by their own factor. Where a parameter bounds such a
 * partial, {@link #mostBytesPerKey} takes it at its bound.
 *
 * @param parts what tiles hold, one per tier and partial
 * @param frameBytes what the tiles themselves take: their indices, and which partials they hold
 * @param rawChangeBytes one change that still waits raw in the head
 * @param rawChanges how many of them a full head holds
 * @param reads what a read merges, one per thing that is computed once
 */
public record ViewCost(List<Part> parts, long frameBytes, long rawChangeBytes, long rawChanges, List<Read> reads) {

    private static final long LIST_BYTES = 6; // how many rows, and the first one's whole time

    /**
     * One partial in all tiles of a tier.
     *
     * @param holds which partial: an aggregate's, a list of rows, a session's span
     * @param of over which input, as the definition writes it
     * @param tileMillis the tiles' width; {@link Long#MAX_VALUE} for the single tile of a lifetime
     * @param tiles how many
     * @param bytes of all of them together
     * @param mostBytes of all of them together, each as large as its parameters allow
     * @param bytesPerEvent what one event adds if it is the first in its tile
     * @param features the names of those that are finished from it; none for what a session needs beside
     */
    public record Part(
            String holds,
            String of,
            long tileMillis,
            long tiles,
            long bytes,
            long mostBytes,
            long bytesPerEvent,
            List<String> features) {
        public Part {
            features = List.copyOf(features);
        }
    }

    /**
     * One partial over one window, which every feature that finishes it shares.
     *
     * @param features how many features do
     * @param tiles how many tiles' partials are merged
     * @param rows how many rows are folded for each feature
     */
    public record Read(int features, long tiles, long rows) {}

    public ViewCost {
        parts = List.copyOf(parts);
        reads = List.copyOf(reads);
    }

    /** What a fold writes: at most once per tile's width, or when the head has outgrown its bound. */
    public long baseBytes() {
        return Format.BYTES + frameBytes + parts.stream().mapToLong(Part::bytes).sum();
    }

    /** The head of a busy key, shortly before it is folded: books, raw changes, deltas. */
    public long headBytes() {
        return rawHead(rawChanges) + deltas(deltaRoom(rawChanges));
    }

    /** What is stored, and what a read fetches. */
    public long bytesPerKey() {
        return baseBytes() + headBytes();
    }

    /** The same if every partial is as large as its parameters allow: what limits are held against. */
    public long mostBytesPerKey() {
        return bytesPerKey()
                + parts.stream()
                        .mapToLong(part -> part.mostBytes() - part.bytes())
                        .sum();
    }

    /** State and store, for so many busy keys. */
    public long bytes(long keys) {
        return Math.multiplyExact(bytesPerKey(), keys);
    }

    /** What is written for one event of a key whose head is full of raw changes: the most that it can be. */
    public long bytesWrittenPerEvent() {
        return bytesWrittenPerEvent(rawChanges);
    }

    /**
     * What is written for one event if each is flushed alone and opens tiles of its own: the head with half of its deltas,
     * and the share of a fold. Coalesced flushes and events that share tiles write less.
     *
     * @param waiting how many changes of the key are young enough to be raw: its events per second times the head's span
     */
    public long bytesWrittenPerEvent(long waiting) {
        long room = deltaRoom(waiting);
        long folds = deltas(room) < room ? 0 : baseBytes() * deltaBytesPerEvent() / room;
        return rawHead(waiting) + deltas(room / 2) + folds;
    }

    /**
     * What is written on average for one event of a key if each is flushed alone. The deltas grow by the tiles that open as
     * time goes on or, where events are rare, by tiles for each event.
     *
     * @param every the mean time between two events of the key
     * @param headSpanMillis the view's
     */
    public long bytesWrittenPerEvent(Duration every, long headSpanMillis) {
        long waiting = Math.min(rawChanges, Math.max(1, headSpanMillis / every.toMillis()));
        double opened = parts.stream()
                .filter(part -> part.tileMillis() != Window.ENDLESS)
                .mapToDouble(part -> (double) part.bytes() / part.tiles() / part.tileMillis())
                .sum();
        double grows = Math.min(deltaBytesPerEvent(), opened * every.toMillis());
        long room = deltaRoom(waiting);
        return rawHead(waiting) + deltas(room / 2) + (long) (baseBytes() * grows / room);
    }

    /** How long the deltas become: new tiles make them longer for ever, but those without a tail fill up. */
    private long deltas(long room) {
        boolean fillUp = parts.stream().allMatch(part -> part.tileMillis() == Window.ENDLESS);
        return fillUp ? Math.min(room, baseBytes()) : room;
    }

    private long rawHead(long waiting) {
        return Head.BOOK_BYTES + waiting * rawChangeBytes;
    }

    /** How long the deltas become before they are folded. */
    private long deltaRoom(long waiting) {
        return Math.max(Head.DELTA_BYTES, Head.FOLD_BYTES - rawHead(waiting));
    }

    /** How much one event adds to the deltas, in tiles of its own: partials, and two bytes for a tile in each tier. */
    private long deltaBytesPerEvent() {
        long tiers = parts.stream().mapToLong(Part::tileMillis).distinct().count();
        return Math.min(parts.stream().mapToLong(Part::bytesPerEvent).sum() + 2 * tiers, Head.DELTA_BYTES);
    }

    /** How many partial aggregates a read of all features merges. */
    public long mergesPerRead() {
        return reads.stream().mapToLong(Read::tiles).sum();
    }

    /** How many rows a read of all features folds. */
    public long rowsPerRead() {
        return reads.stream().mapToLong(read -> read.rows() * read.features()).sum();
    }

    static ViewCost of(ViewPlan plan) {
        List<Part> parts = new ArrayList<>();
        long frames = 0;
        for (int tier = 0; tier < plan.tiers().size(); tier++) {
            Tier tiles = plan.tiers().get(tier);
            frames += 1 + tiles.mostTiles() * (1 + (tiles.partials().size() + 7) / 8);
            for (int partial = 0; partial < tiles.partials().size(); partial++) {
                parts.add(part(plan, tiles, tiles.partials().get(partial), features(plan, tier, partial)));
            }
        }
        long raw = plan.program().typicalRawBytes();
        List<Read> reads = new ArrayList<>();
        for (int cell = 0; cell < plan.cells().size(); cell++) {
            reads.add(read(plan, cell));
        }
        return new ViewCost(parts, frames, raw, plan.spec().headEntries(), reads);
    }

    private static List<String> features(ViewPlan plan, int tier, int partial) {
        List<String> features = new ArrayList<>();
        for (int slot = 0; slot < plan.finishes().size(); slot++) {
            ViewPlan.Cell cell = plan.cells().get(plan.finishes().get(slot).cell());
            if (cell.tier() == tier && cell.partial() == partial) {
                features.add(plan.features().column(slot).name());
            }
        }
        return features;
    }

    private static Part part(ViewPlan plan, Tier tier, Tier.Slot slot, List<String> features) {
        long tiles = tier.mostTiles();
        String holds = slot.partial().key();
        String of = plan.program().inputText(slot.input());
        long bytes = slot.partial().typicalBytes();
        if (slot.partial() instanceof RowsPartial rows) {
            long list = LIST_BYTES * tiles + bytes * rows.limit();
            return new Part(holds, of, tier.hopMillis(), tiles, list, list, LIST_BYTES + bytes, features);
        }
        long most = Math.max(bytes, slot.partial().mostBytes());
        return new Part(holds, of, tier.hopMillis(), tiles, tiles * bytes, tiles * most, bytes, features);
    }

    private static Read read(ViewPlan plan, int cell) {
        ViewPlan.Cell read = plan.cells().get(cell);
        Tier tier = plan.tiers().get(read.tier());
        long tiles = tier.isLifetime() ? 1 : read.window().reachMillis() / tier.hopMillis() + 1;
        long rows = plan.slot(read).partial() instanceof RowsPartial list ? list.limit() : 0;
        long features =
                plan.finishes().stream().filter(finish -> finish.cell() == cell).count();
        return new Read((int) features, tiles, rows);
    }
}
