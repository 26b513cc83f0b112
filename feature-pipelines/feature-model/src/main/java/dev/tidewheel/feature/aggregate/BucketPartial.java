package dev.tidewheel.feature.aggregate;

import dev.tidewheel.feature.bytes.ByteReader;
import dev.tidewheel.feature.bytes.ByteWriter;
import dev.tidewheel.feature.change.EventId;
import dev.tidewheel.feature.row.ColumnType;
import dev.tidewheel.feature.row.Row;
import dev.tidewheel.feature.view.Status;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * One inner accumulator per category: any aggregate, as a JSON map with sorted keys. The category is the value behind the
 * inner inputs, as its text; numbers in decimal, times in milliseconds, 0.0 and −0.0 one, all NaNs one.
 *
 * <p>A category is in the map if more rows were added to it than taken away; its value is null where the inner aggregate
 * has none. If that is because it overflowed or is truncated, the map's status says so, and the map is there for the sake
 * of the other categories: OVERFLOW where any did, else TRUNCATED where any is, else OK. More than {@code limit} categories ever seen in a window, retracted ones too, give null with status TRUNCATED:
 * so the bound holds in any order.
 *
 * @param inner what is kept per category
 * @param category the type of the category
 * @param limit how many categories are kept at most
 * @param <A> the inner accumulators
 */
record BucketPartial<A extends Accumulator<A>>(Partial<A> inner, ColumnType category, int limit)
        implements Partial<BucketPartial.Buckets<A>> {
    static final Parameter LIMIT =
            Parameter.whole("buckets", "how many categories are kept at most", 100, 1, 1_000_000);

    static <A extends Accumulator<A>> BoundAggregate<Buckets<A>> bind(
            BoundAggregate<A> inner, ColumnType category, int limit) {
        BucketPartial<A> partial = new BucketPartial<>(inner.partial(), category, limit);
        return new BoundAggregate<>(partial, ColumnType.JSON, (buckets, at, out, slot) -> {
            if (buckets.truncated) {
                return Status.TRUNCATED;
            }
            Map<String, Bucket<A>> present = buckets.present();
            if (present.isEmpty()) {
                return Status.NULL;
            }
            JsonText text = new JsonText().open('{');
            Status status = Status.OK;
            for (Map.Entry<String, Bucket<A>> entry : present.entrySet()) {
                status = graver(status, append(inner, entry.getValue(), at, text.key(entry.getKey())));
            }
            out.setString(slot, text.close('}').toString());
            return status;
        });
    }

    private static <A extends Accumulator<A>> Status append(
            BoundAggregate<A> inner, Bucket<A> bucket, ReadPoint at, JsonText text) {
        Row value = new Row(1);
        Status status = inner.finisher().finish(bucket.held, at, value, 0);
        if (value.isNull(0)) {
            text.raw("null");
        } else {
            Scalar.of(inner.result(), value, 0).appendTo(text);
        }
        return status;
    }

    /** That a category has nothing to say is a value of the map like any other. */
    private static Status graver(Status one, Status other) {
        return other == Status.NULL || other.compareTo(one) < 0 ? one : other;
    }

    @Override
    public String key() {
        return "buckets(" + inner.key() + ", " + category + ", " + limit + ")";
    }

    @Override
    public int width() {
        return inner.width() + 1;
    }

    @Override
    @SuppressWarnings("unchecked") // A class has no type arguments; those of the accumulators are this partial's own.
    public Class<Buckets<A>> type() {
        return (Class<Buckets<A>>) (Class<?>) Buckets.class;
    }

    @Override
    public Buckets<A> create() {
        return new Buckets<>(this);
    }

    @Override
    public Buckets<A> decode(ByteReader in) {
        Buckets<A> buckets = create();
        buckets.decode(in);
        return buckets;
    }

    @Override
    public boolean retracts() {
        return inner.retracts();
    }

    @Override
    public boolean readsIds() {
        return inner.readsIds();
    }

    @Override
    public Promise promise() {
        return inner.promise();
    }

    @Override
    public int typicalBytes() {
        return 1 + Math.min(limit, 8) * (10 + inner.typicalBytes());
    }

    @Override
    public long mostBytes() {
        return 3 + limit * (Scalar.mostBytes(category) + 3 + inner.mostBytes());
    }

    private static final class Bucket<A extends Accumulator<A>> {
        private final A held;
        private long count;

        Bucket(A held) {
            this.held = held;
        }
    }

    static final class Buckets<A extends Accumulator<A>> implements Accumulator<Buckets<A>> {
        private final BucketPartial<A> partial;
        private final Map<String, Bucket<A>> byCategory = new HashMap<>(); // one stays when it comes back to nothing
        private boolean truncated;

        private Buckets(BucketPartial<A> partial) {
            this.partial = partial;
        }

        @Override
        public void add(Row values, int slot, long eventTime, EventId id) {
            if (!truncated) {
                Bucket<A> bucket = bucket(category(values, slot));
                bucket.count++;
                bucket.held.add(values, slot, eventTime, id);
                truncateBeyondLimit();
            }
        }

        @Override
        public void retract(Row values, int slot, long eventTime, EventId id) {
            if (!truncated) {
                Bucket<A> bucket = bucket(category(values, slot));
                bucket.count--;
                bucket.held.retract(values, slot, eventTime, id);
                truncateBeyondLimit();
            }
        }

        private String category(Row values, int slot) {
            int at = slot + partial.inner.width();
            return switch (partial.category) {
                case STRING, JSON -> Objects.requireNonNull(values.getString(at), "a category without its text");
                case FLOAT64 -> Double.toString(values.getDouble(at) + 0.0); // −0.0 + 0.0 is 0.0
                case BOOL -> Boolean.toString(values.getBoolean(at));
                case INT64, TIMESTAMP -> Long.toString(values.getLong(at));
            };
        }

        private Bucket<A> bucket(String key) {
            return byCategory.computeIfAbsent(key, added -> new Bucket<>(partial.inner.create()));
        }

        @Override
        public void merge(Buckets<A> other) {
            if (other.truncated) {
                truncate();
            } else if (!truncated) {
                other.byCategory.forEach((key, theirs) -> {
                    Bucket<A> mine = bucket(key);
                    mine.count += theirs.count;
                    mine.held.merge(theirs.held);
                });
                truncateBeyondLimit();
            }
        }

        private void truncateBeyondLimit() {
            if (byCategory.size() > partial.limit) {
                truncate();
            }
        }

        private void truncate() {
            truncated = true;
            byCategory.clear();
        }

        private Map<String, Bucket<A>> present() {
            Map<String, Bucket<A>> present = new TreeMap<>(byCategory);
            present.values().removeIf(bucket -> bucket.count <= 0);
            return present;
        }

        @Override
        public boolean isIdentity() {
            return !truncated && byCategory.isEmpty();
        }

        /**
         * 0 if truncated, else the number of categories + 1; then each, ascending, with its count, whose lowest bit tells
         * whether an inner accumulator follows.
         */
        @Override
        public void encode(ByteWriter out) {
            out.writeUnsigned(truncated ? 0 : byCategory.size() + 1);
            new TreeMap<>(byCategory).forEach((key, bucket) -> {
                boolean holds = !bucket.held.isIdentity();
                out.writeString(key);
                out.writeSigned((bucket.count << 1) | (holds ? 1 : 0));
                if (holds) {
                    bucket.held.encode(out);
                }
            });
        }

        private void decode(ByteReader in) {
            long header = in.readUnsigned();
            truncated = header == 0;
            if (header < 0 || header > partial.limit + 1L) {
                throw new IllegalArgumentException(
                        "more than " + partial.limit + " categories: " + Long.toUnsignedString(header - 1));
            }
            String previous = null;
            for (long i = 1; i < header; i++) {
                String key = in.readString();
                if (previous != null && previous.compareTo(key) >= 0) {
                    throw new IllegalArgumentException("categories do not ascend: " + key);
                }
                previous = key;
                long count = in.readSigned();
                A held = (count & 1) == 0 ? partial.inner.create() : partial.inner.decode(in);
                Bucket<A> bucket = new Bucket<>(held);
                bucket.count = count >> 1;
                byCategory.put(key, bucket);
            }
        }

        @Override
        public String describe() {
            return truncated
                    ? "more than " + partial.limit + " categories"
                    : present().size() + " categories";
        }
    }
}
