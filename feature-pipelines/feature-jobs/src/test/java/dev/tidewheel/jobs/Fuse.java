package dev.tidewheel.jobs;

import dev.tidewheel.feature.expression.function.PureFunction;
import dev.tidewheel.feature.row.ColumnType;
import dev.tidewheel.feature.row.Row;
import java.util.List;
import java.util.Random;

/**
 * {@code test.fuse(n)} is n, until it has been asked often enough: then the task that asks dies, in the middle of a
 * record. A crash at a random record, in code that no test had to change.
 */
public final class Fuse implements PureFunction {
    private static final Object LOCK = new Object();
    private static Random random = new Random(0);
    private static int blows;
    private static int left;
    private static int blown;

    /** No exception: those are errors of a row. */
    private static final class Blown extends Error {
        private static final long serialVersionUID = 1L;

        Blown(int call) {
            super("the fuse has blown for the " + call + ". time, on purpose");
        }
    }

    /** From now on it blows so many times, each after at most {@code calls} calls. */
    static void arm(long seed, int times, int calls) {
        synchronized (LOCK) {
            random = new Random(seed);
            blows = times;
            blown = 0;
            left = 1 + random.nextInt(calls);
        }
    }

    /** The same, the first time after exactly so many calls. */
    static void armAt(long seed, int times, int calls) {
        synchronized (LOCK) {
            arm(seed, times, 1);
            left = calls;
        }
    }

    /** It blows no more. Says how often it has. */
    static int disarm() {
        synchronized (LOCK) {
            blows = 0;
            return blown;
        }
    }

    @Override
    public String name() {
        return "test.fuse";
    }

    @Override
    public int version() {
        return 1;
    }

    @Override
    public List<ColumnType> parameters() {
        return List.of(ColumnType.INT64);
    }

    @Override
    public ColumnType result() {
        return ColumnType.INT64;
    }

    @Override
    public void apply(Row arguments, Row out) {
        synchronized (LOCK) {
            if (blows > 0 && --left <= 0) {
                blows--;
                left = 1 + random.nextInt(200);
                throw new Blown(++blown);
            }
        }
        out.setLong(0, arguments.getLong(0));
    }
}
