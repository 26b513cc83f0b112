package dev.tidewheel.feature.view;

import dev.tidewheel.feature.bytes.ByteReader;
import dev.tidewheel.feature.bytes.ByteWriter;
import org.jspecify.annotations.Nullable;

/**
 * The half of a key's state that is rewritten rarely. Its tiles are decoded when somebody first looks at them: routing a
 * change does not. Mutable, not thread-safe.
 */
final class Base {
    private static final byte[] NOTHING = {};

    private final ViewPlan plan;
    private long generation;
    private byte @Nullable [] encoded;
    private TileSet @Nullable [] tiles;
    private int tilesAt;

    Base(ViewPlan plan) {
        this.plan = plan;
        this.encoded = NOTHING;
    }

    /** Reads the generation now, the tiles later. */
    static Base decode(ViewPlan plan, byte[] bytes) {
        Base base = new Base(plan);
        if (bytes.length == 0) {
            return base;
        }
        ByteReader in = new ByteReader(bytes);
        Format.check(in, plan, "base");
        base.generation = in.readUnsigned();
        base.encoded = bytes;
        base.tilesAt = in.position();
        return base;
    }

    long generation() {
        return generation;
    }

    TileSet[] tiles() {
        if (tiles == null) {
            tiles = decodeTiles();
        }
        return tiles;
    }

    private TileSet[] decodeTiles() {
        byte[] bytes = encode();
        if (bytes.length == 0) {
            return TileSet.forAll(plan);
        }
        ByteReader in = new ByteReader(bytes, tilesAt);
        TileSet[] decoded = new TileSet[plan.tiers().size()];
        for (int i = 0; i < decoded.length; i++) {
            decoded[i] = TileSet.decode(plan.tiers().get(i), in);
        }
        in.expectEnd();
        return decoded;
    }

    /** Takes the deltas in, drops what no read at or after {@code foldedThrough} needs, and starts the next generation. */
    void fold(TileSet[] deltas, long foldedThrough) {
        TileSet[] held = tiles();
        for (int i = 0; i < held.length; i++) {
            long firstNeeded = plan.tiers().get(i).firstNeeded(foldedThrough);
            held[i].dropBefore(firstNeeded);
            held[i].merge(deltas[i], firstNeeded);
            held[i].dropRowsBeyondLimits();
        }
        generation++;
        encoded = null;
    }

    byte[] encode() {
        if (encoded == null) {
            ByteWriter out = new ByteWriter();
            Format.write(out, plan);
            out.writeUnsigned(generation);
            for (TileSet tier : tiles()) {
                tier.encode(out);
            }
            encoded = out.toByteArray();
        }
        return encoded;
    }
}
