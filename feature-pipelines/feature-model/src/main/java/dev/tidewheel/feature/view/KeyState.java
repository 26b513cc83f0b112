package dev.tidewheel.feature.view;

import dev.tidewheel.feature.change.Change;
import dev.tidewheel.feature.row.Row;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Everything that one view knows about one key: tiles of partial aggregates, split into a {@code base} that is
 * rewritten rarely and a {@code head} of deltas and raw changes that is rewritten with every flush. A value is finished
 * at read, for the moment asked. Mutable, not thread-safe.
 *
 * <p>Used alike by the Flink operator and by the reader of the online store. There are two other implementations, equal to
 * the bit: {@link RollingState}, for training sets, where time moves forward only, and the naive oracle that tests and
 * parity compare both with.
 *
 * <p>A change waits raw in the head while a read at the present may have to leave it out: while it is younger than the
 * view's {@code headSpan}, by the knownTime of the change applied last, and until it is due if it is dated ahead.
 * Then, or when there are too many, it moves into tiles, where it can no longer be told apart. {@link #foldedThrough}
 * says how far that went: a read before it would contain changes that were not visible then, so it is refused.
 */
public final class KeyState {
    private final ViewPlan plan;
    private final Base base;
    private final Head head;

    /** An empty state. */
    public KeyState(ViewPlan plan) {
        this(plan, new Base(plan), new Head(plan));
    }

    private KeyState(ViewPlan plan, Base base, Head head) {
        this.plan = plan;
        this.base = base;
        this.head = head;
    }

    /**
     * Reads the two halves back. The base's tiles are read when they are first needed, so that a broken tile is told
     * then. The arrays are kept and must not change.
     *
     * @param base bytes of {@link #encodeBase()}, or null if none was ever written
     * @param head bytes of {@link #encodeHead()}
     * @throws IllegalArgumentException if the bytes are not of this plan or the head is not of this base
     */
    public static KeyState decode(ViewPlan plan, byte @Nullable [] base, byte[] head) {
        Head decodedHead = Head.decode(plan, head);
        Base decodedBase = base == null ? new Base(plan) : Base.decode(plan, base);
        if (decodedHead.baseGeneration() != decodedBase.generation()) {
            throw new IllegalArgumentException("the head applies to base generation " + decodedHead.baseGeneration()
                    + ", got generation " + decodedBase.generation() + ": the two halves must be read together");
        }
        return new KeyState(plan, decodedBase, decodedHead);
    }

    /** Whether a state with this head has a base: it was folded before. The head's other bytes are not looked at. */
    public static boolean hasBase(byte[] head) {
        return Head.generation(head) > 0;
    }

    /**
     * Takes a change whose row has the columns of {@link ViewPlan#source()}. Updates the version, the counts and, if
     * applied, the head.
     *
     * <p>The caller remembers ids: of changes that came back APPLIED or FILTERED, not of those that were refused, so that
     * the order of copies does not decide; an addition and a retraction of equal id are two changes. A copy that became
     * visible earlier than the change it repeats makes that change visible from then on.
     *
     * @param duplicate whether the caller has remembered the change's id, within the horizon
     */
    public Disposition route(Change change, boolean duplicate) {
        Disposition disposition = judge(change, duplicate);
        head.book(disposition, change.knownTime());
        if (disposition == Disposition.APPLIED) {
            head.settle(change.knownTime());
        }
        return disposition;
    }

    private Disposition judge(Change change, boolean duplicate) {
        if (change.isLate(plan.spec().horizonMillis())) {
            return Disposition.LATE;
        }
        if (plan.refusal(change).isPresent()) {
            return Disposition.REJECTED;
        }
        Evaluation evaluation = plan.program().evaluate(change.row());
        if (evaluation instanceof Evaluation.Failed) {
            return Disposition.REJECTED;
        }
        if (duplicate) {
            head.lower(change);
            return Disposition.DUPLICATE;
        }
        if (evaluation instanceof Evaluation.Counts counts) {
            head.add(RawEntry.of(change, counts.inputs()));
            return Disposition.APPLIED;
        }
        return Disposition.FILTERED;
    }

    /** The value of every feature at a time, by the state's changes that are visible then. */
    public FeatureValues read(long t) {
        int size = plan.features().size();
        Row values = new Row(size);
        byte[] statuses = new byte[size];
        if (t < head.foldedThrough()) {
            Arrays.fill(statuses, Status.READ_POINT_PASSED.code());
            return new FeatureValues(values, statuses);
        }
        Merged[] cells = new Reading(plan, base.tiles(), head, t).cells();
        for (int slot = 0; slot < size; slot++) {
            ViewPlan.Finish finish = plan.finishes().get(slot);
            statuses[slot] = cells[finish.cell()]
                    .finish(finish.aggregate(), values, slot)
                    .code();
        }
        return new FeatureValues(values, statuses);
    }

    /** What a key that was never seen has: counts 0 or null, all NOT_FOUND. */
    public static FeatureValues absent(ViewPlan plan) {
        FeatureValues values = new KeyState(plan).read(Long.MAX_VALUE);
        Arrays.fill(values.statuses(), Status.NOT_FOUND.code());
        return values;
    }

    /**
     * Takes one feature's value at a time apart: the tiles and the raw changes that it is made of, and why it is null if
     * it is.
     *
     * @param slot the feature's, in {@link ViewPlan#features()}
     */
    public Explanation explain(long t, int slot) {
        return Explainer.explain(plan, base.tiles(), head, t, slot);
    }

    public Version version() {
        return new Version(head.knownTime(), head.routed());
    }

    /** How many changes had each disposition; sums to {@code version().routed()}. */
    public long count(Disposition disposition) {
        return head.count(disposition);
    }

    /** The greatest visibleAt inside any tile: a read before it is READ_POINT_PASSED. */
    public long foldedThrough() {
        return head.foldedThrough();
    }

    /** Whether the head has outgrown its bound, so that the next flush should fold it into the base. */
    public boolean shouldFold() {
        return head.isLong();
    }

    /** Moves the head's deltas into the base and drops tiles that no exact read can need. */
    public void fold() {
        base.fold(head.deltas(), head.foldedThrough());
        head.folded(base.generation());
    }

    /** Which base this state's head applies to: grows by one with every fold; 0 before the first. */
    public long baseGeneration() {
        return base.generation();
    }

    /** The base's bytes; deterministic, starts with a format byte. Empty before the first fold. Do not change them. */
    public byte[] encodeBase() {
        return base.encode();
    }

    /**
     * The head's bytes: version, counts, foldedThrough, base generation, deltas, raw changes. Deterministic; do not
     * change them.
     */
    public byte[] encodeHead() {
        return head.encode();
    }
}
