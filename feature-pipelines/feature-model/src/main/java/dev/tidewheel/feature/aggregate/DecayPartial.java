package dev.tidewheel.feature.aggregate;

import dev.tidewheel.feature.bytes.ByteReader;
import dev.tidewheel.feature.bytes.ByteWriter;
import dev.tidewheel.feature.change.EventId;
import dev.tidewheel.feature.row.ColumnType;
import dev.tidewheel.feature.row.Row;
import dev.tidewheel.feature.view.Status;
import java.math.BigInteger;
import java.util.Map;
import java.util.TreeMap;

/**
 * Values that lose half of their weight with every half-life H: Σ x·2<sup>−(t − e)/H</sup> for decayed_sum, and that
 * divided by the sum of the weights for decayed_mean.
 *
 * <p>The usual way, decaying a running sum from event to event, rounds at every step, so its value depends on the order of
 * arrival. Here an event at e contributes x·2<sup>(e − L)/H</sup>, where L is the last of the landmarks before e (see
 * {@link DecayClock}): a number that depends on the event alone. With (e − L)/H = i + f, it is m·2<sup>f</sup>, rounded
 * once, times an exact power of two, where m is the mantissa of x. These are added exactly, per landmark; a read adds up
 * the landmarks exactly, multiplies by 2<sup>−(t − L)/H</sup>, and rounds once. So equal sets have equal bits, and taking a
 * value away undoes adding it.
 *
 * <p>The error: {@link StrictMath#pow} is within one unit in the last place, its argument within half of one, and the
 * product is rounded once, so a contribution is within 1.7·2<sup>−52</sup> of the real number, relatively; the read's own
 * factor and its rounding add as much again. A value is within 2<sup>−50</sup> · Σ |x|·2<sup>−(t − e)/H</sup> of the real
 * number.
 *
 * <p>In a sum, events from {@value #KEPT} landmarks before the read's and earlier count nothing: they have lost more than
 * 2,100 halves, which takes even the greatest double below the smallest. A mean does not depend on when it is read; there,
 * events so far before the newest one of the window (whether that was added or taken away) count nothing. So no more
 * landmarks than that are kept.
 *
 * @param input INT64 or FLOAT64; an integer counts as the nearest double
 * @param clock the half-life
 */
record DecayPartial(ColumnType input, DecayClock clock) implements Partial<DecayPartial.Decay> {
    static final int KEPT = 35;
    static final Parameter HALF_LIFE = Parameter.required(
            "halfLife", "seconds until a value counts half, to the millisecond", 3_600, 0.001, 3.2e9);

    static BoundAggregate<Decay> sum(Operands input, Parameters parameters) {
        DecayPartial partial = of(input, parameters);
        return new BoundAggregate<>(partial, ColumnType.FLOAT64, (decay, at, out, slot) -> {
            if (decay.count <= 0) {
                return Status.NULL;
            }
            out.setDouble(slot, decay.nonFinite.isNone() ? decay.sumAt(at.t()) : decay.nonFinite.sum());
            return Status.OK;
        });
    }

    static BoundAggregate<Decay> mean(Operands input, Parameters parameters) {
        DecayPartial partial = of(input, parameters);
        return new BoundAggregate<>(partial, ColumnType.FLOAT64, (decay, at, out, slot) -> {
            if (decay.count <= 0) {
                return Status.NULL;
            }
            if (!decay.nonFinite.isNone()) {
                out.setDouble(slot, decay.nonFinite.sum());
                return Status.OK;
            }
            // All weights shrink alike as time goes on: the newest landmark serves as well as the read's, at any age.
            Total weights = decay.total(decay.newest, true);
            if (weights.scaled.signum() <= 0) {
                return Status.NULL;
            }
            Total values = decay.total(decay.newest, false);
            out.setDouble(slot, ExactRatio.toDouble(values.scaled, weights.scaled, values.exponent - weights.exponent));
            return Status.OK;
        });
    }

    private static DecayPartial of(Operands input, Parameters parameters) {
        long halfLife = Math.round(parameters.number("halfLife") * 1_000);
        return new DecayPartial(input.input(), new DecayClock(halfLife));
    }

    @Override
    public String key() {
        return "decay(" + input + ", " + clock.halfLifeMillis() + ")";
    }

    @Override
    public Class<Decay> type() {
        return Decay.class;
    }

    @Override
    public Decay create() {
        return new Decay(this);
    }

    @Override
    public Decay decode(ByteReader in) {
        Decay decay = create();
        decay.decode(in);
        return decay;
    }

    @Override
    public boolean retracts() {
        return true;
    }

    @Override
    public boolean readsIds() {
        return false;
    }

    @Override
    public Promise promise() {
        return Promise.REPRODUCIBLE;
    }

    @Override
    public int typicalBytes() {
        return 40;
    }

    /** A number: scaled · 2^exponent, relative to a landmark. */
    private record Total(BigInteger scaled, int exponent) {}

    /** What counts behind one landmark. */
    private static final class Landmark {
        private ExactSum values = new ExactSum();
        private ExactSum weights = new ExactSum();

        boolean isZero() {
            return values.isZero() && weights.isZero();
        }
    }

    static final class Decay implements Accumulator<Decay> {
        private static final long NEVER = Long.MIN_VALUE;

        private final boolean doubles;
        private final DecayClock clock;
        private final TreeMap<Long, Landmark> landmarks = new TreeMap<>();
        private long count;
        private long newest = NEVER; // The latest landmark ever met: what lies far before it is not kept.
        private NonFinite nonFinite = new NonFinite();

        private Decay(DecayPartial partial) {
            doubles = partial.input == ColumnType.FLOAT64;
            clock = partial.clock;
        }

        @Override
        public void add(Row values, int slot, long eventTime, EventId id) {
            count(values, slot, eventTime, 1);
        }

        @Override
        public void retract(Row values, int slot, long eventTime, EventId id) {
            count(values, slot, eventTime, -1);
        }

        private void count(Row values, int slot, long eventTime, int times) {
            count += times;
            meet(clock.landmark(eventTime));
            double value = doubles ? values.getDouble(slot) : (double) values.getLong(slot);
            if (nonFinite.takes(value, times) || clock.landmark(eventTime) <= newest - KEPT) {
                return;
            }
            Landmark landmark = landmarks.computeIfAbsent(clock.landmark(eventTime), at -> new Landmark());
            int wholes = clock.wholes(eventTime);
            double growth = clock.growth(eventTime);
            landmark.weights.addScaled(times * growth, wholes);
            if (value != 0) {
                // Below the normal doubles a mantissa is short: they are first moved up, which is exact.
                int up = Math.abs(value) < Double.MIN_NORMAL ? 64 : 0;
                double normal = Math.scalb(value, up);
                int exponent = Math.getExponent(normal);
                double contribution = Math.scalb(normal, -exponent) * growth;
                landmark.values.addScaled(times * contribution, wholes + exponent - up);
            }
        }

        private void meet(long landmark) {
            if (landmark > newest) {
                newest = landmark;
                landmarks.headMap(newest - KEPT, true).clear();
            }
        }

        @Override
        public void merge(Decay other) {
            count += other.count;
            nonFinite.merge(other.nonFinite);
            meet(other.newest);
            for (Map.Entry<Long, Landmark> theirs : other.landmarks.entrySet()) {
                if (theirs.getKey() > newest - KEPT) {
                    Landmark mine = landmarks.computeIfAbsent(theirs.getKey(), at -> new Landmark());
                    mine.values.merge(theirs.getValue().values);
                    mine.weights.merge(theirs.getValue().weights);
                }
            }
        }

        private double sumAt(long t) {
            Total total = total(clock.landmark(t), false);
            double decay = clock.decay(t);
            BigInteger factor = BigInteger.valueOf((long) Math.scalb(decay, 53)); // 0.5 to 1: nothing is cut off
            int exponent = total.exponent - clock.wholes(t) - 53;
            return ExactRatio.toDouble(total.scaled.multiply(factor), BigInteger.ONE, exponent) + 0.0;
        }

        private Total total(long reference, boolean weights) {
            BigInteger total = BigInteger.ZERO;
            int exponent = 0;
            for (Map.Entry<Long, Landmark> entry :
                    landmarks.tailMap(reference - KEPT, false).entrySet()) {
                ExactSum sum = weights ? entry.getValue().weights : entry.getValue().values;
                int behind = (int) (entry.getKey() - reference) * DecayClock.HALF_LIVES_PER_LANDMARK;
                int lower = Math.min(exponent, sum.scale() + behind);
                total = total.shiftLeft(exponent - lower).add(sum.scaled().shiftLeft(sum.scale() + behind - lower));
                exponent = lower;
            }
            return new Total(total, exponent);
        }

        @Override
        public boolean isIdentity() {
            return newest == NEVER;
        }

        /** Counts, the latest landmark met, and per landmark that is not 0 its distance from there and its sums. */
        @Override
        public void encode(ByteWriter out) {
            landmarks.values().removeIf(Landmark::isZero);
            boolean finite = nonFinite.isNone();
            out.writeSigned((count << 1) | (finite ? 0 : 1));
            if (!finite) {
                nonFinite.encode(out);
            }
            out.writeSigned(newest);
            out.writeUnsigned(landmarks.size());
            landmarks.forEach((at, landmark) -> {
                out.writeUnsigned(newest - at);
                landmark.values.encode(out);
                landmark.weights.encode(out);
            });
        }

        private void decode(ByteReader in) {
            long header = in.readSigned();
            count = header >> 1;
            if ((header & 1) != 0) {
                nonFinite = NonFinite.decode(in);
            }
            newest = in.readSigned();
            int held = in.readLength();
            for (int i = 0; i < held; i++) {
                long at = newest - in.readUnsigned();
                if (at > newest || at <= newest - KEPT || (i > 0 && at <= landmarks.lastKey())) {
                    throw new IllegalArgumentException("a decayed sum has no landmark " + at + " before " + newest);
                }
                Landmark landmark = new Landmark();
                landmark.values = ExactSum.decode(in);
                landmark.weights = ExactSum.decode(in);
                landmarks.put(at, landmark);
            }
        }

        @Override
        public String describe() {
            return isIdentity() ? "nothing" : "count " + count + ", of " + landmarks.size() + " landmarks";
        }
    }
}
