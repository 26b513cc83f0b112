package dev.tidewheel.endtoend;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Element;
import org.w3c.dom.Node;

/**
 * What a module's POM says about layering.
 *
 * @param folder below the repository's root
 * @param ours modules of this project that its main code depends on, without the prefix {@code tidewheel-}
 */
record ModulePom(String folder, String name, Set<String> ours) {
    private static final String PREFIX = "tidewheel-";

    static List<ModulePom> all(Repository repository) {
        Element root = document(repository.root().resolve("pom.xml"));
        return children(child(root, "modules"), "module").stream()
                .map(module -> read(repository, module.getTextContent().trim()))
                .toList();
    }

    private static ModulePom read(Repository repository, String folder) {
        Element project = document(repository.root().resolve(folder).resolve("pom.xml"));
        Set<String> ours = new TreeSet<>();
        for (Element dependency : children(child(project, "dependencies"), "dependency")) {
            String artifact = text(dependency, "artifactId");
            if (artifact.startsWith(PREFIX) && !text(dependency, "scope").equals("test")) {
                ours.add(artifact.substring(PREFIX.length()));
            }
        }
        return new ModulePom(folder, text(project, "artifactId").substring(PREFIX.length()), ours);
    }

    private static Element document(Path file) {
        try {
            return DocumentBuilderFactory.newInstance()
                    .newDocumentBuilder()
                    .parse(file.toFile())
                    .getDocumentElement();
        } catch (Exception e) {
            throw new IllegalStateException("cannot read " + file, e);
        }
    }

    private static List<Element> children(Element parent, String name) {
        List<Element> found = new ArrayList<>();
        for (Node node = parent.getFirstChild(); node != null; node = node.getNextSibling()) {
            if (node instanceof Element element && element.getTagName().equals(name)) {
                found.add(element);
            }
        }
        return found;
    }

    private static Element child(Element parent, String name) {
        List<Element> found = children(parent, name);
        return found.isEmpty() ? parent.getOwnerDocument().createElement(name) : found.get(0);
    }

    private static String text(Element parent, String name) {
        return child(parent, name).getTextContent().trim();
    }
}
