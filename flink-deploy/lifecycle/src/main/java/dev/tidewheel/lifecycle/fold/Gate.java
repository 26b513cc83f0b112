package dev.tidewheel.lifecycle.fold;

import dev.tidewheel.lifecycle.policy.GatePolicy;
import dev.tidewheel.lifecycle.state.Run;
import dev.tidewheel.lifecycle.state.Serving;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Whether a challenger may meet requests: on the same labelled rows its loss must be smaller than the champion's by more
 * than the margin. Everything that keeps this from being said refuses the challenger: the champion stays in doubt.
 */
final class Gate {
    private Gate() {}

    /** @param finding the sentence and the numbers that it follows from */
    record Verdict(boolean passed, Finding finding) {}

    static Verdict judge(Run run, Serving serving, Map<String, String> outputs) {
        String version = run.version();
        if (!outputs.getOrDefault("modelVersion", version).equals(version)) {
            return refused("the training of " + version + " made a version called " + outputs.get("modelVersion"));
        }
        if (!serving.champion().equals(Optional.of(run.champion()))) {
            return refused("challenger " + version + " was compared with " + run.champion()
                    + ", which is not champion any more");
        }
        String json = outputs.get("gate");
        Optional<List<GateFigures>> figures = Optional.ofNullable(json).flatMap(GateFigures::parse);
        return figures.map(all -> judge(run, serving, all))
                .orElseGet(() -> refused("challenger " + version + " came without readable figures of its gate"));
    }

    private static Verdict judge(Run run, Serving serving, List<GateFigures> figures) {
        Optional<GateFigures> challenger = of(run.version(), figures);
        Optional<GateFigures> champion = of(run.champion(), figures);
        if (challenger.isEmpty() || champion.isEmpty()) {
            return refused("challenger " + run.version() + " came without figures of "
                    + (challenger.isEmpty() ? "its own" : "champion " + run.champion()));
        }
        Optional<GateFigures> first = serving.first().flatMap(name -> of(name, figures));
        return judge(run.retraining().gate(), challenger.get(), champion.get(), first);
    }

    private static Verdict judge(
            GatePolicy policy, GateFigures challenger, GateFigures champion, Optional<GateFigures> first) {
        OptionalDouble ours = challenger.loss(policy.loss());
        OptionalDouble theirs = champion.loss(policy.loss());
        String who = "challenger " + challenger.version();
        if (ours.isEmpty() || theirs.isEmpty()) {
            return refused(who + " cannot be compared: " + policy.loss().spoken() + " of "
                    + (ours.isEmpty() ? challenger.version() : champion.version()) + " was not measured");
        }
        double better = theirs.getAsDouble() - ours.getAsDouble();
        String claim = Say.of(
                "%s has %s %s against %s of champion %s on %s",
                who,
                policy.loss().spoken(),
                Say.loss(ours.getAsDouble()),
                Say.loss(theirs.getAsDouble()),
                champion.version(),
                Say.rows(challenger.rows()));
        boolean same = challenger.rows() == champion.rows();
        boolean enough = challenger.rows() >= policy.minRows();
        boolean passed = same && enough && better > policy.margin();
        String verdict;
        if (!same) {
            verdict = "but the champion was judged on " + Say.rows(champion.rows()) + ", so they cannot be compared";
        } else if (!enough) {
            verdict = "but " + Say.rows(policy.minRows()) + " are needed";
        } else {
            verdict = (passed ? "better" : "not better") + " by more than " + policy.margin();
        }
        Finding finding = Finding.of(claim + ": " + verdict)
                .with("challenger_" + policy.loss().word(), ours.getAsDouble())
                .with("champion_" + policy.loss().word(), theirs.getAsDouble())
                .with("rows", challenger.rows())
                .with("champion_rows", champion.rows())
                .with("min_rows", policy.minRows())
                .with("margin", policy.margin());
        OptionalDouble firsts =
                first.map(figures -> figures.loss(policy.loss())).orElseGet(OptionalDouble::empty);
        return new Verdict(
                passed,
                firsts.isEmpty()
                        ? finding
                        : finding.with("first_" + policy.loss().word(), firsts.getAsDouble()));
    }

    private static Optional<GateFigures> of(String version, List<GateFigures> figures) {
        return figures.stream()
                .filter(one -> Objects.equals(one.version(), version))
                .findFirst();
    }

    private static Verdict refused(String why) {
        return new Verdict(false, Finding.of(why));
    }
}
