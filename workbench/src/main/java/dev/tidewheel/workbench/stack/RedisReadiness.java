package dev.tidewheel.workbench.stack;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Ready when Redis answers PING, which it refuses while it still loads its data. */
record RedisReadiness(String host, int port) implements Readiness {
    private static final int DEADLINE_MILLIS = 1000;
    private static final String PONG = "+PONG";

    @Override
    public Optional<String> missing() {
        try (Socket socket = new Socket()) {
            socket.setSoTimeout(DEADLINE_MILLIS);
            socket.connect(new InetSocketAddress(host, port), DEADLINE_MILLIS);
            socket.getOutputStream().write("PING\r\n".getBytes(StandardCharsets.US_ASCII));
            InputStream in = socket.getInputStream();
            byte[] answer = new byte[256];
            int length = in.read(answer);
            String text = length < 0 ? "" : new String(answer, 0, length, StandardCharsets.US_ASCII).strip();
            return text.equals(PONG) ? Optional.empty() : Optional.of("PING was answered with '" + text + "'");
        } catch (IOException e) {
            return Optional.of("Redis at " + host + ":" + port + ": " + e.getMessage());
        }
    }
}
