package dev.tidewheel.store.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tidewheel.store.ViewKey;
import java.util.Arrays;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * The names of keys: {@code tw:{bucket}:<project>:<view>:<lineage>:<entity>:b} for the base, {@code :h} for the head.
 *
 * <p>The bucket is the CRC-32 (that of zip and zlib) of the entity's UTF-8 bytes, modulo 1,024. In braces it is what
 * Redis Cluster hashes, so an entity's bases and heads in all views share a slot: one script call writes them
 * atomically, and one multi-get reads them. The number of buckets is part of the layout and never changes.
 */
final class StoreKeys {
    static final int BUCKETS = 1024;

    private static final String BASE = ":b";
    private static final String HEAD = ":h";
    private static final byte[][] BUCKET_NAMES = bucketNames();

    /** What stands between bucket and entity, for the view that was named last: batches are of few views. */
    private record Middle(String view, long lineage, byte[] bytes) {
        boolean isOf(ViewKey key) {
            return lineage == key.lineage() && view.equals(key.view());
        }
    }

    private final String project;
    private volatile @Nullable Middle lastMiddle;

    StoreKeys(String project) {
        this.project = checkName("project", project);
    }

    /** A name that can stand between the colons of a key. */
    static String checkName(String what, String name) {
        if (name.isEmpty() || name.chars().anyMatch(c -> c == ':' || c == '{' || c == '}')) {
            throw new IllegalArgumentException(what + " '" + name + "' must have no ':', '{' or '}' and not be empty");
        }
        return name;
    }

    static int bucket(String entity) {
        return bucket(entity.getBytes(UTF_8));
    }

    private static int bucket(byte[] entity) {
        CRC32 hash = new CRC32();
        hash.update(entity);
        return (int) (hash.getValue() % BUCKETS);
    }

    private static byte[][] bucketNames() {
        byte[][] names = new byte[BUCKETS][];
        for (int bucket = 0; bucket < BUCKETS; bucket++) {
            names[bucket] = ("tw:{" + bucket + "}:").getBytes(UTF_8);
        }
        return names;
    }

    byte[] base(ViewKey key) {
        return name(key, BASE);
    }

    byte[] head(ViewKey key) {
        return name(key, HEAD);
    }

    /** A pattern of SCAN for all heads of a view, in every bucket. It may match more: {@link #entity} decides. */
    String headPattern(String view, long lineage) {
        return "tw:{*}:" + literally(afterBucket(view, lineage)) + "*" + HEAD;
    }

    /** The entity in a name that {@link #headPattern} matched, or null if the name is another view's. */
    @Nullable
    String entity(byte[] name, String view, long lineage) {
        String text = new String(name, UTF_8);
        String prefix = "}:" + afterBucket(view, lineage);
        int start = text.indexOf('}');
        if (start < 0 || !text.startsWith(prefix, start) || !text.endsWith(HEAD)) {
            return null;
        }
        return text.substring(start + prefix.length(), text.length() - HEAD.length());
    }

    private byte[] name(ViewKey key, String half) {
        byte[] entity = key.entity().getBytes(UTF_8);
        byte[] begin = BUCKET_NAMES[bucket(entity)];
        byte[] middle = middle(key);
        byte[] name = Arrays.copyOf(begin, begin.length + middle.length + entity.length + 2);
        System.arraycopy(middle, 0, name, begin.length, middle.length);
        System.arraycopy(entity, 0, name, begin.length + middle.length, entity.length);
        name[name.length - 2] = (byte) half.charAt(0);
        name[name.length - 1] = (byte) half.charAt(1);
        return name;
    }

    private byte[] middle(ViewKey key) {
        Middle last = lastMiddle;
        if (last == null || !last.isOf(key)) {
            String view = checkName("view", key.view());
            last = new Middle(
                    view, key.lineage(), afterBucket(view, key.lineage()).getBytes(UTF_8));
            lastMiddle = last;
        }
        return last.bytes();
    }

    private String afterBucket(String view, long lineage) {
        return project + ":" + view + ":" + lineage + ":";
    }

    private static String literally(String text) {
        return text.replaceAll("[\\\\*?\\[\\]^]", "\\\\$0");
    }
}
