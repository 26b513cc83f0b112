package dev.tidewheel.definitions;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** {@code docs/values.md}: the definitions on it, and its tables of what reads give. */
final class ValuesPage {
    private static final Path PAGE = Path.of("../../docs/values.md");
    private static final Pattern EXAMPLE = Pattern.compile("```yaml\n(apiVersion.*?)```", Pattern.DOTALL);

    private final String text;

    ValuesPage() throws IOException {
        text = Files.readString(PAGE);
    }

    /** All definitions of the page, loaded from a file in the folder. */
    Definitions definitions(Path folder) throws IOException {
        String examples = EXAMPLE.matcher(text)
                .results()
                .map(MatchResult::group)
                .map(fenced -> fenced.substring("```yaml\n".length(), fenced.length() - "```".length()))
                .collect(Collectors.joining("---\n"));
        Files.writeString(folder.resolve("page.yaml"), examples);
        return Definitions.load(folder).orThrow();
    }

    /** The rows of the one table that has a column of this name first, by the names of the columns. */
    List<Map<String, String>> table(String firstColumn) {
        List<List<String>> rows = text.lines()
                .dropWhile(line -> !line.startsWith("| " + firstColumn + " |"))
                .takeWhile(line -> line.startsWith("|"))
                .map(ValuesPage::cells)
                .toList();
        return rows.stream().skip(2).map(row -> named(rows.get(0), row)).toList();
    }

    private static List<String> cells(String line) {
        return Arrays.stream(line.split("\\|"))
                .skip(1)
                .map(cell -> cell.strip().replace("`", ""))
                .toList();
    }

    private static Map<String, String> named(List<String> names, List<String> cells) {
        Map<String, String> row = new LinkedHashMap<>();
        for (int i = 0; i < names.size(); i++) {
            row.put(names.get(i), cells.get(i));
        }
        return row;
    }
}
