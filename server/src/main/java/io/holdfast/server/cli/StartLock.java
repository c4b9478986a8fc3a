// SPDX-License-Identifier: Apache-2.0
package io.holdfast.server.cli;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * The right to start a node. Two {@code up} at the same time would both find that it does not run, and start it twice: the
 * second process fails, and takes the record of the first one with it.
 *
 * <p>The operating system ends the lock with the process that has it. The file stays: to remove it would allow a second lock
 * on a file of the same name.
 */
final class StartLock implements AutoCloseable {
    private static final long POLL_MILLIS = 50;

    private final FileChannel channel;

    private StartLock(FileChannel channel) {
        this.channel = channel;
    }

    /**
     * Waits for the lock.
     *
     * @param file is created if it does not exist; its folder must exist
     * @param deadline by {@link System#nanoTime}
     * @param whenTaken is run once if another {@code up} has the lock
     * @return null if the lock was not released in time
     * @throws CommandFailedException if the file cannot be locked
     */
    static @Nullable StartLock acquire(Path file, long deadline, Runnable whenTaken) {
        boolean reported = false;
        while (true) {
            StartLock lock = tryAcquire(file);
            if (lock != null || System.nanoTime() - deadline >= 0) {
                return lock;
            }
            if (!reported) {
                reported = true;
                whenTaken.run();
            }
            ClusterConnection.sleep(POLL_MILLIS);
        }
    }

    private static @Nullable StartLock tryAcquire(Path file) {
        try {
            FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (isLocked(channel)) {
                return new StartLock(channel);
            }
            channel.close();
            return null;
        } catch (IOException e) {
            throw unusable(file, e);
        }
    }

    private static boolean isLocked(FileChannel channel) throws IOException {
        try {
            FileLock lock = channel.tryLock();
            return lock != null;
        } catch (OverlappingFileLockException e) {
            return false; // this program has it
        }
    }

    private static CommandFailedException unusable(Path file, IOException cause) {
        return new CommandFailedException(
                "the file " + file + ", by which only one `holdfast up` at a time starts a node, cannot be locked ("
                        + cause + "); make its folder writable",
                cause);
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new CommandFailedException("a lock of `holdfast up` was not released: " + e.getMessage(), e);
        }
    }
}
