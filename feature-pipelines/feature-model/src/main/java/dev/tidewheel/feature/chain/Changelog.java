package dev.tidewheel.feature.chain;

import dev.tidewheel.feature.bytes.ByteReader;
import dev.tidewheel.feature.bytes.ByteWriter;
import dev.tidewheel.feature.change.Change;
import dev.tidewheel.feature.change.EventId;
import dev.tidewheel.feature.row.RowCodec;
import dev.tidewheel.feature.view.Disposition;
import dev.tidewheel.feature.view.FeatureValues;
import dev.tidewheel.feature.view.KeyState;
import dev.tidewheel.feature.view.ViewPlan;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;

/**
 * What one key of a view emits for views that are chained to it: a record per applied change, with the values at the moment
 * when the change became visible. Changes wait until the watermark has passed that moment, because before it others may
 * come that the value contains; they are then taken in the order of visibility. So the records are a function of the set of
 * changes that came before the watermark, whatever their order. Mutable, not thread-safe.
 *
 * <p>The state is the changelog's own: the one that serves runs ahead of the watermark.
 */
public final class Changelog {
    private static final int VERSION = 1;
    private static final Comparator<Waiting> BY_VISIBILITY = Comparator.comparingLong(Waiting::visibleAt)
            .thenComparingLong(waiting -> waiting.change.eventTime())
            .thenComparing(waiting -> waiting.change.id())
            .thenComparing(waiting -> waiting.change.retraction());

    private final ViewPlan plan;
    private final ChangelogRecords records;
    private final RowCodec rows;
    private final List<Waiting> waiting = new ArrayList<>(); // by visibility
    private KeyState state;
    private long watermark = Long.MIN_VALUE;

    /**
     * @param knownTime the earliest among the copies that came
     */
    private record Waiting(Change change, long knownTime) {
        long visibleAt() {
            return Change.visibleAt(change.eventTime(), knownTime);
        }

        boolean isOf(Change copy) {
            return change.retraction() == copy.retraction() && change.id().equals(copy.id());
        }
    }

    /** What becomes of a change that is offered. */
    public enum Offer {
        /** It is late or the view cannot take it: there is nothing to tell, and it is no copy of anything. */
        REFUSED,
        /** It waits, or changes nothing. Its id is to be remembered. */
        TAKEN,
        /**
         * It became visible before the watermark. What it belongs into has been told, so it is not taken; the caller owes it
         * to the dead letters.
         */
        BEHIND
    }

    /** An empty one. */
    public Changelog(ViewPlan plan) {
        this.plan = plan;
        this.records = new ChangelogRecords(plan);
        this.rows = new RowCodec(plan.source());
        this.state = new KeyState(plan);
    }

    /**
     * Takes a change of the view's source.
     *
     * @param duplicate whether the caller has remembered the change's id, as for {@link KeyState#route}: then it only
     *     makes the change that it repeats visible earlier
     */
    public Offer offer(Change change, boolean duplicate) {
        if (isRefused(change)) {
            return Offer.REFUSED;
        }
        if (duplicate) {
            return lower(change);
        }
        if (change.visibleAt() <= watermark) {
            return Offer.BEHIND;
        }
        insert(new Waiting(change, change.knownTime()));
        return Offer.TAKEN;
    }

    private Offer lower(Change copy) {
        for (int i = 0; i < waiting.size(); i++) {
            Waiting held = waiting.get(i);
            if (held.isOf(copy) && copy.knownTime() < held.knownTime) {
                Waiting lowered = new Waiting(held.change, copy.knownTime());
                if (lowered.visibleAt() <= watermark) {
                    return Offer.BEHIND;
                }
                waiting.remove(i);
                insert(lowered);
                return Offer.TAKEN;
            }
        }
        return Offer.TAKEN;
    }

    private boolean isRefused(Change change) {
        return change.isLate(plan.spec().horizonMillis())
                || plan.rejection(change).isPresent();
    }

    private void insert(Waiting added) {
        int at = waiting.size();
        while (at > 0 && BY_VISIBILITY.compare(waiting.get(at - 1), added) > 0) {
            at--;
        }
        waiting.add(at, added);
    }

    /**
     * Says that nothing known up to a time is still to come, and returns what can be told now, in the order of visibility.
     *
     * @param knownThrough never less than before
     */
    public List<Change> advance(long knownThrough) {
        if (knownThrough < watermark) {
            throw new IllegalArgumentException(
                    "a watermark does not go back, from " + watermark + " to " + knownThrough);
        }
        watermark = knownThrough;
        List<Change> told = new ArrayList<>();
        while (!waiting.isEmpty() && waiting.get(0).visibleAt() <= watermark) {
            tell(takeMoment(), told);
        }
        return told;
    }

    /** All that became visible at the first moment that there is. */
    private List<Waiting> takeMoment() {
        long moment = waiting.get(0).visibleAt();
        int end = 0;
        while (end < waiting.size() && waiting.get(end).visibleAt() == moment) {
            end++;
        }
        List<Waiting> taken = List.copyOf(waiting.subList(0, end));
        waiting.subList(0, end).clear();
        return taken;
    }

    private void tell(List<Waiting> moment, List<Change> told) {
        List<Waiting> applied = new ArrayList<>();
        for (Waiting each : moment) {
            if (take(each) == Disposition.APPLIED) {
                applied.add(each);
            }
        }
        if (applied.isEmpty()) {
            return;
        }
        long visibleAt = moment.get(0).visibleAt();
        FeatureValues values = state.read(visibleAt);
        applied.forEach(each -> told.add(records.of(each.change, visibleAt, values)));
        if (state.shouldFold()) {
            state.fold();
        }
    }

    /** As if the earliest copy had been the only one; one from before the event was not refused either. */
    private Disposition take(Waiting each) {
        Change taken = each.change;
        long knownTime = Math.min(taken.knownTime(), Math.max(each.knownTime, taken.eventTime()));
        return state.route(
                new Change(taken.retraction(), taken.id(), taken.eventTime(), knownTime, taken.row()), false);
    }

    /** How its records are made, and their columns. */
    public ChangelogRecords records() {
        return records;
    }

    /** How far it has been told. */
    public long watermark() {
        return watermark;
    }

    /** When the first of the changes that wait became visible. */
    public OptionalLong firstVisibleAt() {
        return waiting.isEmpty()
                ? OptionalLong.empty()
                : OptionalLong.of(waiting.get(0).visibleAt());
    }

    /** How many changes wait for the watermark. */
    public int waiting() {
        return waiting.size();
    }

    /** Everything, deterministically; starts with a format byte. */
    public byte[] encode() {
        ByteWriter out = new ByteWriter();
        out.writeByte(VERSION);
        out.writeSigned(watermark);
        out.writeBytes(state.encodeBase());
        out.writeBytes(state.encodeHead());
        out.writeUnsigned(waiting.size());
        for (Waiting each : waiting) {
            out.writeByte(each.change.retraction() ? 1 : 0);
            each.change.id().encode(out);
            out.writeSigned(each.change.eventTime());
            out.writeSigned(each.change.knownTime());
            out.writeSigned(each.knownTime);
            rows.write(each.change.row(), out);
        }
        return out.toByteArray();
    }

    /**
     * Reads what {@link #encode} wrote.
     *
     * @throws IllegalArgumentException if the bytes are not of this plan
     */
    public static Changelog decode(ViewPlan plan, byte[] bytes) {
        ByteReader in = new ByteReader(bytes);
        int version = in.readByte();
        if (version != VERSION) {
            throw new IllegalArgumentException(
                    "a changelog has format " + version + ", this program reads " + VERSION + ": upgrade it");
        }
        Changelog changelog = new Changelog(plan);
        changelog.watermark = in.readSigned();
        byte[] base = in.readBytes();
        changelog.state = KeyState.decode(plan, base, in.readBytes());
        int count = in.readLength();
        for (int i = 0; i < count; i++) {
            changelog.insert(changelog.decodeWaiting(in));
        }
        in.expectEnd();
        return changelog;
    }

    private Waiting decodeWaiting(ByteReader in) {
        boolean retraction = in.readByte() != 0;
        EventId id = EventId.decode(in);
        long eventTime = in.readSigned();
        long ownKnownTime = in.readSigned();
        long knownTime = in.readSigned();
        return new Waiting(new Change(retraction, id, eventTime, ownKnownTime, rows.read(in)), knownTime);
    }
}
