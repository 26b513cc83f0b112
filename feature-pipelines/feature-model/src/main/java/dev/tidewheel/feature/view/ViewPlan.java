package dev.tidewheel.feature.view;

import dev.tidewheel.feature.aggregate.BoundAggregate;
import dev.tidewheel.feature.aggregate.Promise;
import dev.tidewheel.feature.change.Change;
import dev.tidewheel.feature.expression.Expression;
import dev.tidewheel.feature.expression.ExpressionException;
import dev.tidewheel.feature.row.EntityKeys;
import dev.tidewheel.feature.row.Row;
import dev.tidewheel.feature.row.RowSchema;
import dev.tidewheel.feature.window.Window;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A compiled view: expressions as closures, partial aggregates shared between windows, tiers of tiles. Immutable and
 * thread-safe; compile once per process, not per key.
 */
public final class ViewPlan {

    /**
     * Something that a read computes once: one partial over one window, shared by the features that finish it.
     *
     * @param tier where its tiles are
     * @param partial which of the tier's partials
     * @param window how far back
     */
    record Cell(int tier, int partial, Window window) {}

    /**
     * How a feature is finished.
     *
     * @param cell from which cell; where that holds rows, the aggregate is folded over them first
     * @param aggregate how
     */
    record Finish(int cell, BoundAggregate<?> aggregate) {}

    private final ViewSpec spec;
    private final RowSchema source;
    private final RowSchema features;
    private final RowProgram program;
    private final List<Tier> tiers;
    private final List<Cell> cells;
    private final List<Finish> finishes;
    private final Map<String, Expression> expressions;
    private final List<String> functions;
    private final int[] entitySlots;
    private final int fingerprint;
    private final @Nullable String unretractable;

    ViewPlan(PlanCompiler compiled) {
        spec = compiled.spec();
        source = compiled.source();
        features = compiled.features();
        program = compiled.program();
        tiers = compiled.tiers();
        cells = compiled.cells();
        finishes = compiled.finishes();
        expressions = compiled.expressions();
        functions = List.copyOf(compiled.functions());
        entitySlots = compiled.entitySlots();
        fingerprint = compiled.fingerprint();
        unretractable = compiled.unretractable();
    }

    /**
     * Compiles and type-checks.
     *
     * @param spec the view
     * @param source the columns of the source's rows, in the order in which changes carry them
     * @throws ExpressionException if an expression does not type-check or uses what is not supported
     * @throws IllegalArgumentException if a column, aggregate, parameter or window is wrong; the message names it
     */
    public static ViewPlan compile(ViewSpec spec, RowSchema source) {
        return new PlanCompiler(spec, source).compile();
    }

    public ViewSpec spec() {
        return spec;
    }

    /** The columns of the rows in the changes that {@link KeyState#route} takes. */
    public RowSchema source() {
        return source;
    }

    /** The features, in the order of the spec. */
    public RowSchema features() {
        return features;
    }

    /** The longest look-back of any window including its tail's rounding, or Long.MAX_VALUE with a lifetime window. */
    public long longestLookBackMillis() {
        return spec.features().stream()
                .mapToLong(feature -> feature.window().lookBackMillis())
                .max()
                .orElseThrow();
    }

    /** About how many bytes a busy key takes: every tile of every window there, each partial at its typical size. */
    public long typicalBytesPerKey() {
        return cost().bytesPerKey();
    }

    /** What a key under this view costs. */
    public ViewCost cost() {
        return ViewCost.of(this);
    }

    /**
     * The canonical text of the key that a source row belongs to.
     *
     * @return empty if one of the entity's columns is null: such a row belongs to no key
     */
    public Optional<String> entityKey(Row row) {
        List<String> values = new ArrayList<>(entitySlots.length);
        for (int slot : entitySlots) {
            if (row.isNull(slot)) {
                return Optional.empty();
            }
            values.add(EntityKeys.text(row, slot, source.column(slot).type()));
        }
        return Optional.of(EntityKeys.join(values));
    }

    /**
     * The compiled form of an expression of the spec.
     *
     * @throws IllegalArgumentException if the spec holds no such text
     */
    public Expression expression(String text) {
        Expression expression = expressions.get(text);
        if (expression == null) {
            throw new IllegalArgumentException("view " + spec.name() + " has no expression '" + text + "'");
        }
        return expression;
    }

    /** The columns of the source that its expressions name: with others null, a row gives the same values. */
    public Set<String> columnsRead() {
        Set<String> names = new TreeSet<>();
        for (Expression expression : expressions.values()) {
            expression.columns().stream()
                    .filter(slot -> slot < source.size())
                    .map(slot -> source.column(slot).name())
                    .forEach(names::add);
        }
        return names;
    }

    /** The registered functions that its expressions call, with their versions, such as {@code geo.distance@1}. */
    public List<String> functions() {
        return functions;
    }

    /** Why {@link KeyState#route} rejects a change, for the dead letter; empty if it does not. */
    public Optional<String> rejection(Change change) {
        Optional<String> refusal = refusal(change);
        if (refusal.isPresent()) {
            return refusal;
        }
        return program.evaluate(change.row()) instanceof Evaluation.Failed failed
                ? Optional.of(failed.reason())
                : Optional.empty();
    }

    /** Why a change is rejected whatever its row says. */
    Optional<String> refusal(Change change) {
        if (isTooFarAhead(change)) {
            return Optional.of("the event time " + change.eventTime() + " lies more than " + spec.futureLimitMillis()
                    + " ms after the known time " + change.knownTime());
        }
        if (change.retraction() && unretractable != null) {
            return Optional.of("view " + spec.name() + " cannot take a row away: " + unretractable
                    + " does not retract; use aggregates that do, or a source without corrections");
        }
        return Optional.empty();
    }

    /** Whether {@link #refusal} has a reason. */
    boolean refuses(boolean retraction, long eventTime, long knownTime) {
        return Change.leadMillis(eventTime, knownTime) > spec.futureLimitMillis()
                || (retraction && unretractable != null);
    }

    boolean isTooFarAhead(Change change) {
        return change.leadMillis() > spec.futureLimitMillis();
    }

    /** What a feature's aggregate promises. */
    public Promise promise(int feature) {
        return finishes.get(feature).aggregate().partial().promise();
    }

    /** Whether every aggregate and window can take a row away. */
    public boolean retracts() {
        return unretractable == null;
    }

    RowProgram program() {
        return program;
    }

    List<Tier> tiers() {
        return tiers;
    }

    List<Cell> cells() {
        return cells;
    }

    List<Finish> finishes() {
        return finishes;
    }

    /** Of everything that stored bytes depend on: states of plans with different ones cannot be read by each other. */
    public int fingerprint() {
        return fingerprint;
    }

    Tier.Slot slot(Cell cell) {
        return tiers.get(cell.tier()).partials().get(cell.partial());
    }
}
