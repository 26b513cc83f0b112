package dev.tidewheel.workbench.stack;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.HashSet;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * Hands out ports that nobody listens on, each once. They lie below the range from which systems take ports for outgoing
 * connections: one of those could come between the choice and the start of whoever is to listen. Not thread-safe.
 */
final class FreePorts {
    private static final int FIRST = 20_000;
    private static final int END = 32_000;

    private final RandomGenerator random;
    private final Set<Integer> given = new HashSet<>();

    /**
     * @param random so that two runs at once rarely meet
     */
    FreePorts(RandomGenerator random) {
        this.random = random;
    }

    int next() {
        for (int attempt = 0; attempt < END - FIRST; attempt++) {
            int port = random.nextInt(FIRST, END);
            if (!given.contains(port) && isFree(port)) {
                given.add(port);
                return port;
            }
        }
        throw new IllegalStateException("no free port between " + FIRST + " and " + END);
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort() == port;
        } catch (IOException e) {
            return false;
        }
    }
}
