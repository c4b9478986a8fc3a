// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Finds the name of this machine.
 *
 * <p>The operating system and the environment know it without a name server. Java's own way asks one for an address, which
 * takes ten seconds where none answers: it is the last resort, is tried once for all clients of the process, and nobody waits
 * for it longer than {@value #LOOK_UP_MILLIS} ms.
 *
 * <p>Safe for any thread.
 */
final class LocalHostName implements Supplier<String> {
    static final String UNKNOWN = "unknown";
    static final long LOOK_UP_MILLIS = 500;

    /** A longer one is no host name, and the cluster would refuse it. */
    private static final int MAX_LENGTH = 253;

    private static final Path LINUX = Path.of("/proc/sys/kernel/hostname");
    private static final LocalHostName OF_THIS_PROCESS =
            new LocalHostName(LocalHostName::withoutNameServer, LocalHostName::lookUp);

    private final Supplier<Optional<String>> known;
    private final FutureTask<String> lookUp;
    private @Nullable String found;
    private long waitUntil;
    private boolean begun;

    /**
     * Creates a finder.
     *
     * @param known the name, where it is known without a look-up
     * @param lookUp looks it up; may block
     */
    LocalHostName(Supplier<Optional<String>> known, Callable<String> lookUp) {
        this.known = known;
        this.lookUp = new FutureTask<>(lookUp);
    }

    /** Returns the one that all clients share. */
    static LocalHostName ofThisProcess() {
        return OF_THIS_PROCESS;
    }

    /** Returns the name; {@value #UNKNOWN} if it was not found in time. A thread that is interrupted does not wait. */
    @Override
    public synchronized String get() {
        if (found == null) {
            found = known.get().orElse(null);
        }
        return found == null ? awaitLookUp() : found;
    }

    private String awaitLookUp() {
        if (!begun) {
            begun = true;
            waitUntil = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(LOOK_UP_MILLIS);
            Thread thread = new Thread(lookUp, "holdfast-host-name");
            thread.setDaemon(true);
            thread.setContextClassLoader(null); // it may outlive the client, and must not keep the user's classes
            thread.start();
        }
        try {
            String name = lookUp.get(Math.max(0, waitUntil - System.nanoTime()), TimeUnit.NANOSECONDS);
            found = name;
            return name;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return UNKNOWN;
        } catch (TimeoutException e) {
            return UNKNOWN; // a later client gets what the look-up finds after all
        } catch (ExecutionException e) {
            found = UNKNOWN;
            return UNKNOWN;
        }
    }

    private static Optional<String> withoutNameServer() {
        return kernel().or(() -> variable("HOSTNAME")).or(() -> variable("COMPUTERNAME"));
    }

    private static Optional<String> kernel() {
        try {
            return Files.isReadable(LINUX) ? named(Files.readString(LINUX)) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty(); // there are other sources
        }
    }

    private static Optional<String> variable(String name) {
        return Optional.ofNullable(System.getenv(name)).flatMap(LocalHostName::named);
    }

    private static Optional<String> named(String text) {
        return Optional.of(text.strip()).filter(name -> !name.isEmpty() && name.length() <= MAX_LENGTH);
    }

    private static String lookUp() throws UnknownHostException {
        return InetAddress.getLocalHost().getHostName();
    }
}
