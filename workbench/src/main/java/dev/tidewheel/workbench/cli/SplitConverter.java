package dev.tidewheel.workbench.cli;

import dev.tidewheel.history.questions.Moments.Split;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Parts of a training set: {@code train=2001-01-08..2001-01-29}, the end not included. */
final class SplitConverter implements ITypeConverter<Split> {
    @Override
    public Split convert(String text) {
        int equals = text.indexOf('=');
        int dots = text.indexOf("..");
        if (equals < 1 || dots < equals) {
            throw new TypeConversionException("'" + text + "' is no split: write train=2001-01-08..2001-01-29");
        }
        try {
            return new Split(
                    text.substring(0, equals),
                    MomentConverter.moment(text.substring(equals + 1, dots)).toEpochMilli(),
                    MomentConverter.moment(text.substring(dots + 2)).toEpochMilli());
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException(e.getMessage());
        }
    }
}
