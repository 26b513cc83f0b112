package dev.tidewheel.definitions;

/** A monitor, a rollout and a retraining of the flights' model in which every key is written. */
final class EveryKey {
    static final String MONITOR = """
            apiVersion: tidewheel.dev/v1
            kind: Monitor
            metadata:
              name: everything
            spec:
              model: late-arrival
              window: 1h
              features: [distance, origin_delays.mean_delay_3h]
              segments: [origin, destination]
              topSegments: 3
              labels: {coverage: 0.5, deadline: 3d, revise: 12h}
              minRows: 7
              rules:
                - name: nulls
                  of: [origin_delays.mean_delay_3h, '@prediction']
                  measure: null_share
                  threshold: calibrated
                  quantile: 0.95
                  direction: below
                  persistence: {k: 3, n: 4}
                  leave: 0.5
                  cooldown: 2h
                  severity: critical
                - {name: loss, measure: log_loss, threshold: baseline, share: 0.1}
                - {name: few, measure: rows, threshold: 50, direction: below}
                - {fixed: ks-0.1, name: gap, of: [distance], severity: info}
            """;
    static final String ROLLOUT = """
            apiVersion: tidewheel.dev/v1
            kind: Rollout
            metadata:
              name: quick
            spec:
              model: late-arrival
              shadow: {for: 2h, minRows: 5}
              canary: [{share: 0.1, for: 1h}]
              health: {monitor: everything, maxErrorShare: 0.5, maxP99: 250ms, minRows: 6}
              deadline: 5h
              watch: 4h
            """;
    static final String RETRAINING = """
            apiVersion: tidewheel.dev/v1
            kind: Retraining
            metadata:
              name: often
            spec:
              model: late-arrival
              triggers:
                schedule: {every: 12h, from: 2001-02-01T00:00:00Z}
                alerts: [{monitor: everything}, {monitor: everything, rule: gap}]
              training: {window: 9d}
              gate: {window: 1d, loss: brier, margin: 0.001, minRows: 11}
              cooldown: 13h
              budget: {runs: 2, per: 10d}
              rollout: quick
            """;
    static final String ALL = String.join("---\n", MONITOR, ROLLOUT, RETRAINING);

    private EveryKey() {}
}
