package dev.tidewheel.runtime.config;

import dev.tidewheel.runtime.config.ConfigNode.Place;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/** YAML text to {@link ConfigNode}s, with placeholders resolved. One instance per file. */
final class ConfigReader {
    private static final int MAX_DEPTH = 20;

    private final String file;
    private final Function<String, String> placeholders;

    /** @param placeholders replaces what stands in a scalar; complains by IllegalArgumentException */
    ConfigReader(String file, Function<String, String> placeholders) {
        this.file = file;
        this.placeholders = placeholders;
    }

    ConfigNode read(String yaml) {
        LoadSettings settings = LoadSettings.builder()
                .setLabel(file)
                .setAllowDuplicateKeys(false)
                .build();
        try {
            Optional<Node> root = new Compose(settings).composeString(yaml);
            return root.map(node -> convert(node, 0))
                    .orElseGet(() -> new ConfigNode.Text(new Place(file, 1, 1), "", true, false));
        } catch (MarkedYamlEngineException e) {
            Place place = e.getProblemMark().map(this::place).orElse(new Place(file, 1, 1));
            throw new ConfigException(place + ": not YAML: " + e.getProblem(), e);
        }
    }

    private ConfigNode convert(Node node, int depth) {
        Place place = node.getStartMark().map(this::place).orElse(new Place(file, 1, 1));
        if (depth > MAX_DEPTH) {
            throw new ConfigException(place + ": nested deeper than " + MAX_DEPTH + " levels");
        }
        if (node instanceof ScalarNode scalar) {
            return text(scalar, place);
        }
        if (node instanceof SequenceNode sequence) {
            List<ConfigNode> items = new ArrayList<>();
            sequence.getValue().forEach(item -> items.add(convert(item, depth + 1)));
            return new ConfigNode.Items(place, items);
        }
        return entries((MappingNode) node, place, depth);
    }

    private ConfigNode text(ScalarNode scalar, Place place) {
        if (scalar.getTag().equals(Tag.NULL)) {
            return new ConfigNode.Text(place, "", true, false);
        }
        try {
            String text = placeholders.apply(scalar.getValue());
            return new ConfigNode.Text(place, text, false, !text.equals(scalar.getValue()));
        } catch (IllegalArgumentException e) {
            throw new ConfigException(place + ": " + e.getMessage(), e);
        }
    }

    private ConfigNode entries(MappingNode mapping, Place place, int depth) {
        Map<String, ConfigNode> values = new LinkedHashMap<>();
        Map<String, Place> places = new LinkedHashMap<>();
        for (NodeTuple entry : mapping.getValue()) {
            Place keyPlace = entry.getKeyNode().getStartMark().map(this::place).orElse(place);
            if (!(entry.getKeyNode() instanceof ScalarNode key)) {
                throw new ConfigException(keyPlace + ": a key must be a plain word");
            }
            if (values.put(key.getValue(), convert(entry.getValueNode(), depth + 1)) != null) {
                throw new ConfigException(keyPlace + ": key '" + key.getValue() + "' is given twice; remove one");
            }
            places.put(key.getValue(), keyPlace);
        }
        return new ConfigNode.Entries(place, values, places);
    }

    private Place place(Mark mark) {
        return new Place(file, mark.getLine() + 1, mark.getColumn() + 1);
    }
}
