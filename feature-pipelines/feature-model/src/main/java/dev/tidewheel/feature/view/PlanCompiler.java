package dev.tidewheel.feature.view;

import dev.tidewheel.feature.aggregate.Aggregate;
import dev.tidewheel.feature.aggregate.Aggregates;
import dev.tidewheel.feature.aggregate.BoundAggregate;
import dev.tidewheel.feature.aggregate.Operands;
import dev.tidewheel.feature.aggregate.Partial;
import dev.tidewheel.feature.expression.Expression;
import dev.tidewheel.feature.expression.ExpressionException;
import dev.tidewheel.feature.row.Column;
import dev.tidewheel.feature.row.ColumnType;
import dev.tidewheel.feature.row.RowSchema;
import dev.tidewheel.feature.window.Window;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Turns a spec into a {@link ViewPlan}, sharing inputs, partials, tiers and cells between its features. Used once. */
final class PlanCompiler {
    private static final InputKey WHOLE_ROWS =
            new InputKey(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), false);

    private final ViewSpec spec;
    private final RowSchema source;

    private final Map<String, Expression> expressions = new HashMap<>();
    private final List<RowProgram.Named> columns = new ArrayList<>();
    private RowSchema row;

    private final Map<InputKey, Integer> inputSlots = new HashMap<>();
    private final List<RowProgram.Input> inputs = new ArrayList<>();
    private final Map<String, RowProgram.Condition> conditions = new HashMap<>();
    private final List<Column> inputColumns = new ArrayList<>();

    private final List<TierDraft> tierDrafts = new ArrayList<>();
    private final Map<ViewPlan.Cell, Integer> cellSlots = new HashMap<>();
    private final List<ViewPlan.Cell> cells = new ArrayList<>();
    private final List<ViewPlan.Finish> finishes = new ArrayList<>();
    private final List<Column> features = new ArrayList<>();
    private final StringBuilder layout = new StringBuilder();
    private @Nullable String unretractable;

    private record InputKey(
            Optional<String> of, Optional<String> by, Optional<String> bucket, Optional<String> where, boolean nulls) {

        static InputKey of(FeatureSpec feature, boolean nulls) {
            return new InputKey(feature.of(), feature.by(), feature.bucket(), feature.where(), nulls);
        }

        /** What stands in the first slot, which says whether a row counts; empty for true. */
        Optional<String> first() {
            return nulls ? Optional.empty() : of;
        }

        /** What stands behind it. */
        List<String> beside() {
            List<Optional<String>> behind = nulls ? List.of(of) : List.of(by, bucket);
            return behind.stream().flatMap(Optional::stream).toList();
        }

        /** Part of the fingerprint of stored states: as it was before there were second inputs, where there is none. */
        @Override
        public String toString() {
            String more = by.isEmpty() && bucket.isEmpty() ? "" : ", by=" + by + ", bucket=" + bucket;
            return "InputKey[of=" + of + more + ", where=" + where + (nulls ? ", nulls]" : "]");
        }
    }

    private static final class TierDraft {
        final long hop;
        long longest;
        final List<Tier.Slot> slots = new ArrayList<>();
        final Map<String, Integer> positions = new HashMap<>();

        TierDraft(long hop) {
            this.hop = hop;
        }

        /** The place of a partial among those of the tier; added if there is no equal one. */
        int position(Tier.Slot slot) {
            return positions.computeIfAbsent(slot.input() + " " + slot.partial().key(), unknown -> {
                slots.add(slot);
                return slots.size() - 1;
            });
        }
    }

    PlanCompiler(ViewSpec spec, RowSchema source) {
        this.spec = spec;
        this.source = source;
        this.row = source;
    }

    ViewPlan compile() {
        if (spec.features().isEmpty()) {
            throw new IllegalArgumentException("view " + spec.name() + " has no features");
        }
        spec.columns().forEach(this::addColumn);
        spec.where().ifPresent(this::predicate);
        spec.features().forEach(this::addFeature);
        return new ViewPlan(this);
    }

    private void addColumn(ViewSpec.DerivedColumn column) {
        RowProgram.Named named = named(column.expression());
        columns.add(named);
        layout.append("column ")
                .append(column.name())
                .append('=')
                .append(column.expression())
                .append('\n');
        List<Column> wider = new ArrayList<>(row.columns());
        wider.add(new Column(column.name(), named.expression().type()));
        row = new RowSchema(wider);
    }

    private void addFeature(FeatureSpec feature) {
        try {
            Operands operands = new Operands(
                    feature.of().map(this::typeOf),
                    feature.by().map(this::typeOf),
                    feature.bucket().map(this::typeOf));
            Aggregate named = Aggregates.byName(feature.aggregate());
            BoundAggregate<?> aggregate = named.bind(operands, feature.parameters());
            checkBeginning(named, feature.window());
            boolean nulls = aggregate.partial().takesNulls();
            int input = input(InputKey.of(feature, nulls), nulls ? Operands.rows() : operands);
            int cell = cell(feature.window(), new Tier.Slot(partial(feature.window(), aggregate, input), input));
            finishes.add(new ViewPlan.Finish(cell, aggregate));
            features.add(new Column(feature.name(), aggregate.result()));
            noteRetraction(feature, aggregate);
        } catch (ExpressionException e) {
            throw e;
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("feature " + feature.name() + ": " + e.getMessage(), e);
        }
    }

    private static void checkBeginning(Aggregate aggregate, Window window) {
        boolean covers =
                window instanceof Window.Sliding || window instanceof Window.Exact || window instanceof Window.Hopping;
        if (aggregate.overTime() && !covers) {
            throw new IllegalArgumentException(aggregate.name()
                    + " divides by the time that its window covers, which this one does not fix: write a duration, such"
                    + " as 1h, or a tumbling or hopping window");
        }
    }

    private ColumnType typeOf(String text) {
        return named(text).expression().type();
    }

    private int input(InputKey key, Operands operands) {
        Integer known = inputSlots.get(key);
        if (known != null) {
            return known;
        }
        int slot = inputColumns.size();
        inputSlots.put(key, slot);
        List<RowProgram.Named> beside = key.beside().stream().map(this::named).toList();
        inputs.add(new RowProgram.Input(
                key.where().map(this::condition), key.first().map(this::named), beside, key.nulls()));
        inputColumns.add(new Column("input" + slot, operands.of().orElse(ColumnType.BOOL)));
        for (RowProgram.Named value : beside) {
            inputColumns.add(
                    new Column("input" + inputColumns.size(), value.expression().type()));
        }
        layout.append("input ").append(key).append('\n');
        return slot;
    }

    /** What tiles keep for an aggregate over a window. */
    private Partial<?> partial(Window window, BoundAggregate<?> aggregate, int input) {
        if (window instanceof Window.Exact exact) {
            return new RowsPartial(inputTypes(input), RowsPartial.Bound.ALL_OR_NONE, exact.maxEvents());
        }
        if (window instanceof Window.Rows rows) {
            return new RowsPartial(inputTypes(input), RowsPartial.Bound.GREATEST, rows.count());
        }
        return aggregate.partial();
    }

    private List<ColumnType> inputTypes(int first) {
        int next = inputSlots.values().stream()
                .filter(slot -> slot > first)
                .min(Integer::compare)
                .orElse(inputColumns.size());
        return inputColumns.subList(first, next).stream().map(Column::type).toList();
    }

    private void noteRetraction(FeatureSpec feature, BoundAggregate<?> aggregate) {
        if (unretractable != null) {
            return;
        }
        if (!aggregate.partial().retracts()) {
            unretractable = "feature " + feature.name() + " (" + feature.aggregate() + ")";
        } else if (feature.window() instanceof Window.Session) {
            unretractable = "feature " + feature.name() + " (a session)";
        } else if (feature.window() instanceof Window.Rows rows) {
            unretractable = "feature " + feature.name() + " (the last " + rows.count() + " rows)";
        }
    }

    private int cell(Window window, Tier.Slot slot) {
        TileLimit.check(window);
        int tier = tier(window.tileMillis());
        TierDraft draft = tierDrafts.get(tier);
        draft.longest = Math.max(draft.longest, window.reachMillis());
        if (window instanceof Window.Session) {
            draft.position(new Tier.Slot(new SpanPartial(), input(WHOLE_ROWS, Operands.rows())));
        }
        ViewPlan.Cell cell = new ViewPlan.Cell(tier, draft.position(slot), window);
        return cellSlots.computeIfAbsent(cell, added -> {
            cells.add(added);
            return cells.size() - 1;
        });
    }

    private int tier(long hop) {
        for (int i = 0; i < tierDrafts.size(); i++) {
            if (tierDrafts.get(i).hop == hop) {
                return i;
            }
        }
        tierDrafts.add(new TierDraft(hop));
        return tierDrafts.size() - 1;
    }

    private RowProgram.Named named(String text) {
        Expression expression = expressions.get(text);
        if (expression == null) {
            expression = Expression.compile(text, row);
            expressions.put(text, expression);
        }
        return new RowProgram.Named(text, expression);
    }

    private RowProgram.Condition condition(String text) {
        return conditions.computeIfAbsent(
                text, unknown -> new RowProgram.Condition(conditions.size(), predicate(text)));
    }

    private RowProgram.Named predicate(String text) {
        RowProgram.Named named = named(text);
        if (named.expression().type() != ColumnType.BOOL) {
            throw new IllegalArgumentException("'where' must be BOOL, but '" + text + "' is "
                    + named.expression().type());
        }
        return named;
    }

    ViewSpec spec() {
        return spec;
    }

    RowSchema source() {
        return source;
    }

    RowSchema features() {
        return new RowSchema(features);
    }

    RowProgram program() {
        Optional<RowProgram.Named> where = spec.where().map(this::named);
        return RowProgram.of(List.copyOf(columns), where, List.copyOf(inputs), source, new RowSchema(inputColumns));
    }

    List<Tier> tiers() {
        return tierDrafts.stream()
                .map(draft -> new Tier(draft.hop, draft.longest, draft.slots))
                .toList();
    }

    List<ViewPlan.Cell> cells() {
        return List.copyOf(cells);
    }

    List<ViewPlan.Finish> finishes() {
        return List.copyOf(finishes);
    }

    Map<String, Expression> expressions() {
        return Map.copyOf(expressions);
    }

    /** The registered functions that the view's expressions call, with their versions. */
    SortedSet<String> functions() {
        SortedSet<String> functions = new TreeSet<>();
        expressions.values().forEach(expression -> functions.addAll(expression.functions()));
        return functions;
    }

    int[] entitySlots() {
        return spec.entity().stream().mapToInt(this::entitySlot).toArray();
    }

    private int entitySlot(String name) {
        int slot = source.slot(name);
        if (slot < 0) {
            throw new IllegalArgumentException(
                    "view " + spec.name() + ": the entity's column '" + name + "' is not among " + source);
        }
        if (source.column(slot).type() == ColumnType.FLOAT64) {
            throw new IllegalArgumentException("view " + spec.name() + ": '" + name
                    + "' is FLOAT64, which makes no key; use a string or an integer");
        }
        return slot;
    }

    /** FNV-1a over everything that gives stored bytes their meaning. */
    int fingerprint() {
        spec.where().ifPresent(text -> layout.append("where ").append(text).append('\n'));
        for (TierDraft tier : tierDrafts) {
            layout.append("tier ").append(tier.hop).append('\n');
            tier.slots.forEach(slot -> layout.append(slot.input())
                    .append(' ')
                    .append(slot.partial().key())
                    .append('\n'));
        }
        functions()
                .forEach(function -> layout.append("function ").append(function).append('\n'));
        int hash = 0x811C9DC5;
        for (int i = 0; i < layout.length(); i++) {
            hash = (hash ^ layout.charAt(i)) * 0x01000193;
        }
        return hash;
    }

    @Nullable
    String unretractable() {
        return unretractable;
    }
}
