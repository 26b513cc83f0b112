package dev.tidewheel.lifecycle;

/** Definitions as the registry holds them. */
public final class Bodies {
    private Bodies() {}

    public static final String ROLLOUT = """
            {"apiVersion":"tidewheel.dev/v1","kind":"Rollout","metadata":{"name":"careful"},"spec":{
             "model":"late-arrival","shadow":{"for":"1d","minRows":1000},
             "canary":[{"share":0.05,"for":"6h"},{"share":0.25,"for":"6h"}],
             "health":{"monitor":"health","maxErrorShare":0.01,"maxP99":"1s","minRows":20},
             "deadline":"3d","watch":"2d"}}""";

    /** With a schedule and an alert. */
    public static final String WEEKLY = """
            {"apiVersion":"tidewheel.dev/v1","kind":"Retraining","metadata":{"name":"weekly"},"spec":{
             "model":"late-arrival",
             "triggers":{"schedule":{"every":"7d","from":"2001-02-05T06:00:00Z"},
                         "alerts":[{"monitor":"daily","rule":"drift"}]},
             "training":{"window":"28d"},
             "gate":{"window":"3d","loss":"log_loss","margin":0.0,"minRows":2000},
             "cooldown":"3d","budget":{"runs":4,"per":"28d"},"rollout":"careful"}}""";

    /** Started by an alert alone. */
    public static final String STORM = """
            {"apiVersion":"tidewheel.dev/v1","kind":"Retraining","metadata":{"name":"storm"},"spec":{
             "model":"late-arrival","triggers":{"alerts":[{"monitor":"daily","rule":"label-share"}]},
             "training":{"window":"4d"},
             "gate":{"window":"3d","loss":"log_loss","margin":0.0,"minRows":2000},
             "cooldown":"3d","budget":{"runs":2,"per":"28d"},"rollout":"careful"}}""";

    public static String alias(String version) {
        return "{\"model\":\"late-arrival\",\"version\":\"" + version + "\"}";
    }
}
