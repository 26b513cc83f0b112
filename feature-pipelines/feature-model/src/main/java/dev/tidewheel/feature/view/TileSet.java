package dev.tidewheel.feature.view;

import dev.tidewheel.feature.aggregate.Accumulator;
import dev.tidewheel.feature.aggregate.Partial;
import dev.tidewheel.feature.bytes.ByteReader;
import dev.tidewheel.feature.bytes.ByteWriter;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The tiles of one tier that hold anything, ascending. Mutable, not thread-safe. */
final class TileSet {
    private final Tier tier;
    private long[] indices = new long[4];
    private @Nullable Accumulator<?>[][] tiles = new Accumulator<?>[4][];
    private int size;

    TileSet(Tier tier) {
        this.tier = tier;
    }

    static TileSet[] forAll(ViewPlan plan) {
        return plan.tiers().stream().map(TileSet::new).toArray(TileSet[]::new);
    }

    /** Counts or uncounts a raw change in its tile. */
    void apply(RawEntry entry) {
        @Nullable Accumulator<?>[] tile = tile(tier.tile(entry.eventTime()));
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
            @Nullable Accumulator<?>[] from = other.tiles[at];
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
            Accumulator<?> held = tiles[at][partial];
            if (held != null) {
                kind.merge(total, held);
            }
        }
    }

    /** Merges one partial of one tile, if there is such a tile. */
    void mergeOne(Accumulator<?> total, int partial, long tile) {
        int at = position(tile);
        if (at < size && indices[at] == tile) {
            Accumulator<?> held = tiles[at][partial];
            if (held != null) {
                tier.partials().get(partial).partial().merge(total, held);
            }
        }
    }

    /** Forgets the tiles before one. */
    void dropBefore(long firstTile) {
        int dropped = position(firstTile);
        System.arraycopy(indices, dropped, indices, 0, size - dropped);
        System.arraycopy(tiles, dropped, tiles, 0, size - dropped);
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
            if (tiles[at][partial] instanceof RowsPartial.Rows rows) {
                seen += rows.seen();
                if (seen > limit) {
                    rows.truncate();
                }
            }
        }
    }

    /** One partial of the tile at a position. */
    @Nullable
    Accumulator<?> held(int position, int partial) {
        return tiles[position][partial];
    }

    int size() {
        return size;
    }

    long index(int position) {
        return indices[position];
    }

    /** The position of the first tile that is not before the given one. */
    int position(long tile) {
        int at = Arrays.binarySearch(indices, 0, size, tile);
        return at < 0 ? ~at : at;
    }

    /** How many tiles; then per tile its distance from the one before, a bit per partial that it holds, those partials. */
    void encode(ByteWriter out) {
        out.writeUnsigned(held());
        long previous = 0;
        boolean first = true;
        for (int at = 0; at < size; at++) {
            if (!isEmpty(tiles[at])) {
                if (first) {
                    out.writeSigned(indices[at]);
                } else {
                    out.writeUnsigned(indices[at] - previous);
                }
                first = false;
                previous = indices[at];
                encodeTile(tiles[at], out);
            }
        }
    }

    static TileSet decode(Tier tier, ByteReader in) {
        TileSet set = new TileSet(tier);
        int count = in.readLength();
        long index = 0;
        for (int i = 0; i < count; i++) {
            long step = i == 0 ? in.readSigned() : in.readUnsigned();
            if (i > 0 && step <= 0) {
                throw new IllegalArgumentException("tiles of " + tier.hopMillis() + " ms do not ascend");
            }
            index += step;
            set.decodeTile(set.tile(index), in);
        }
        return set;
    }

    private int held() {
        int held = 0;
        for (int at = 0; at < size; at++) {
            held += isEmpty(tiles[at]) ? 0 : 1;
        }
        return held;
    }

    private static boolean isEmpty(@Nullable Accumulator<?>[] tile) {
        for (Accumulator<?> accumulator : tile) {
            if (accumulator != null && !accumulator.isIdentity()) {
                return false;
            }
        }
        return true;
    }

    private static void encodeTile(@Nullable Accumulator<?>[] tile, ByteWriter out) {
        for (int first = 0; first < tile.length; first += 8) {
            int bits = 0;
            for (int i = first; i < Math.min(first + 8, tile.length); i++) {
                Accumulator<?> held = tile[i];
                bits |= (held != null && !held.isIdentity() ? 1 : 0) << (i - first);
            }
            out.writeByte(bits);
        }
        for (Accumulator<?> held : tile) {
            if (held != null && !held.isIdentity()) {
                held.encode(out);
            }
        }
    }

    private void decodeTile(@Nullable Accumulator<?>[] tile, ByteReader in) {
        int[] bits = new int[(tile.length + 7) / 8];
        for (int i = 0; i < bits.length; i++) {
            bits[i] = in.readByte();
        }
        for (int i = 0; i < tile.length; i++) {
            if ((bits[i / 8] >> i % 8 & 1) != 0) {
                tile[i] = tier.partials().get(i).partial().decode(in);
            }
        }
    }

    private @Nullable Accumulator<?>[] tile(long index) {
        int at = position(index);
        if (at == size || indices[at] != index) {
            insert(at, index);
        }
        return tiles[at];
    }

    private void insert(int at, long index) {
        if (size == indices.length) {
            indices = Arrays.copyOf(indices, size * 2);
            tiles = Arrays.copyOf(tiles, size * 2);
        }
        System.arraycopy(indices, at, indices, at + 1, size - at);
        System.arraycopy(tiles, at, tiles, at + 1, size - at);
        indices[at] = index;
        tiles[at] = new Accumulator<?>[tier.partials().size()];
        size++;
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
