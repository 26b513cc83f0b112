package dev.tidewheel.store.redis;

import dev.tidewheel.store.FeatureReader;
import dev.tidewheel.store.FeatureStoreContract;
import dev.tidewheel.store.FeatureWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/**
 * The store's promises on a server whose locale sorts bytes its own way: a script that compared versions as strings
 * would fail here. Skipped where the system has no sources to compile a locale from.
 */
final class LocaleContractTest extends FeatureStoreContract {
    private static final String NAME = "en_US.UTF-8";

    @TempDir
    static Path locales;

    private static RedisServerFixture redis;
    private static RedisFeatureStore store;

    @BeforeAll
    static void open() throws IOException, InterruptedException {
        Path locale = locales.resolve(NAME);
        Process compiler = new ProcessBuilder("sh", "-c", "localedef -i en_US -f UTF-8 " + locale)
                .redirectErrorStream(true)
                .redirectOutput(locales.resolve("localedef.log").toFile())
                .start();
        compiler.waitFor();
        redis = RedisServerFixture.withEnvironment(Map.of("LC_ALL", NAME, "LOCPATH", locales.toString()));
        redis.start();
        boolean sortsItsOwnWay =
                redis.command("EVAL", "return ('a' < 'B') and 1 or 0", "0").equals(":1");
        Assumptions.assumeTrue(sortsItsOwnWay, "no locale " + NAME + " could be compiled here");
        store = new RedisFeatureStore(new RedisStoreConfig(redis.uri(), "test", Duration.ofSeconds(10)));
    }

    @AfterAll
    static void close() {
        if (store != null) {
            store.close();
        }
        redis.close();
    }

    @Override
    protected FeatureWriter writer() {
        return store;
    }

    @Override
    protected FeatureReader reader() {
        return store;
    }
}
