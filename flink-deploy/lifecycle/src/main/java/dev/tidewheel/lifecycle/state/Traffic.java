package dev.tidewheel.lifecycle.state;

import java.util.Optional;

/**
 * Which versions shall get the model's requests, and whether they do.
 *
 * @param generation of the desired slot; 0 if nothing was ever desired, and the champion's alias alone decides
 * @param observed whether the cluster said of this generation that it is so, or that it cannot be
 * @param failure why it cannot be
 */
public record Traffic(long generation, boolean observed, Optional<String> failure) {
    /** The name of the desired slot and its kind. */
    public static final String SLOT = "traffic";

    static final Traffic NONE = new Traffic(0, true, Optional.empty());

    /** The next generation, which nobody has seen yet. */
    public Traffic next() {
        return new Traffic(generation + 1, false, Optional.empty());
    }

    public Traffic succeeded() {
        return new Traffic(generation, true, Optional.empty());
    }

    public Traffic failed(String why) {
        return new Traffic(generation, true, Optional.of(why));
    }
}
