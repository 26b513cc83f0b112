package dev.tidewheel.feature.view;

import java.util.ArrayList;
import java.util.List;

/**
 * What one key under a view costs, from the plan alone. An estimate for a busy key: one that has every tile of every
 * window, each partial at its typical size, every exact window and every list of rows full, and as many raw changes as the
 * head holds. A key with few events costs a fraction. Strings longer or shorter than about eight characters, and partials
 * that grow with what they see (distinct, quantile), move the truth by their own factor.
 *
 * @param parts what tiles hold, one per tier and partial
 * @param frameBytes what the tiles themselves take: their indices, and which partials they hold
 * @param rawChangeBytes one change that still waits raw in the head
 * @param headBytes the head of a busy key: books, raw changes, deltas
 * @param reads what a read merges, one per thing that is computed once
 */
public record ViewCost(List<Part> parts, long frameBytes, long rawChangeBytes, long headBytes, List<Read> reads) {

    /**
     * One partial in all tiles of a tier.
     *
     * @param holds which partial: an aggregate's, a list of rows, a session's span
     * @param of over which input, as the definition writes it
     * @param tileMillis the tiles' width; {@link Long#MAX_VALUE} for the single tile of a lifetime
     * @param tiles how many
     * @param bytes of all of them together
     */
    public record Part(String holds, String of, long tileMillis, long tiles, long bytes) {}

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

    /** What is stored, and what a read fetches. */
    public long bytesPerKey() {
        return baseBytes() + headBytes;
    }

    /** State and store, for so many busy keys. */
    public long bytes(long keys) {
        return Math.multiplyExact(bytesPerKey(), keys);
    }

    /** What is written for one event of a key whose head is full of raw changes: the most that it can be. */
    public long bytesWrittenPerEvent() {
        return bytesWrittenPerEvent((headBytes - Head.BOOK_BYTES - Head.DELTA_BYTES / 2) / Math.max(1, rawChangeBytes));
    }

    /**
     * What is written for one event if each is flushed alone and opens tiles of its own: the head, and the share of a fold.
     * Coalesced flushes and events that share tiles write less.
     *
     * @param rawChanges how many changes of the key are young enough to be raw: its events per second times the head's
     *     span
     */
    public long bytesWrittenPerEvent(long rawChanges) {
        long head = Head.BOOK_BYTES + rawChanges * rawChangeBytes + Head.DELTA_BYTES / 2;
        return head + baseBytes() * deltaBytesPerEvent() / Head.DELTA_BYTES;
    }

    /** How much one event adds to the deltas, in tiles of its own. */
    private long deltaBytesPerEvent() {
        long bytes = parts.stream()
                .mapToLong(part -> part.bytes() / Math.max(1, part.tiles()))
                .sum();
        return Math.min(bytes, Head.DELTA_BYTES);
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
        for (Tier tier : plan.tiers()) {
            frames += 1 + tier.mostTiles() * (1 + (tier.partials().size() + 7) / 8);
            for (Tier.Slot slot : tier.partials()) {
                parts.add(part(plan, tier, slot));
            }
        }
        long raw = plan.program().typicalRawBytes();
        long head = Head.BOOK_BYTES + raw * plan.spec().headEntries() + Head.DELTA_BYTES / 2;
        List<Read> reads = new ArrayList<>();
        for (int cell = 0; cell < plan.cells().size(); cell++) {
            reads.add(read(plan, cell));
        }
        return new ViewCost(parts, frames, raw, head, reads);
    }

    private static Part part(ViewPlan plan, Tier tier, Tier.Slot slot) {
        long tiles = tier.mostTiles();
        long bytes = slot.partial() instanceof RowsPartial rows
                ? (long) rows.limit() * rows.typicalBytes() + tiles * 6
                : tiles * slot.partial().typicalBytes();
        String of = plan.program().inputText(slot.input());
        return new Part(slot.partial().key(), of, tier.hopMillis(), tiles, bytes);
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
