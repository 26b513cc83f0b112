package dev.tidewheel.feature.expression.function;

import dev.tidewheel.feature.row.ColumnType;
import dev.tidewheel.feature.row.Row;
import java.util.Collections;
import java.util.List;

/**
 * {@code geo.distance(latitude, longitude, latitude, longitude)}: kilometres between two places along the surface of a
 * sphere of the Earth's mean radius, by the haversine formula.[^1] Arguments are degrees. The Earth is no sphere: up to
 * 0.6 % of the distance may be missing or too much. NaN or an infinity gives NaN.
 *
 * <p>[^1] R. W. Sinnott, "Virtues of the Haversine", Sky and Telescope 68 (2), 1984, p. 159. The radius is R₁ of the
 * International Union of Geodesy and Geophysics, 6371.0088 km.
 */
public final class GeoDistance implements PureFunction {
    private static final double RADIUS_KILOMETRES = 6371.0088;

    @Override
    public String name() {
        return "geo.distance";
    }

    @Override
    public int version() {
        return 1;
    }

    @Override
    public List<ColumnType> parameters() {
        return Collections.nCopies(4, ColumnType.FLOAT64);
    }

    @Override
    public ColumnType result() {
        return ColumnType.FLOAT64;
    }

    @Override
    public void apply(Row arguments, Row out) {
        double from = StrictMath.toRadians(arguments.getDouble(0));
        double to = StrictMath.toRadians(arguments.getDouble(2));
        double north = StrictMath.sin((to - from) / 2);
        double east = StrictMath.sin(StrictMath.toRadians(arguments.getDouble(3) - arguments.getDouble(1)) / 2);
        double haversine = north * north + StrictMath.cos(from) * StrictMath.cos(to) * east * east;
        // Rounding may carry the haversine of antipodes beyond 1.
        out.setDouble(0, 2 * RADIUS_KILOMETRES * StrictMath.asin(StrictMath.sqrt(Math.min(1, haversine))));
    }
}
