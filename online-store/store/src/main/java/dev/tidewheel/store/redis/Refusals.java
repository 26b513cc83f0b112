package dev.tidewheel.store.redis;

import dev.tidewheel.store.StoreFormatException;
import dev.tidewheel.store.StoreRefusedException;
import io.lettuce.core.RedisBusyException;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisLoadingException;
import io.lettuce.core.RedisReadOnlyException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Tells the server's errors apart by what helps: waiting, or somebody who changes something. */
final class Refusals {
    /**
     * Error codes of a server that is failing over, being resharded, cannot save, or is full until something expires or
     * is scaled.
     */
    private static final Set<String> PASSING =
            Set.of("CLUSTERDOWN", "MASTERDOWN", "TRYAGAIN", "NOREPLICAS", "OOM", "MISCONF");

    private static final Set<String> OF_A_CLUSTER = Set.of("MOVED", "ASK", "CROSSSLOT");
    private static final Set<String> OF_A_LOGIN = Set.of("NOAUTH", "WRONGPASS", "NOPERM");

    private Refusals() {}

    /** Whether the same call may be taken later. */
    static boolean isPassing(Throwable cause) {
        return cause instanceof RedisLoadingException
                || cause instanceof RedisReadOnlyException
                || cause instanceof RedisBusyException
                || cause instanceof RedisCommandExecutionException && PASSING.contains(code(cause));
    }

    /**
     * What a server's error means for good.
     *
     * @param what was tried
     * @return null if the cause or what caused it is no error of a server, or one that passes
     */
    static @Nullable RuntimeException permanent(String what, Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof RedisCommandExecutionException) {
                return isPassing(cause) ? null : refused(what, cause);
            }
        }
        return null;
    }

    private static RuntimeException refused(String what, Throwable cause) {
        String code = code(cause);
        String message = what + ": " + cause.getMessage();
        if (code.equals("TWFORMAT")) {
            return new StoreFormatException(message, cause);
        }
        if (OF_A_CLUSTER.contains(code)) {
            return new StoreRefusedException(message + "; if the server is a cluster, set topology: cluster", cause);
        }
        if (OF_A_LOGIN.contains(code)) {
            return new StoreRefusedException(message + "; check user, password and their permissions", cause);
        }
        return new StoreRefusedException(message, cause);
    }

    private static String code(Throwable cause) {
        String message = String.valueOf(cause.getMessage());
        int end = message.indexOf(' ');
        return end < 0 ? message : message.substring(0, end);
    }
}
