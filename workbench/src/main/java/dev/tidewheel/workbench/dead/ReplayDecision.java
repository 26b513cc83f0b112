package dev.tidewheel.workbench.dead;

import dev.tidewheel.definitions.Channels;
import dev.tidewheel.definitions.SourceInput;
import dev.tidewheel.records.DeadLetter;
import java.util.List;

/** What may be done with the record of a letter. */
public sealed interface ReplayDecision {

    /**
     * It may be sent again.
     *
     * @param note what to expect; empty if there is nothing to say
     */
    record Send(String note) implements ReplayDecision {}

    /** It must not be sent, or would not help. The reason names the remedy. */
    record Refuse(String reason) implements ReplayDecision {}

    /**
     * Decides. A record that is sent again stands at a new position and gets a new Kafka timestamp. With a declared event
     * id, views that have counted it recognise it; with a declared known time, it becomes visible when it was. Without
     * either it is another event, and only somebody who knows the source can say whether that is right.
     *
     * @param source who says how the topic's records are read
     * @param asNew whether somebody has said so
     * @param counted the lineages that have counted the record, though another refused it
     */
    static ReplayDecision of(DeadLetter letter, SourceInput source, boolean asNew, List<String> counted) {
        if (Channels.isImport(letter.getPartition())) {
            return new Refuse(
                    "it was imported and is in no topic; put right what is wrong with it, and import it alone");
        }
        return switch (letter.getReason()) {
            case HANDED_OVER ->
                new Refuse("it was known before source " + source.source()
                        + "'s handover, where what was imported counts; declare another handover if it does not");
            case LATE ->
                new Refuse(
                        "it was late by its own times and would be late again; declare a longer horizon for source "
                                + source.source()
                                + ", or for the union that it is in: its views then begin new lineages, which read it from the topic");
            case STATE_FREED ->
                new Refuse("the memory of its hour is freed, and would be again; a new lineage of its views reads it"
                        + " from the topic in its place");
            default -> resend(letter, source, asNew, counted);
        };
    }

    private static ReplayDecision resend(DeadLetter letter, SourceInput source, boolean asNew, List<String> counted) {
        if (source.format().isOfChanges()) {
            return new Refuse("source " + source.source()
                    + " tells changes of rows: one of them again, behind later ones, would be wrong; a new lineage of the"
                    + " views reads all of them in their order");
        }
        if (!asNew && source.eventId().isEmpty()) {
            return new Refuse("source " + source.source()
                    + " declares no event id: views that have counted the record would count it twice; say --as-new"
                    + " if none has, or declare spec.eventId");
        }
        if (source.eventId().isEmpty() && !counted.isEmpty()) {
            return new Refuse("source " + source.source() + " declares no event id, and " + String.join(", ", counted)
                    + " would count the record twice: what is sent again reaches all views; a new lineage of the view that"
                    + " refused it reads it from the topic in its place");
        }
        if (!asNew && source.knownTime().isEmpty()) {
            return new Refuse("source " + source.source()
                    + " declares no known time: the record would be known from now on, not from when it came; say"
                    + " --as-new if that is right, or declare spec.knownTime");
        }
        return new Send(
                switch (letter.getReason()) {
                    case FUTURE -> "refused again unless the source's futureLimit has changed since";
                    case EXPRESSION_ERROR -> "refused again unless the view has changed since";
                    case UNDECODABLE, NO_EVENT_TIME, NO_KNOWN_TIME, NO_EVENT_ID, NO_KEY ->
                        "refused again unless the source or the program has changed since";
                    default -> "";
                });
    }
}
