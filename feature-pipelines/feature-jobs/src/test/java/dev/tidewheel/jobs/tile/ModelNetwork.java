package dev.tidewheel.jobs.tile;

import dev.tidewheel.jobs.tile.ModelMet.Event;
import dev.tidewheel.records.Frontier;
import dev.tidewheel.store.FeatureWriter.Outcome;
import dev.tidewheel.store.StoreRefusedException;
import dev.tidewheel.store.StoreUnavailableException;
import dev.tidewheel.store.StoredState;
import dev.tidewheel.store.ViewKey;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;

/**
 * What was sent and has not been answered. Calls overtake each other; they or their answers get lost, they are done in
 * part, and done again later.
 */
final class ModelNetwork {

    /** Something that happens at the other end. */
    private abstract static class Call {
        final ModelSubtask sender;

        Call(ModelSubtask sender) {
            this.sender = sender;
        }

        /** It arrives; the answer may get lost. */
        abstract void deliver(boolean faulty);

        /** It arrives, and nobody is there any more to be answered. */
        void deliverForNobody() {}
    }

    private final ModelRun run;
    private final Random random;
    private final List<Call> calls = new ArrayList<>();

    ModelNetwork(ModelRun run, Random random) {
        this.run = run;
        this.random = random;
    }

    boolean isEmpty() {
        return calls.isEmpty();
    }

    /**
     * Delivers any call.
     *
     * @param faulty whether it may go wrong
     */
    void deliver(boolean faulty) {
        if (calls.isEmpty()) {
            return;
        }
        Call call = calls.remove(random.nextInt(calls.size()));
        if (!call.sender.isDead()) {
            call.deliver(faulty);
        } else if (random.nextBoolean()) {
            call.deliverForNobody();
        }
    }

    private <T> ModelFuture<T> future(ModelSubtask owner) {
        return new ModelFuture<>(run, owner);
    }

    CompletableFuture<Void> pause(ModelSubtask sender) {
        ModelFuture<Void> answer = future(sender);
        calls.add(new Call(sender) {
            @Override
            void deliver(boolean faulty) {
                answer.complete(null);
            }
        });
        return answer;
    }

    CompletableFuture<String> identity(ModelSubtask sender) {
        ModelFuture<String> answer = future(sender);
        calls.add(new Call(sender) {
            @Override
            void deliver(boolean faulty) {
                if (faulty && random.nextInt(12) == 0) {
                    answer.completeExceptionally(new StoreUnavailableException("no answer", null));
                } else {
                    answer.complete(
                            run.mistake() == ModelMistake.TRUSTS_ANY_STORE
                                    ? "store"
                                    : run.store().identity());
                }
            }
        });
        return answer;
    }

    /** @param late whether it is answered before it is done, which would be a mistake */
    CompletableFuture<Void> publish(ModelSubtask sender, Frontier frontier, boolean late) {
        ModelFuture<Void> answer = future(sender);
        if (late) {
            answer.complete(null);
        }
        calls.add(new Call(sender) {
            @Override
            void deliver(boolean faulty) {
                if (faulty && random.nextInt(60) == 0) {
                    run.trace("%s of %s is lost for good", frontier.getPhase(), sender);
                    run.met(Event.FRONTIER_LOST);
                    answer.completeExceptionally(new IllegalStateException("the broker took no record"));
                    return;
                }
                deliverForNobody();
                if (faulty && random.nextInt(10) == 0) {
                    run.met(Event.FRONTIER_TWICE);
                    deliverForNobody();
                }
                answer.complete(null);
            }

            @Override
            void deliverForNobody() {
                run.published(sender, frontier);
            }
        });
        return answer;
    }

    /** @param early whether it is answered before it is done, which would be a mistake */
    CompletableFuture<Outcome> write(ModelSubtask sender, Map<ViewKey, StoredState> batch, boolean early) {
        ModelFuture<Outcome> answer = future(sender);
        if (early) {
            answer.complete(new Outcome(batch.size(), 0));
        }
        calls.add(new Call(sender) {
            @Override
            void deliver(boolean faulty) {
                int dice = faulty ? random.nextInt(24) : 24;
                if (dice == 0) {
                    run.met(Event.WRITE_REFUSED);
                    answer.completeExceptionally(new StoreRefusedException("read only", null));
                } else if (dice == 1) {
                    answer.completeExceptionally(new StoreUnavailableException("did not arrive", null));
                } else if (dice == 2) {
                    run.met(Event.WRITE_IN_PART);
                    run.write(sender, part(batch));
                    answer.completeExceptionally(new StoreUnavailableException("arrived in part", null));
                } else if (dice == 3) {
                    run.met(Event.ANSWER_LOST);
                    run.write(sender, batch);
                    answer.completeExceptionally(new StoreUnavailableException("the answer is lost", null));
                } else {
                    Outcome outcome = run.write(sender, batch);
                    if (dice == 4) {
                        run.met(Event.WRITE_AGAIN_LATER);
                        again(sender, batch);
                    }
                    answer.complete(outcome);
                }
            }

            @Override
            void deliverForNobody() {
                run.write(sender, random.nextBoolean() ? batch : part(batch));
            }
        });
        return answer;
    }

    /** A command that the client had sent twice, and that comes a second time whenever it likes. */
    private void again(ModelSubtask sender, Map<ViewKey, StoredState> batch) {
        calls.add(new Call(sender) {
            @Override
            void deliver(boolean faulty) {
                deliverForNobody();
            }

            @Override
            void deliverForNobody() {
                run.write(sender, batch);
            }
        });
    }

    private Map<ViewKey, StoredState> part(Map<ViewKey, StoredState> batch) {
        Map<ViewKey, StoredState> part = new LinkedHashMap<>(batch);
        part.keySet().removeIf(key -> random.nextBoolean());
        return part;
    }
}
