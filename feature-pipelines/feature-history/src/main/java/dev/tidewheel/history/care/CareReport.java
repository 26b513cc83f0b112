package dev.tidewheel.history.care;

import java.util.List;

/**
 * What care did to a table.
 *
 * @param table its name
 * @param releasedTags tags that were older than the policy lets them be
 * @param expired snapshots that went
 * @param filesFrom small files that were written together
 * @param filesInto what they became
 * @param manifests small manifests that were written together
 * @param orphans files removed that no snapshot named
 * @param orphanBytes their sizes together
 * @param conflicts commits of others that came between
 * @param unfinished what others' commits did not let through, and is left for the next time
 * @param health how the table is now
 */
public record CareReport(
        String table,
        List<String> releasedTags,
        int expired,
        int filesFrom,
        int filesInto,
        int manifests,
        int orphans,
        long orphanBytes,
        int conflicts,
        List<String> unfinished,
        TableHealth health) {
    public CareReport {
        releasedTags = List.copyOf(releasedTags);
        unfinished = List.copyOf(unfinished);
    }
}
