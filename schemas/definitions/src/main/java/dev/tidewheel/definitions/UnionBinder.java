package dev.tidewheel.definitions;

import dev.tidewheel.definitions.Bound.BoundSource;
import dev.tidewheel.definitions.problem.Place;
import dev.tidewheel.definitions.problem.ProblemCode;
import dev.tidewheel.definitions.problem.Problems;
import dev.tidewheel.definitions.shape.Kind;
import dev.tidewheel.definitions.shape.Names;
import dev.tidewheel.definitions.yaml.Fields;
import dev.tidewheel.definitions.yaml.Yaml;
import dev.tidewheel.definitions.yaml.Yaml.Entry;
import dev.tidewheel.definitions.yaml.Yaml.Mapping;
import dev.tidewheel.definitions.yaml.Yaml.Scalar;
import dev.tidewheel.feature.expression.Expression;
import dev.tidewheel.feature.row.Column;
import dev.tidewheel.feature.row.ColumnType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

/** From a document to a {@link Source} of several topics. Its members are bound before. */
final class UnionBinder {
    private final Scope scope;
    private final Set<String> unions;
    private final Function<Scalar, Optional<Yaml>> schemaFiles;
    private final Problems problems;

    /** What a member brings: its input, its own columns, and what it offers to the union. */
    private record Member(Place place, SourceInput input, Columns own, Map<String, ColumnType> offers) {
        String name() {
            return input.source();
        }
    }

    /**
     * @param unions the names of all unions
     * @param schemaFiles finds the schema that a member names, if it is written here
     */
    UnionBinder(Scope scope, Set<String> unions, Function<Scalar, Optional<Yaml>> schemaFiles, Problems problems) {
        this.scope = scope;
        this.unions = unions;
        this.schemaFiles = schemaFiles;
        this.problems = problems;
    }

    static boolean isUnion(Draft draft) {
        return draft.spec().node().get("union").isPresent();
    }

    /** Empty if something is wrong with it or with a member, because then its columns are not known. */
    Optional<BoundSource> bind(Draft draft) {
        int before = problems.count();
        List<Fields> items = draft.spec().structs("union");
        List<Member> members =
                items.stream().flatMap(item -> member(item).stream()).toList();
        if (draft.whole() && items.size() < 2) {
            problems.add(
                    draft.spec().required("union").place(),
                    ProblemCode.BAD_VALUE,
                    "a union has two members or more; add one, or let the views read the source itself");
        }
        new HandoverReader(problems).refuse(draft.spec(), "a union");
        if (each(members, Member::name, "the union has the member '%s' already; name each source once")) {
            each(
                    members,
                    member -> member.input().topic(),
                    "the union reads the topic '%s' already; name one of its sources");
        }
        if (!draft.whole() || problems.count() > before || members.size() < items.size()) {
            return Optional.empty();
        }
        Columns columns = columns(members);
        if (columns.schema().size() == UnionRows.OWN.size()) {
            problems.add(
                    draft.spec().required("union").place(),
                    ProblemCode.COLUMN_TYPE,
                    "the members have no column in common, under one name and of one type; give them some with"
                            + " select: {<column>: <expression>}");
            return Optional.empty();
        }
        return Optional.of(bound(draft, members, columns));
    }

    private static BoundSource bound(Draft draft, List<Member> members, Columns columns) {
        Fields spec = draft.spec();
        Source source = new Source(
                draft.name(),
                members.stream().map(Member::input).toList(),
                columns.schema(),
                SourceBinder.duration(spec.scalar("horizon")),
                SourceBinder.futureLimit(spec),
                SourceBinder.idle(spec),
                SourceBinder.watermarkDelay(spec),
                Handover.OFFSETS);
        return new BoundSource(
                source, columns, members.stream().map(Member::own).toList());
    }

    private Optional<Member> member(Fields item) {
        Yaml written = item.required("source");
        Optional<BoundSource> source = written instanceof Scalar name ? named(name) : inline((Mapping) written);
        return source.flatMap(found -> member(item, written.place(), found));
    }

    private Optional<BoundSource> named(Scalar name) {
        if (unions.contains(name.text())) {
            problems.add(
                    name.place(),
                    ProblemCode.BAD_VALUE,
                    "'" + name.text() + "' is a union itself; name its members instead");
            return Optional.empty();
        }
        return scope.find(Kind.SOURCE, scope.sources, name, problems);
    }

    private Optional<BoundSource> inline(Mapping written) {
        Fields member = new Fields(written);
        Yaml named = member.required("schema");
        Optional<Yaml> schema = named instanceof Scalar file ? schemaFiles.apply(file) : Optional.of(named);
        return schema.flatMap(found -> new SourceBinder(problems).member(member, found));
    }

    private Optional<Member> member(Fields item, Place place, BoundSource source) {
        SourceInput input = source.source().only();
        Columns own = source.columns();
        if (input.format().isOfChanges()) {
            problems.add(
                    place,
                    ProblemCode.BAD_VALUE,
                    "source '" + input.source()
                            + "' tells of rows that change, and a union is of events; name a source of events");
            return Optional.empty();
        }
        Map<String, ColumnType> offers = new LinkedHashMap<>();
        for (Column column : own.schema().columns()) {
            if (UnionRows.isOwn(column.name())) {
                problems.add(
                        place,
                        ProblemCode.DUPLICATE_NAME,
                        "source '" + input.source() + "' has a column '" + column.name()
                                + "', which every union has of its own; give it another name");
                return Optional.empty();
            }
            offers.put(column.name(), column.type());
        }
        return select(item, own, offers).map(select -> new Member(place, input.selecting(select), own, offers));
    }

    /** The written expressions; empty if one is wrong. */
    private Optional<Map<String, String>> select(Fields item, Columns own, Map<String, ColumnType> offers) {
        Map<String, String> select = new TreeMap<>();
        // By name, like all that is registered: the order in which they are written means nothing.
        Map<String, ColumnType> selected = new TreeMap<>();
        boolean right = true;
        for (Entry entry : item.entries("select")) {
            Scalar name = entry.key();
            if (!Names.isIdentifier(name.text())) {
                problems.add(
                        name.place(),
                        ProblemCode.BAD_NAME,
                        name.what() + " cannot be a column of the union; write letters, digits and _, beginning with a"
                                + " letter");
                right = false;
                continue;
            }
            Scalar text = (Scalar) entry.value();
            Optional<Expression> expression = own.expression(text, problems);
            right &= expression.isPresent();
            expression.ifPresent(compiled -> selected.put(name.text(), compiled.type()));
            select.put(name.text(), text.text());
        }
        offers.putAll(selected);
        return right ? Optional.of(select) : Optional.empty();
    }

    /** Whether no two are the same. */
    private boolean each(List<Member> members, Function<Member, String> what, String message) {
        Set<String> seen = new TreeSet<>();
        for (Member member : members) {
            if (!seen.add(what.apply(member))) {
                problems.add(member.place(), ProblemCode.DUPLICATE_NAME, message.formatted(what.apply(member)));
                return false;
            }
        }
        return true;
    }

    /** What all members offer under one name and of one type; why not the rest. */
    private static Columns columns(List<Member> members) {
        List<Column> common = new ArrayList<>();
        Map<String, String> leftOut = new HashMap<>();
        for (Member member : members) {
            member.own().leftOut().forEach(leftOut::putIfAbsent);
            member.offers()
                    .forEach((name, type) -> reason(name, type, members)
                            .ifPresentOrElse(reason -> leftOut.put(name, reason), () -> {
                                if (member == members.get(0)) {
                                    common.add(new Column(name, type));
                                }
                            }));
        }
        return new Columns(UnionRows.columns(common), leftOut);
    }

    private static Optional<String> reason(String name, ColumnType type, List<Member> members) {
        for (Member other : members) {
            ColumnType there = other.offers().get(name);
            if (there == null) {
                return Optional.of("member '" + other.name() + "' of the union has none; write select: {" + name
                        + ": <expression>} there");
            }
            if (there != type) {
                return Optional.of("it is " + Columns.word(type) + " in one member of the union and "
                        + Columns.word(there) + " in '" + other.name() + "'; write select: {" + name
                        + ": <expression>} to convert it");
            }
        }
        return Optional.empty();
    }
}
