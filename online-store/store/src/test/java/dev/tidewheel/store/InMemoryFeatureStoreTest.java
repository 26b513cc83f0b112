package dev.tidewheel.store;

final class InMemoryFeatureStoreTest extends FeatureStoreContract {
    private final InMemoryFeatureStore store = new InMemoryFeatureStore();

    @Override
    protected FeatureWriter writer() {
        return store;
    }

    @Override
    protected FeatureReader reader() {
        return store;
    }
}
