package dev.tidewheel.workbench.terminal;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What Ctrl-C does. A shutdown hook comes too late for a report: libraries close their thread pools in hooks of their
 * own. So the signal itself is taken: the first one is handed on, the second one ends this process.
 */
public final class Interrupts {
    private static final Logger LOG = LoggerFactory.getLogger(Interrupts.class);

    private Interrupts() {}

    /**
     * From now on the first Ctrl-C calls this.
     *
     * @param first must be quick: it runs in the signal's own thread
     */
    public static void onFirst(Runnable first) {
        AtomicBoolean seen = new AtomicBoolean();
        handle("INT", () -> {
            if (seen.compareAndSet(false, true)) {
                first.run();
            } else {
                System.exit(ExitCode.INTERRUPTED);
            }
        });
    }

    /** By reflection: the class is supported, but every use of it in source is a warning. */
    private static void handle(String name, Runnable action) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handlerType = Class.forName("sun.misc.SignalHandler");
            InvocationHandler calls = (proxy, method, arguments) -> {
                if (method.getName().equals("handle")) {
                    action.run();
                    return null;
                }
                return method.invoke(action, arguments);
            };
            Object handler = Proxy.newProxyInstance(handlerType.getClassLoader(), new Class<?>[] {handlerType}, calls);
            signal.getMethod("handle", signal, handlerType)
                    .invoke(null, signal.getConstructor(String.class).newInstance(name), handler);
        } catch (ReflectiveOperationException e) {
            LOG.warn("Ctrl-C will end this process at once, without a report", e);
        }
    }
}
