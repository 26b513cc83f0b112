package dev.tidewheel.workbench.stack;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FreePortsTest {
    @Test
    void givesNoPortThatIsTakenAndNoneTwice() throws Exception {
        int first = new FreePorts(new Random(1)).next();
        FreePorts sameChoices = new FreePorts(new Random(1));
        try (ServerSocket taken = new ServerSocket(first, 1, InetAddress.getLoopbackAddress())) {
            assertThat(sameChoices.next()).isNotEqualTo(taken.getLocalPort()).isBetween(20_000, 31_999);
        }
    }
}
