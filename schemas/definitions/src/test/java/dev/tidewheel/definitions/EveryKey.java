package dev.tidewheel.definitions;

/** A view of the flights, and a monitor, a rollout and a retraining of their model, in which every key is written. */
final class EveryKey {
    static final String VIEW = """
            apiVersion: tidewheel.dev/v1
            kind: FeatureView
            metadata:
              name: all_windows
            spec:
              source: flights
              entity: [origin]
              where: 'distance > 0'
              columns:
                - {name: late, expression: 'delay > 15'}
              features:
                - name: delay
                  aggregate: quantile
                  of: delay
                  where: late
                  windows: [7d, lifetime, {tumbling: 1d}, {hopping: 2h, every: 30m}, {session: 45m, maxLength: 1d}, {rows: 3}]
                  resolution: 1d
                  parameters: {q: [0.25], accuracy: 0.02}
                - {name: flights, aggregate: count, windows: [3h], resolution: 0, maxEvents: 2}
              lookup: {columns: [destination, late], ttl: 30d}
              headSpan: 20s
              headEntries: 16
            limits: {bytesPerKey: 64KiB, bytesPerEvent: 8KiB, mergesPerRead: 2000}
            tests:
              - name: more events than an exact window holds, and one that sessions cannot take back
                events:
                  - {flight_id: 1, date: 2001-02-01T08:00:00Z, landing: 2001-02-01T10:00:00Z, origin: ORD, destination: LAX, distance: 600, delay: 30}
                  - {flight_id: 2, date: 2001-02-01T09:00:00Z, landing: 2001-02-01T09:45:00Z, origin: ORD, destination: STL, distance: 60, delay: 20}
                  - {flight_id: 3, date: 2001-02-01T08:30:00Z, landing: 2001-02-01T10:15:00Z, origin: ORD, destination: STL, distance: 60, delay: 20}
                  - {flight_id: 2, date: 2001-02-01T09:00:00Z, landing: 2001-02-01T10:30:00Z, origin: ORD, destination: STL, distance: 60, delay: 20, _delete: true}
                expect:
                  - {key: {origin: ORD}, at: 2001-02-01T10:00:00Z, values: {flights_3h: 2, destination: STL, late: true}, statuses: {flights_3h: OK, delay_tumbling_1d: NULL}}
                  - {key: {origin: ORD}, at: 2001-02-01T10:15:00Z, values: {flights_3h: null}, statuses: {flights_3h: TRUNCATED}}
                  - {key: {origin: ORD}, at: 2001-02-01T11:36:00Z, values: {flights_3h: 1}}
            """;
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
