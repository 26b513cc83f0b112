package dev.tidewheel.feature.chain;

import dev.tidewheel.feature.change.Change;
import dev.tidewheel.feature.change.EventId;

/**
 * The ids of a changelog's records, as texts: of the change that a record tells of, whether it took its row away, and the
 * upstream's key. So the same change is the same record however often it is told, and one id that came under two keys is
 * two records. The texts sort (by UTF-16 unit) as the upstream sorts its ids: ties mean the same in both views.
 *
 * <p>Their form: the id's text, in which characters up to {@code '!'} are written as {@code '!'} and two hex digits; a
 * space, which is less than any of what may stand in its place; both numbers, see {@link #number}; {@code '-'} for a row
 * that was taken away, {@code '.'} for one that was added; the key.
 */
final class ChangelogIds {
    private static final char ESCAPE = '!';
    private static final char END = ' ';

    private ChangelogIds() {}

    /** The id of the record that tells of a change of a key. */
    static EventId of(Change change, String key) {
        EventId id = change.id();
        StringBuilder text = new StringBuilder(key.length() + 16);
        escaped(id.text(), text);
        text.append(END);
        number(id.high(), text);
        number(id.low(), text);
        return EventId.of(
                text.append(change.retraction() ? '-' : '.').append(key).toString());
    }

    private static void escaped(String text, StringBuilder out) {
        for (int i = 0; i < text.length(); i++) {
            char unit = text.charAt(i);
            if (unit > ESCAPE) {
                out.append(unit);
            } else {
                out.append(ESCAPE).append(Character.forDigit(unit >> 4, 16)).append(Character.forDigit(unit & 15, 16));
            }
        }
    }

    /** How many digits there are, from {@code 'a'} for one on, then the digits; of a negative number, {@code '0'} and 16 hex digits. */
    private static void number(long number, StringBuilder out) {
        if (number < 0) {
            out.append('0').append(String.format("%016x", number ^ Long.MIN_VALUE));
        } else {
            String digits = Long.toString(number);
            out.append((char) ('a' + digits.length() - 1)).append(digits);
        }
    }
}
