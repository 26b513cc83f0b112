package dev.tidewheel.workbench.data;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Base64;
import java.util.Objects;
import java.util.Set;
import java.util.zip.GZIPInputStream;

/**
 * Fetches all three million flights: downloads one published archive, checks its digest before anything in it is
 * read, takes one file out and imports it. Nothing is left behind on failure.
 *
 * <p>Blocks the calling thread; safe to run again after any failure.
 */
public final class FlightsFetch {

    /** Where public npm packages are downloaded from, unless the user names a mirror. */
    public static final URI PUBLIC_REGISTRY = URI.create("https://registry.npmjs.org");

    private static final Duration CONNECT_DEADLINE = Duration.ofSeconds(20);
    private static final Duration DOWNLOAD_DEADLINE = Duration.ofMinutes(10);
    private static final int ATTEMPTS = 3;
    private static final long MAX_ARCHIVE_BYTES = 64L << 20;
    private static final long MAX_ENTRY_BYTES = 64L << 20;

    /**
     * The archive and the file wanted from it.
     *
     * @param path path of the archive below the registry's address, without a leading slash
     * @param integrity {@code sha512-} and the base64 digest of the archive
     * @param entry path of the file inside the archive
     */
    public record Archive(String path, String integrity, String entry) {

        /** vega-datasets 3.2.1: US DOT flights of the first half of 2001. */
        public static final Archive VEGA_DATASETS = new Archive(
                "vega-datasets/-/vega-datasets-3.2.1.tgz",
                "sha512-lTSwZA6yq6qSU2YZm+6bqILiIvTPPxn4itir7jPGFmHIdPvUfQ9pCzzcrklYywMJgLUbaIeSkZQdiJd6wBxPug==",
                "package/data/flights-3m.parquet");

        /** Checks the form of the digest. */
        public Archive {
            Objects.requireNonNull(path, "path");
            Objects.requireNonNull(entry, "entry");
            if (!integrity.startsWith("sha512-")) {
                throw new IllegalArgumentException("an archive is checked by sha512, not by: " + integrity);
            }
        }
    }

    private final URI registry;
    private final Archive archive;

    /**
     * A fetch that has not started.
     *
     * @param registry base address, {@link #PUBLIC_REGISTRY} or a mirror of it
     */
    public FlightsFetch(URI registry, Archive archive) {
        this.registry = Objects.requireNonNull(registry, "registry");
        this.archive = Objects.requireNonNull(archive, "archive");
    }

    /**
     * Downloads, checks and imports.
     *
     * @param target the flights file to write; replaced in one step
     * @param origins airports of departure to keep; empty keeps all
     * @return the number of flights written
     * @throws IOException if the archive cannot be downloaded, is not the expected one, or cannot be read
     */
    public long run(Path target, Set<String> origins) throws IOException, InterruptedException {
        Path folder = Objects.requireNonNull(target.toAbsolutePath().getParent(), "target's folder");
        Files.createDirectories(folder);
        Path download = Files.createTempFile(folder, "flights-", ".tgz");
        Path published = Files.createTempFile(folder, "flights-", ".parquet");
        try {
            download(download);
            extract(download, published);
            return FlightsImport.run(published, target, origins);
        } finally {
            Files.deleteIfExists(download);
            Files.deleteIfExists(published);
        }
    }

    private void download(Path target) throws IOException, InterruptedException {
        URI address = URI.create(registry.toString().replaceAll("/+$", "") + "/" + archive.path());
        HttpClient client = HttpClient.newBuilder()
                .connectTimeout(CONNECT_DEADLINE)
                .followRedirects(HttpClient.Redirect.NORMAL)
                .build();
        for (int attempt = 1; ; attempt++) {
            try {
                download(client, address, target);
                return;
            } catch (RefusedException e) {
                throw e;
            } catch (IOException e) {
                if (attempt == ATTEMPTS) {
                    throw new IOException(
                            "could not download " + address + " in " + ATTEMPTS + " attempts (" + e.getMessage()
                                    + "); check the network, or name a mirror of the registry",
                            e);
                }
            }
        }
    }

    private void download(HttpClient client, URI address, Path target) throws IOException, InterruptedException {
        HttpRequest request =
                HttpRequest.newBuilder(address).timeout(DOWNLOAD_DEADLINE).build();
        HttpResponse<InputStream> response = client.send(request, HttpResponse.BodyHandlers.ofInputStream());
        try (InputStream body = response.body()) {
            if (response.statusCode() / 100 == 5) {
                throw new IOException("the server answered " + response.statusCode());
            }
            if (response.statusCode() != 200) {
                throw new RefusedException(address + " answered " + response.statusCode()
                        + "; check the address of the registry or of its mirror");
            }
            String digest = copy(body, target);
            if (!digest.equals(archive.integrity())) {
                throw new RefusedException(address + " is not the expected archive: expected " + archive.integrity()
                        + ", received " + digest + "; nothing was read from it");
            }
        }
    }

    private static String copy(InputStream body, Path target) throws IOException {
        MessageDigest sha512 = sha512();
        try (OutputStream out = new DigestOutputStream(Files.newOutputStream(target), sha512)) {
            byte[] buffer = new byte[1 << 16];
            long total = 0;
            for (int n = body.read(buffer); n >= 0; n = body.read(buffer)) {
                total += n;
                if (total > MAX_ARCHIVE_BYTES) {
                    throw new RefusedException("the archive is larger than " + MAX_ARCHIVE_BYTES + " bytes");
                }
                out.write(buffer, 0, n);
            }
        }
        return "sha512-" + Base64.getEncoder().encodeToString(sha512.digest());
    }

    private void extract(Path download, Path target) throws IOException {
        try (InputStream in = new GZIPInputStream(Files.newInputStream(download))) {
            new TarEntry(archive.entry(), MAX_ENTRY_BYTES).copy(in, target);
        }
    }

    private static MessageDigest sha512() {
        try {
            return MessageDigest.getInstance("SHA-512");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has SHA-512", e);
        }
    }

    /** Asking again would give the same answer. */
    private static final class RefusedException extends IOException {
        private static final long serialVersionUID = 1L;

        RefusedException(String message) {
            super(message);
        }
    }
}
