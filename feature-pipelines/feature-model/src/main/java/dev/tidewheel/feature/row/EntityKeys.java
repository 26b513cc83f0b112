package dev.tidewheel.feature.row;

import java.util.List;

/** The canonical text of an entity's key: its column values joined by '|', with '\' and '|' escaped by '\'. */
public final class EntityKeys {
    private EntityKeys() {}

    /** Joins the values of the key columns, in the view's order. */
    public static String join(List<String> values) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < values.size(); i++) {
            if (i > 0) {
                text.append('|');
            }
            text.append(values.get(i).replace("\\", "\\\\").replace("|", "\\|"));
        }
        return text.toString();
    }
}
