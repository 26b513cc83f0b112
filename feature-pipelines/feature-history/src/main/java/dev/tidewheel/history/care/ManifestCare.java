package dev.tidewheel.history.care;

import java.util.function.Predicate;
import org.apache.iceberg.ManifestFile;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableProperties;
import org.apache.iceberg.util.PropertyUtil;

/** Writes small manifests together: a plan reads each of them. */
final class ManifestCare {
    private final int most;

    /** @param most from so many small ones on it is worth a commit */
    ManifestCare(int most) {
        this.most = most;
    }

    /** How many manifests went into fewer; 0 if there was nothing to do. */
    int rewrite(Table table) {
        if (table.currentSnapshot() == null) {
            return 0;
        }
        long full = PropertyUtil.propertyAsLong(
                table.properties(),
                TableProperties.MANIFEST_TARGET_SIZE_BYTES,
                TableProperties.MANIFEST_TARGET_SIZE_BYTES_DEFAULT);
        Predicate<ManifestFile> small = manifest -> manifest.length() < full / 2;
        int found = Math.toIntExact(table.currentSnapshot().dataManifests(table.io()).stream()
                .filter(small)
                .count());
        if (found < most) {
            return 0;
        }
        table.rewriteManifests()
                .clusterBy(file -> "")
                .rewriteIf(small)
                .set(CareMark.PROPERTY, "manifests")
                .commit();
        return found;
    }
}
