package dev.tidewheel.feature.view;

import dev.tidewheel.feature.bytes.ByteReader;
import dev.tidewheel.feature.bytes.ByteWriter;
import dev.tidewheel.feature.change.Change;
import dev.tidewheel.feature.row.RowCodec;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The half of a key's state that is rewritten with every flush: the version and the counts, raw changes that a read may
 * still have to leave out, and what was added to tiles since the base was written. Mutable, not thread-safe.
 */
final class Head {
    /** About what the version, the counts and the read point take. */
    static final int BOOK_BYTES = 30;

    /** How long the head may become before folding is due. */
    static final int FOLD_BYTES = 512;

    /** How much of the head is left for deltas, however many raw changes there are. */
    static final int DELTA_BYTES = FOLD_BYTES / 2;

    /** About what a change adds. */
    private static final int SPARE_BYTES = 64;

    /** How many raw changes most heads have. */
    private static final int FEW_ENTRIES = 2;

    private static final int HAS_TILES = 1;
    private static final Disposition[] DISPOSITIONS = Disposition.values();

    private final ViewPlan plan;
    private final long[] counts = new long[DISPOSITIONS.length];
    private final List<RawEntry> raw = new ArrayList<>(FEW_ENTRIES); // by visibleAt
    private TileSet[] deltas;
    private long knownTime = Long.MIN_VALUE;
    private long foldedThrough = Long.MIN_VALUE;
    private long baseGeneration;

    private byte @Nullable [] encoded;
    private int expectedBytes = FOLD_BYTES / 2;
    private int deltasAt;

    Head(ViewPlan plan) {
        this(plan, TileSet.forAll(plan));
    }

    private Head(ViewPlan plan, TileSet[] deltas) {
        this.plan = plan;
        this.deltas = deltas;
    }

    long knownTime() {
        return knownTime;
    }

    long foldedThrough() {
        return foldedThrough;
    }

    long baseGeneration() {
        return baseGeneration;
    }

    long count(Disposition disposition) {
        return counts[disposition.code()];
    }

    long routed() {
        long routed = 0;
        for (long count : counts) {
            routed += count;
        }
        return routed;
    }

    List<RawEntry> raw() {
        return raw;
    }

    TileSet[] deltas() {
        return deltas;
    }

    /** Books a change, whatever became of it. */
    void book(Disposition disposition, long changeKnownTime) {
        counts[disposition.code()]++;
        knownTime = Math.max(knownTime, changeKnownTime);
        encoded = null;
    }

    void add(RawEntry entry) {
        int at = raw.size();
        while (at > 0 && raw.get(at - 1).visibleAt() > entry.visibleAt()) {
            at--;
        }
        raw.add(at, entry);
    }

    /** A copy of a change that was already taken: it counts once, from the earliest of its moments on. */
    void lower(Change copy) {
        for (int i = 0; i < raw.size(); i++) {
            RawEntry entry = raw.get(i);
            if (entry.isOf(copy)) {
                // The copy may claim another event time: the one that counts is the one that was taken.
                long visibleAt = Change.visibleAt(entry.eventTime(), copy.knownTime());
                if (visibleAt < entry.visibleAt()) {
                    raw.remove(i);
                    add(entry.visibleFrom(visibleAt));
                }
                return;
            }
        }
    }

    /**
     * Moves into tiles what is old enough, or too much. What is not due yet waits, however much it is: in a tile it could
     * not be told apart from what is, and no read at the present would be possible.
     *
     * @param appliedTime the knownTime of the change that was applied last. Not the greatest ever routed: one record
     *     with a wrong time would make every later change old enough at once, for ever.
     */
    void settle(long appliedTime) {
        long span = plan.spec().headSpanMillis();
        long oldEnough = appliedTime < Long.MIN_VALUE + span ? Long.MIN_VALUE : appliedTime - span;
        int tooMany = tooMany(appliedTime);
        int moved = 0;
        while (moved < raw.size()) {
            RawEntry entry = raw.get(moved);
            if (moved >= tooMany && entry.visibleAt() > Math.max(oldEnough, foldedThrough)) {
                break;
            }
            foldedThrough = Math.max(foldedThrough, entry.visibleAt());
            for (int i = 0; i < deltas.length; i++) {
                Tier tier = plan.tiers().get(i);
                long tile = tier.tile(entry.eventTime());
                if (tier.isNeeded(entry.eventTime(), tile, foldedThrough)) {
                    deltas[i].apply(entry, tile);
                }
            }
            moved++;
        }
        if (moved > 0) {
            raw.subList(0, moved).clear();
        }
    }

    /** How many more there are than may be kept, beside those that wait until they are due. */
    private int tooMany(long appliedTime) {
        int tooMany = raw.size() - plan.spec().headEntries();
        // The newest are last, so only those are looked at that may wait: a hot key has many others.
        for (int i = raw.size() - 1; tooMany > 0 && i >= 0 && raw.get(i).visibleAt() > appliedTime; i--) {
            tooMany -= raw.get(i).waits(appliedTime) ? 1 : 0;
        }
        return tooMany;
    }

    /** The deltas are in the base of the given generation now. */
    void folded(long generation) {
        deltas = TileSet.forAll(plan);
        baseGeneration = generation;
        encoded = null;
    }

    /**
     * Whether the head is longer than its bound and folding would help. Raw entries do not fold: half of the bound is
     * left for deltas, however many there are.
     */
    boolean isLong() {
        int size = encode().length;
        return size > FOLD_BYTES && size - deltasAt > FOLD_BYTES - Math.min(deltasAt, FOLD_BYTES - DELTA_BYTES);
    }

    byte[] encode() {
        if (encoded == null) {
            ByteWriter out = new ByteWriter(expectedBytes);
            Format.write(out, plan);
            encodeBooks(out);
            out.writeUnsigned(raw.size());
            RowCodec codec = plan.program().inputCodec();
            for (RawEntry entry : raw) {
                entry.encode(knownTime, codec, out);
            }
            deltasAt = out.size();
            for (TileSet tier : deltas) {
                tier.encode(out);
            }
            encoded = out.toByteArray();
            expectedBytes = encoded.length + SPARE_BYTES;
        }
        return encoded;
    }

    private void encodeBooks(ByteWriter out) {
        out.writeUnsigned(baseGeneration);
        for (long count : counts) {
            out.writeUnsigned(count);
        }
        out.writeSigned(knownTime);
        boolean hasTiles = foldedThrough != Long.MIN_VALUE;
        out.writeByte(hasTiles ? HAS_TILES : 0);
        if (hasTiles) {
            out.writeSigned(knownTime - foldedThrough);
        }
    }

    static Head decode(ViewPlan plan, byte[] bytes) {
        ByteReader in = new ByteReader(bytes);
        Format.check(in, plan, "head");
        Head head = new Head(plan, new TileSet[plan.tiers().size()]);
        head.decodeBooks(in);
        int entries = in.readLength();
        for (int i = 0; i < entries; i++) {
            head.raw.add(head.decodeEntry(in));
        }
        head.deltasAt = in.position();
        for (int i = 0; i < head.deltas.length; i++) {
            head.deltas[i] = TileSet.decode(plan.tiers().get(i), in);
        }
        in.expectEnd();
        head.encoded = bytes;
        head.expectedBytes = bytes.length + SPARE_BYTES;
        return head;
    }

    /** The base generation alone. */
    static long generation(byte[] bytes) {
        return new ByteReader(bytes, Format.BYTES).readUnsigned();
    }

    private RawEntry decodeEntry(ByteReader in) {
        RawEntry entry = RawEntry.decode(knownTime, plan.program().inputCodec(), in);
        if (entry.retraction() && !plan.retracts()) {
            throw new IllegalArgumentException(
                    "the head holds a retraction, which view " + plan.spec().name() + " cannot have taken");
        }
        if (!raw.isEmpty() && raw.get(raw.size() - 1).visibleAt() > entry.visibleAt()) {
            throw new IllegalArgumentException("the head's raw changes are not in the order of visibility");
        }
        return entry;
    }

    private void decodeBooks(ByteReader in) {
        baseGeneration = in.readUnsigned();
        for (int i = 0; i < counts.length; i++) {
            counts[i] = in.readUnsigned();
        }
        knownTime = in.readSigned();
        if (in.readByte() == HAS_TILES) {
            foldedThrough = knownTime - in.readSigned();
        }
    }
}
