package dev.tidewheel.lifecycle.state;

import java.util.Optional;

/**
 * Who answers.
 *
 * @param champion empty until a first alias was seen
 * @param first the first champion, which every gate compares with too: the model that was never retrained
 * @param former whom a person's rollback brings back
 */
public record Serving(Optional<String> champion, Optional<String> first, Optional<String> former, Traffic traffic) {
    static final Serving NONE = new Serving(Optional.empty(), Optional.empty(), Optional.empty(), Traffic.NONE);

    /** As the alias says, as long as nothing was decided about traffic. */
    public Serving follow(String alias) {
        return new Serving(Optional.of(alias), first.or(() -> Optional.of(alias)), former, traffic);
    }

    public Serving promote(String challenger) {
        return new Serving(Optional.of(challenger), first, champion, traffic);
    }

    /** There is no way further back: whom the former champion replaced is not known any more. */
    public Serving rollBack(String former) {
        return new Serving(Optional.of(former), first, Optional.empty(), traffic);
    }

    public Serving with(Traffic traffic) {
        return new Serving(champion, first, former, traffic);
    }
}
