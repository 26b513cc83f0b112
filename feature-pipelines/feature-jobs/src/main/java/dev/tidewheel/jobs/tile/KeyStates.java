package dev.tidewheel.jobs.tile;

import dev.tidewheel.feature.view.KeyState;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.runtime.state.KeyedStateBackend;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.runtime.state.VoidNamespaceSerializer;
import org.jspecify.annotations.Nullable;

/**
 * The keyed state of all views of a stage: per view the bytes of base and head, in two states, so that a backend on disk
 * rewrites the large base only when it was folded. Works on the backend's current key.
 */
final class KeyStates implements KeyedStage.States {
    private record ViewState(StageView view, ValueState<byte[]> base, ValueState<byte[]> head) {}

    private final KeyedStateBackend<String> backend;
    private final StateSizes sizes;
    private final List<ViewState> views = new ArrayList<>();

    /** @param sizes is told of every state that changes its size */
    KeyStates(KeyedStateBackend<String> backend, List<StageView> views, StateSizes sizes) throws Exception {
        this.backend = backend;
        this.sizes = sizes;
        for (StageView view : views) {
            this.views.add(new ViewState(view, state(descriptor(view, "base")), state(descriptor(view, "head"))));
        }
    }

    private static ValueStateDescriptor<byte[]> descriptor(StageView view, String part) {
        return descriptor(view.stateName(), part);
    }

    private static ValueStateDescriptor<byte[]> descriptor(String stateName, String part) {
        return new ValueStateDescriptor<>(
                stateName + "/" + part, PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO);
    }

    private ValueState<byte[]> state(ValueStateDescriptor<byte[]> descriptor) throws Exception {
        return backend.getPartitionedState(VoidNamespace.INSTANCE, VoidNamespaceSerializer.INSTANCE, descriptor);
    }

    List<StageView> views() {
        return views.stream().map(ViewState::view).toList();
    }

    @Override
    public void select(String key) {
        backend.setCurrentKey(key);
    }

    @Override
    public KeyEntry load(String key) throws IOException {
        List<KeyEntry.Part> parts = new ArrayList<>(views.size());
        for (ViewState view : views) {
            byte[] head = view.head().value();
            byte[] base = head != null && KeyState.hasBase(head) ? view.base().value() : null;
            parts.add(new KeyEntry.Part(view.view(), base, head));
        }
        return new KeyEntry(parts);
    }

    @Override
    public void save(int view, KeyEntry.Encoded encoded) throws IOException {
        sizes.changed(view, backend.getCurrentKey(), encoded.bytesBefore(), encoded.bytes());
        ViewState to = views.get(view);
        to.head().update(encoded.head());
        if (encoded.baseChanged()) {
            to.base().update(encoded.base());
        }
    }

    @Override
    public void clear() throws IOException {
        for (int view = 0; view < views.size(); view++) {
            ViewState state = views.get(view);
            long size = size(state.head().value(), state.base().value());
            if (size >= 0) {
                sizes.removed(view, backend.getCurrentKey(), size);
                state.head().clear();
                state.base().clear();
            }
        }
    }

    private static long size(byte @Nullable [] head, byte @Nullable [] base) {
        return head == null ? -1 : head.length + (base == null ? 0 : base.length);
    }

    /** Tells the sizes of all states, once, for a checkpoint that does not remember them. */
    void measure() throws Exception {
        for (int view = 0; view < views.size(); view++) {
            int current = view;
            backend.applyToAllKeys(
                    VoidNamespace.INSTANCE,
                    VoidNamespaceSerializer.INSTANCE,
                    descriptor(views.get(view).view(), "head"),
                    (key, head) -> sizes.changed(
                            current,
                            key,
                            -1,
                            size(head.value(), views.get(current).base().value())));
        }
    }

    /** Visits all keys of this subtask that any view knows, each once if the visitor saves it or changes nothing. */
    @Override
    public void forEachKey(KeyedStage.KeyVisitor visitor) throws Exception {
        for (int view = 0; view < views.size(); view++) {
            int current = view;
            backend.applyToAllKeys(
                    VoidNamespace.INSTANCE,
                    VoidNamespaceSerializer.INSTANCE,
                    descriptor(views.get(view).view(), "head"),
                    (key, head) -> {
                        if (!isKnownBefore(current)) {
                            visitor.visit(key);
                        }
                    });
        }
    }

    /**
     * Frees the states of a view that is not computed any more. Without this, a backend would carry what it restored from
     * checkpoint to checkpoint for ever.
     *
     * @param stateName see {@link StageView#stateName()}
     * @return how many keys there were
     */
    @Override
    public long forget(String stateName) throws Exception {
        long[] keys = {0};
        for (String part : List.of("base", "head")) {
            keys[0] = 0;
            backend.applyToAllKeys(
                    VoidNamespace.INSTANCE,
                    VoidNamespaceSerializer.INSTANCE,
                    descriptor(stateName, part),
                    (key, state) -> {
                        state.clear();
                        keys[0]++;
                    });
        }
        return keys[0];
    }

    /** Whether a view before the given one knows the current key, so that it was visited there. */
    private boolean isKnownBefore(int view) throws IOException {
        for (ViewState before : views.subList(0, view)) {
            if (before.head().value() != null) {
                return true;
            }
        }
        return false;
    }
}
