package dev.tidewheel.historyjobs;

import dev.tidewheel.history.spill.Spilling;
import java.nio.file.Path;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.runtime.execution.Environment;

/** How much of a TaskManager's memory a task may fill with rows, and where the rest goes. */
final class SlotMemory {
    private SlotMemory() {}

    /** One task's share: those of all views may run in a slot at once. */
    static Spilling of(Environment environment, BatchOrder order) {
        String folder = environment.getIOManager().getSpillingDirectoriesPaths()[0];
        int slots = environment.getTaskManagerInfo().getConfiguration().get(TaskManagerOptions.NUM_TASK_SLOTS);
        Spilling ofSlot = order.memoryBytes() > 0
                ? new Spilling(order.memoryBytes(), Path.of(folder))
                : Spilling.into(Path.of(folder)).share(slots);
        return ofSlot.share(order.views());
    }
}
