package dev.tidewheel.store.redis;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.lettuce.core.RedisNoScriptException;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * A Lua script on the server, called by its digest. A server that does not know it, as after a restart or a failover,
 * is given the source with the call and remembers it.
 */
final class Script {
    private final String source;
    private final String digest;

    private Script(String source) {
        this.source = source;
        this.digest = sha1(source);
    }

    /** A script of this package, after what all of them share. */
    static Script named(String name) {
        return new Script(resource("versions.lua") + resource(name));
    }

    /** Calls the script; it answers with one letter per item, or with nothing if it says so. */
    CompletableFuture<String> call(
            RedisClusterAsyncCommands<byte[], byte[]> redis, List<byte[]> keys, List<byte[]> arguments) {
        byte[][] names = keys.toArray(byte[][]::new);
        byte[][] values = arguments.toArray(byte[][]::new);
        return redis.<byte[]>evalsha(digest, ScriptOutputType.VALUE, names, values)
                .toCompletableFuture()
                .exceptionallyCompose(failure -> isUnknownScript(failure)
                        ? redis.<byte[]>eval(source, ScriptOutputType.VALUE, names, values)
                                .toCompletableFuture()
                        : CompletableFuture.failedFuture(failure))
                .thenApply(letters -> new String(letters, US_ASCII));
    }

    private static boolean isUnknownScript(Throwable failure) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        return cause instanceof RedisNoScriptException;
    }

    private static String resource(String name) {
        try (InputStream in = Script.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("script " + name + " is missing from the jar");
            }
            return new String(in.readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("script " + name + " cannot be read", e);
        }
    }

    private static String sha1(String source) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-1").digest(source.getBytes(UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-1", e);
        }
    }
}
