package dev.tidewheel.feature.aggregate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidewheel.feature.bytes.ByteReader;
import dev.tidewheel.feature.bytes.ByteWriter;
import dev.tidewheel.feature.change.EventId;
import dev.tidewheel.feature.row.Row;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.Function;

/**
 * The laws of {@link Accumulator}, checked with random values. Whoever adds an aggregate adds a line to
 * {@link AggregateLawsTest} and gets them all.
 *
 * @param <A> the accumulators
 */
public final class AggregateLaws<A extends Accumulator<A>> {

    /** A value with its place in the total order. */
    private record Item(Row row, long eventTime, EventId id) {}

    private final BoundAggregate<A> aggregate;
    private final Partial<A> partial;
    private final Function<Random, Row> values;
    private final Random random;
    private final String place;

    private AggregateLaws(BoundAggregate<A> aggregate, Function<Random, Row> values, long seed) {
        this.aggregate = aggregate;
        this.partial = aggregate.partial();
        this.values = values;
        this.random = new Random(seed);
        this.place = partial.key() + ", seed " + seed;
    }

    /**
     * Checks all laws once.
     *
     * @param values makes rows of the aggregate's inputs, none of them null
     */
    public static <A extends Accumulator<A>> void check(
            BoundAggregate<A> aggregate, Function<Random, Row> values, long seed) {
        AggregateLaws<A> laws = new AggregateLaws<>(aggregate, values, seed);
        laws.identity();
        laws.commutativity();
        if (aggregate.partial().promise() != Promise.BOUNDED) { // Those are within their bound instead.
            laws.associativity();
            laws.anyOrderAndGrouping();
        }
        laws.mergeKeepsNothingOfTheOther();
        laws.bytesComeBack();
        laws.retraction();
        laws.subtraction();
        laws.terms();
        laws.idsDoNotMatterUnlessRead();
    }

    private void identity() {
        A some = of(items(20));
        byte[] before = bytes(some);
        some.merge(partial.create());
        assertThat(bytes(some)).as(place).isEqualTo(before);
        A identity = partial.create();
        assertThat(identity.isIdentity()).as(place).isTrue();
        identity.merge(some);
        assertThat(bytes(identity)).as(place).isEqualTo(before);
    }

    private void commutativity() {
        List<Item> left = items(12);
        List<Item> right = items(12);
        assertThat(bytes(merged(of(left), of(right)))).as(place).isEqualTo(bytes(merged(of(right), of(left))));
    }

    private void associativity() {
        List<Item> a = items(8);
        List<Item> b = items(8);
        List<Item> c = items(8);
        A leftFirst = merged(merged(of(a), of(b)), of(c));
        A rightFirst = merged(of(a), merged(of(b), of(c)));
        assertThat(bytes(leftFirst)).as(place).isEqualTo(bytes(rightFirst));
    }

    private void anyOrderAndGrouping() {
        List<Item> items = items(60);
        byte[] expected = bytes(of(items));
        List<Item> shuffled = new ArrayList<>(items);
        Collections.shuffle(shuffled, random);
        A total = partial.create();
        int at = 0;
        while (at < shuffled.size()) {
            int end = Math.min(shuffled.size(), at + 1 + random.nextInt(10));
            A group = of(shuffled.subList(at, end));
            total = random.nextBoolean() ? merged(total, group) : merged(group, total);
            at = end;
        }
        assertThat(bytes(total)).as(place).isEqualTo(expected);
    }

    private void mergeKeepsNothingOfTheOther() {
        A into = of(items(10));
        A other = of(items(10));
        byte[] otherBefore = bytes(other);
        into.merge(other);
        assertThat(bytes(other)).as(place).isEqualTo(otherBefore);
        byte[] before = bytes(into);
        items(10).forEach(item -> add(other, item));
        assertThat(bytes(into)).as(place).isEqualTo(before);
    }

    private void bytesComeBack() {
        A some = of(items(1 + random.nextInt(40)));
        byte[] bytes = bytes(some);
        ByteReader in = new ByteReader(bytes);
        A back = partial.decode(in);
        in.expectEnd();
        assertThat(bytes(back)).as(place).isEqualTo(bytes);
        assertThat(finish(back)).as(place).isEqualTo(finish(some));
        assertThat(passedOver(bytes)).as(place).isEqualTo(bytes.length);
    }

    /** How far it is to the end of an accumulator for who does not want it. */
    private int passedOver(byte[] bytes) {
        ByteReader in = new ByteReader(bytes);
        if (partial.numbers() == 0) {
            partial.skip(in);
        }
        for (int i = 0; i < partial.numbers(); i++) {
            in.skipNumber();
        }
        return in.position();
    }

    private void retraction() {
        List<Item> kept = items(15);
        List<Item> taken = items(15);
        A total = of(kept);
        if (!partial.undoes()) {
            return;
        }
        String expected = finish(total);
        A delta = partial.create();
        taken.forEach(item -> delta.retract(item.row, 0, item.eventTime, item.id)); // before what it takes away
        total.merge(delta);
        List<Item> shuffled = new ArrayList<>(taken);
        Collections.shuffle(shuffled, random);
        shuffled.forEach(item -> add(total, item));
        assertThat(finish(total)).as(place).isEqualTo(expected);
    }

    private void subtraction() {
        A some = of(items(15));
        A other = of(items(15));
        if (!partial.subtracts()) {
            assertThatThrownBy(() -> some.subtract(other)).isInstanceOf(UnsupportedOperationException.class);
            return;
        }
        items(3).forEach(item -> some.retract(item.row, 0, item.eventTime, item.id));
        byte[] before = bytes(some);
        byte[] otherBefore = bytes(other);
        String expected = finish(some);
        some.merge(other);
        some.subtract(other);
        assertThat(finish(some)).as(place).isEqualTo(expected); // before encoding, which may settle
        assertThat(bytes(some)).as(place).isEqualTo(before);
        assertThat(bytes(other)).as(place).isEqualTo(otherBefore);
        other.subtract(other);
        assertThat(bytes(other)).as(place).isEqualTo(bytes(partial.create()));
    }

    private void terms() {
        if (partial.terms() == 0) {
            assertThatThrownBy(() -> partial.ofTerms(new long[0], 0)).isInstanceOf(UnsupportedOperationException.class);
            return;
        }
        long[] terms = new long[partial.terms() + 1]; // From the second on.
        A expected = partial.create();
        for (Item item : items(40)) {
            boolean adds = random.nextInt(4) > 0;
            addTerms(item, adds ? 1 : -1, terms);
            if (adds) {
                add(expected, item);
            } else {
                expected.retract(item.row, 0, item.eventTime, item.id);
            }
        }
        assertThat(terms[0]).as(place).isZero();
        assertThat(finish(partial.ofTerms(terms, 1))).as(place).isEqualTo(finish(expected));
        assertThat(bytes(partial.ofTerms(terms, 1))).as(place).isEqualTo(bytes(expected));
    }

    private void addTerms(Item item, int sign, long[] into) {
        long[] ofItem = new long[into.length];
        partial.readTerms(item.row, 0, ofItem, 1);
        for (int i = 0; i < into.length; i++) {
            assertThat(ofItem[i]).as(place).isBetween(-(1L << 31), 1L << 31);
            into[i] += sign * ofItem[i];
        }
    }

    private void idsDoNotMatterUnlessRead() {
        if (partial.readsIds()) {
            return;
        }
        List<Item> items = items(20);
        List<Item> renamed = items.stream()
                .map(item -> new Item(item.row, item.eventTime, EventId.of(0)))
                .toList();
        assertThat(bytes(of(renamed))).as(place).isEqualTo(bytes(of(items)));
    }

    private List<Item> items(int count) {
        List<Item> items = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            items.add(new Item(values.apply(random), random.nextInt(20), EventId.of(random.nextLong())));
        }
        return items;
    }

    private A of(List<Item> items) {
        A accumulator = partial.create();
        items.forEach(item -> add(accumulator, item));
        return accumulator;
    }

    private void add(A accumulator, Item item) {
        accumulator.add(item.row, 0, item.eventTime, item.id);
    }

    private static <A extends Accumulator<A>> A merged(A into, A other) {
        into.merge(other);
        return into;
    }

    private byte[] bytes(A accumulator) {
        ByteWriter out = new ByteWriter();
        if (!accumulator.isIdentity()) {
            accumulator.encode(out);
        }
        return out.toByteArray();
    }

    private String finish(A accumulator) {
        Row out = new Row(1);
        return aggregate.finish(accumulator, new ReadPoint(100, 0), out, 0) + " " + out;
    }
}
