package dev.tidewheel.feature.view;

import dev.tidewheel.feature.aggregate.Accumulator;
import dev.tidewheel.feature.aggregate.Partial;
import dev.tidewheel.feature.bytes.ByteReader;
import dev.tidewheel.feature.bytes.ByteWriter;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The tiles of one tier that hold anything, ascending. Mutable, not thread-safe.
 *
 * <p>A change touches one tile of many, so a tile that was read from bytes stays bytes until somebody looks into it, and is
 * written by copying them until somebody changes it.
 */
final class TileSet {
    private static final long[] NO_INDICES = {};
    private static final int[] NO_PLACES = {};
    private static final @Nullable Accumulator<?>[] @Nullable [] NO_TILES = {};
    private static final byte[] NO_BYTES = {};
    /** The place of a tile whose bytes are not known. */
    private static final int CHANGED = -1;

    private final Tier tier;
    private long[] indices = NO_INDICES;
    /** Null for a tile that nobody has looked into. */
    private @Nullable Accumulator<?>[] @Nullable [] tiles = NO_TILES;
    /** Where a tile's bytes begin and end in {@code bytes}, or {@link #CHANGED}. */
    private int[] begins = NO_PLACES;

    private int[] ends = NO_PLACES;
    private byte[] bytes = NO_BYTES;
    private int size;

    TileSet(Tier tier) {
        this.tier = tier;
    }

    /** With room for so many tiles of an array. */
    private TileSet(Tier tier, int room, byte[] bytes) {
        this.tier = tier;
        this.bytes = bytes;
        this.indices = new long[room];
        this.tiles = new Accumulator<?>[room][];
        this.begins = new int[room];
        this.ends = new int[room];
    }

    static TileSet[] forAll(ViewPlan plan) {
        TileSet[] sets = new TileSet[plan.tiers().size()];
        for (int i = 0; i < sets.length; i++) {
            sets[i] = new TileSet(plan.tiers().get(i));
        }
        return sets;
    }

    /** Counts or uncounts a raw change in a tile, which is its own. */
    void apply(RawEntry entry, long index) {
        @Nullable Accumulator<?>[] tile = tile(index);
        for (int i = 0; i < tile.length; i++) {
            Tier.Slot slot = tier.partials().get(i);
            if (!entry.inputs().isNull(slot.input())) {
                entry.applyTo(accumulator(tile, i), slot.input());
            }
        }
    }

    /** Merges what the other set has from a tile on. */
    void merge(TileSet other, long firstTile) {
        for (int at = other.position(firstTile); at < other.size; at++) {
            @Nullable Accumulator<?>[] into = tile(other.indices[at]);
            @Nullable Accumulator<?>[] from = other.look(at);
            for (int i = 0; i < from.length; i++) {
                Accumulator<?> held = from[i];
                if (held != null) {
                    tier.partials().get(i).partial().merge(accumulator(into, i), held);
                }
            }
        }
    }

    /** Merges one partial of the tiles from one to before another. */
    void mergeInto(Accumulator<?> total, int partial, long firstTile, long endTile) {
        Partial<?> kind = tier.partials().get(partial).partial();
        for (int at = position(firstTile); at < size && indices[at] < endTile; at++) {
            Accumulator<?> held = look(at)[partial];
            if (held != null) {
                kind.merge(total, held);
            }
        }
    }

    /** Merges one partial of one tile, if there is such a tile. */
    void mergeOne(Accumulator<?> total, int partial, long tile) {
        int at = position(tile);
        if (at < size && indices[at] == tile) {
            Accumulator<?> held = look(at)[partial];
            if (held != null) {
                tier.partials().get(partial).partial().merge(total, held);
            }
        }
    }

    /** Forgets the tiles before one. */
    void dropBefore(long firstTile) {
        int dropped = position(firstTile);
        if (dropped == 0) {
            return;
        }
        System.arraycopy(indices, dropped, indices, 0, size - dropped);
        System.arraycopy(tiles, dropped, tiles, 0, size - dropped);
        System.arraycopy(begins, dropped, begins, 0, size - dropped);
        System.arraycopy(ends, dropped, ends, 0, size - dropped);
        Arrays.fill(tiles, size - dropped, size, null);
        size -= dropped;
    }

    /**
     * Forgets the rows that no value can be made of: every window that holds their tile holds all newer ones too, and with
     * those it has more rows than are kept.
     */
    void dropRowsBeyondLimits() {
        for (int partial = 0; partial < tier.partials().size(); partial++) {
            if (tier.partials().get(partial).partial() instanceof RowsPartial rows
                    && rows.bound() == RowsPartial.Bound.ALL_OR_NONE) {
                dropRowsBeyond(rows.limit(), partial);
            }
        }
    }

    private void dropRowsBeyond(int limit, int partial) {
        long seen = 0;
        for (int at = size - 1; at >= 0; at--) {
            if (look(at)[partial] instanceof RowsPartial.Rows rows) {
                seen += rows.seen();
                if (seen > limit) {
                    begins[at] = CHANGED;
                    rows.truncate();
                }
            }
        }
    }

    /** One partial of the tile at a position. */
    @Nullable
    Accumulator<?> held(int position, int partial) {
        return look(position)[partial];
    }

    int size() {
        return size;
    }

    long index(int position) {
        return indices[position];
    }

    /** The position of the first tile that is not before the given one. */
    int position(long tile) {
        if (size == 0 || tile >= indices[size - 1]) {
            return size == 0 || tile > indices[size - 1] ? size : size - 1; // Most changes are among the newest.
        }
        int at = Arrays.binarySearch(indices, 0, size, tile);
        return at < 0 ? ~at : at;
    }

    /** How many tiles; then per tile its distance from the one before, a bit per partial that it holds, those partials. */
    void encode(ByteWriter out) {
        out.writeUnsigned(held());
        long previous = 0;
        boolean first = true;
        int at = 0;
        while (at < size) {
            if (!isEmpty(at)) {
                if (first) {
                    out.writeSigned(indices[at]);
                } else {
                    out.writeUnsigned(indices[at] - previous);
                }
                first = false;
                at = encodeFrom(at, out);
                previous = indices[at];
            }
            at++;
        }
    }

    /**
     * Writes a tile, and all behind it up to the next that was changed: they lie in a row, with their distances.
     *
     * @return the last one
     */
    private int encodeFrom(int at, ByteWriter out) {
        if (begins[at] == CHANGED) {
            encodeTile(look(at), out);
            return at;
        }
        int last = at;
        while (last + 1 < size && begins[last + 1] != CHANGED) {
            last++;
        }
        out.writeRange(bytes, begins[at], ends[last]);
        return last;
    }

    static TileSet decode(Tier tier, ByteReader in) {
        int count = in.readLength();
        TileSet set = new TileSet(tier, count + 1, in.array()); // One for the tile that the next change may open.
        long index = 0;
        for (int i = 0; i < count; i++) {
            long step = i == 0 ? in.readSigned() : in.readUnsigned();
            if (i > 0 && step <= 0) {
                throw new IllegalArgumentException("tiles of " + tier.hopMillis() + " ms do not ascend");
            }
            index += step;
            set.pass(index, in);
        }
        return set;
    }

    /** Appends a tile, remembering where its bytes are. */
    private void pass(long index, ByteReader in) {
        indices[size] = index;
        begins[size] = in.position();
        boolean holds = tier.pass(in);
        ends[size] = in.position();
        if (!holds) {
            tiles[size] = new Accumulator<?>[tier.partials().size()];
            begins[size] = CHANGED;
        }
        size++;
    }

    private int held() {
        int held = 0;
        for (int at = 0; at < size; at++) {
            held += isEmpty(at) ? 0 : 1;
        }
        return held;
    }

    private boolean isEmpty(int at) {
        if (begins[at] != CHANGED) {
            return false;
        }
        for (Accumulator<?> accumulator : look(at)) {
            if (accumulator != null && !accumulator.isIdentity()) {
                return false;
            }
        }
        return true;
    }

    private static void encodeTile(@Nullable Accumulator<?>[] tile, ByteWriter out) {
        int presence = out.size();
        for (int first = 0; first < tile.length; first += 8) {
            int bits = 0;
            for (int i = first; i < Math.min(first + 8, tile.length); i++) {
                Accumulator<?> held = tile[i];
                bits |= (held != null && !held.isIdentity() ? 1 : 0) << (i - first);
            }
            out.writeByte(bits);
        }
        for (int i = 0; i < tile.length; i++) {
            Accumulator<?> held = tile[i];
            if (held != null && (out.array()[presence + i / 8] >> i % 8 & 1) != 0) {
                held.encode(out);
            }
        }
    }

    /** A tile's partials, to look at. */
    private @Nullable Accumulator<?>[] look(int at) {
        @Nullable Accumulator<?>[] tile = tiles[at];
        if (tile == null) {
            tile = decodeTile(new ByteReader(bytes, begins[at]));
            tiles[at] = tile;
        }
        return tile;
    }

    private @Nullable Accumulator<?>[] decodeTile(ByteReader in) {
        @Nullable Accumulator<?>[] tile = new Accumulator<?>[tier.partials().size()];
        int presence = in.position();
        in.skip(tier.presenceBytes());
        for (int i = 0; i < tile.length; i++) {
            if ((bytes[presence + i / 8] >> i % 8 & 1) != 0) {
                tile[i] = tier.partials().get(i).partial().decode(in);
            }
        }
        return tile;
    }

    /** The partials of a tile, to change. */
    private @Nullable Accumulator<?>[] tile(long index) {
        int at = position(index);
        if (at == size || indices[at] != index) {
            insert(at, index);
        }
        @Nullable Accumulator<?>[] tile = look(at);
        begins[at] = CHANGED;
        return tile;
    }

    private void insert(int at, long index) {
        if (size == indices.length) {
            reserve(Math.max(2, size * 2));
        }
        if (at < size) {
            System.arraycopy(indices, at, indices, at + 1, size - at);
            System.arraycopy(tiles, at, tiles, at + 1, size - at);
            System.arraycopy(begins, at, begins, at + 1, size - at);
            System.arraycopy(ends, at, ends, at + 1, size - at);
        }
        indices[at] = index;
        tiles[at] = new Accumulator<?>[tier.partials().size()];
        begins[at] = CHANGED;
        size++;
    }

    private void reserve(int count) {
        indices = Arrays.copyOf(indices, count);
        tiles = Arrays.copyOf(tiles, count);
        begins = Arrays.copyOf(begins, count);
        ends = Arrays.copyOf(ends, count);
    }

    private Accumulator<?> accumulator(@Nullable Accumulator<?>[] tile, int partial) {
        Accumulator<?> held = tile[partial];
        if (held == null) {
            held = tier.partials().get(partial).partial().create();
            tile[partial] = held;
        }
        return held;
    }
}
