package dev.tidewheel.history.replay;

import dev.tidewheel.feature.replay.KeyPlayer;
import dev.tidewheel.feature.replay.Players;
import dev.tidewheel.feature.view.FeatureValues;
import dev.tidewheel.feature.view.ViewPlan;
import dev.tidewheel.history.source.ChangeHistory;
import dev.tidewheel.history.source.KeyIndex;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * All keys of one view, each played forward at its own pace. Different keys may be read by different threads; one key by
 * one thread at a time.
 */
public final class ViewReplay {
    private final Players kind;
    private final ChangeHistory history;
    private final KeyIndex keys;
    private final AtomicReferenceArray<@Nullable KeyPlayer> players;

    public ViewReplay(ViewPlan plan, ChangeHistory history) {
        this.kind = new Players(plan);
        this.history = history;
        this.keys = history.keys(plan.spec().entity());
        this.players = new AtomicReferenceArray<>(keys.size());
    }

    /** The number of a key, or {@link KeyIndex#NO_KEY} if it has no changes. */
    public int number(String key) {
        return keys.number(key);
    }

    /** See {@link KeyPlayer#read}. */
    public FeatureValues read(int key, long t, long visibleThrough) {
        return key == KeyIndex.NO_KEY ? kind.absent() : player(key).read(t, visibleThrough);
    }

    private KeyPlayer player(int key) {
        KeyPlayer player = players.get(key);
        if (player == null) {
            player = kind.of(history.block(keys, key));
            players.set(key, player);
        }
        return player;
    }
}
