package dev.tidewheel.history.scan;

import java.io.IOException;

/** Takes what a scan finds. */
@FunctionalInterface
public interface ChangeSink {

    /** Takes a batch, which is used again afterwards. */
    void take(ChangeBatch batch) throws IOException;
}
